import { release } from '../../lib/mlflow/releases';
import { runOnApplication } from './flask-application';
import { firstAndLast } from './tools';

/** Which routes of MLflow need no login below a static prefix, although releases decide that by how a path begins. */

/** Without anything of a user. */
const OPEN = ['_get_server_info', 'health', 'serve_static_file', 'static'];

const prefixes = ['/static-ui', '/static', '/healthy', '/favicon.ico/x', '/mlflow'];

describe.each(firstAndLast)('MLflow %s', (version) => {
  test.each(prefixes)('asks for a login below %s', async (prefix) => {
    const found = await runOnApplication(version, ['open_paths.py'], { _MLFLOW_STATIC_PREFIX: prefix });
    const names = new Set(found.map(({ values }) => values[0]));
    expect([...names].filter((name) => !OPEN.includes(String(name)))).toEqual([]);
    // The files of the web page are found by the same rule as the health page.
    expect(names.has('serve_static_file')).toBe(prefix !== '/mlflow' || release(version).can('openPrefixedHealth'));
  });
});
