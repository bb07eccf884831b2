import { temporaryFolder } from '../support/temporary-folder';
import { runOnApplication } from './flask-application';
import { firstAndLast } from './tools';

/** Who gets the files of rows that name a foreign location, as users could create them before they were refused. */

interface Answer {
  readonly user: 'user' | 'admin';
  /** Such as "list". */
  readonly what: string;
  readonly thing: 'run' | 'logged model' | 'version' | 'trace';
  /** Own: below the artifact root. Its own: where MLflow would put the files of this thing. */
  readonly kind: 'foreign' | 'bucket' | 'own' | 'its own';
  readonly location: string;
  readonly status: number;
  readonly shown: boolean;
}

/** A store that answers nothing. */
const store = {
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
  MLFLOW_S3_ENDPOINT_URL: 'http://127.0.0.1:9',
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0',
};

async function answers(version: string, way: 'stock' | 'checked'): Promise<readonly Answer[]> {
  const lines = await runOnApplication(version, ['foreign_rows.py', way, temporaryFolder()], store);
  return lines.map(({ values: [user, what, thing, kind, location, status, shown] }) => {
    return { user, what, thing, kind, location, status, shown } as Answer;
  });
}

/**
 * In another bucket MLflow names the folders of runs and logged models. Of versions and traces, users named the location
 * itself.
 */
const isAllowed = ({ thing, kind }: Answer) =>
  kind === 'its own' ||
  (kind === 'own' && thing !== 'trace') ||
  (kind === 'bucket' && ['run', 'logged model'].includes(thing));

/** Of a trace, 3.6.0 alone answers with what is in the database, whatever its location: there is nothing to refuse. */
const isUnread = (version: string, { what, thing }: Answer) =>
  version === '3.6.0' && thing === 'trace' && what === 'file';

describe.each(firstAndLast)('MLflow %s', (version) => {
  let checked: readonly Answer[];

  beforeAll(async () => {
    checked = await answers(version, 'checked');
  });

  test('uses for users no location of a row that is neither its own nor of its own making', () => {
    const refused = checked.filter((each) => each.user === 'user' && !isAllowed(each) && !isUnread(version, each));
    expect(refused.length).toBeGreaterThan(70);
    // A query has a status for each field.
    expect(refused.filter(({ what, status }) => what !== 'query' && status !== 403)).toEqual([]);
    const others = checked.filter((each) => each.user === 'user' && !isAllowed(each));
    expect(others.filter(({ shown }) => shown)).toEqual([]);
  });

  test('uses for users all others, and for administrators all', () => {
    const allowed = checked.filter((each) => each.user === 'admin' || isAllowed(each));
    expect(allowed.filter(({ user }) => user === 'user').length).toBeGreaterThan(20);
    expect(allowed.filter(({ status }) => status === 403)).toEqual([]);
    expect(allowed.some(({ user, shown }) => user === 'admin' && shown)).toBe(true);
  });
});

test('MLflow as it is shows the files of foreign rows', async () => {
  const shown = (await answers('3.1.0', 'stock')).filter((each) => each.user === 'user' && each.shown);
  const found = new Set(shown.filter((each) => !isAllowed(each)).map(({ what, thing }) => `${what} of ${thing}`));
  expect([...found].sort()).toEqual(
    ['file of logged model', 'file of run', 'file of trace', 'file of version', 'query of run'].sort(),
  );
});
