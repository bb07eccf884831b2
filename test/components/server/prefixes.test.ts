import type { EnvironmentInput } from '../../../lib/environment/model';
import { formatPath } from '../../../lib/input/issue';
import { KNOWN_RELEASES, release } from '../../../lib/mlflow/releases';
import { composeEnvironment } from '../../../lib/synth/compose';
import { container, PROGRAMS, resolution, resolved, SMALLEST, variables } from '../../support/support';

/** What a static prefix changes, on every release: where clients go, what is probed, and which prefixes are refused. */

const PREFIXES = ['/mlflow', '/tools/ml_flow', '/api', '/a', '/ui/static'];
const OPEN_PREFIXES = [
  '/static',
  '/static-ui',
  '/static/mlflow',
  '/health',
  '/healthy',
  '/favicon.ico',
  '/favicon.ico/x',
];

const below = (version: string, staticPrefix: string | undefined, enabled = true): EnvironmentInput => ({
  ...SMALLEST,
  image: { repository: 'registry.example.com/mlflow', tag: version },
  server: { staticPrefix },
  auth: { enabled },
  clients: [{ namespace: 'jupyter' }],
  garbageCollection: {},
  smokeTest: { enabled: true },
});

const refused = (input: EnvironmentInput) =>
  resolution(input).issues.flatMap(({ path }) =>
    formatPath(path) === 'server.staticPrefix' ? [formatPath(path)] : [],
  );

describe.each(KNOWN_RELEASES.map(({ version }) => version))('MLflow %s', (version) => {
  const mlflow = release(version);

  test.each(OPEN_PREFIXES)('takes %s only if it asks for a login below it', (prefix) => {
    expect(refused(below(version, prefix))).toHaveLength(mlflow.atLeast('3.18.0') ? 0 : 1);
    expect(refused(below(version, prefix, false))).toEqual([]);
  });

  test.each(PREFIXES)('has its clients at the API, below %s or not', (prefix) => {
    const objects = composeEnvironment(resolved(below(version, prefix)), PROGRAMS).files.flatMap(
      (file) => file.objects,
    );
    const uri = `http://mlflow.mlflow.svc.cluster.local:5000${mlflow.atLeast('3.12.0') ? prefix : ''}`;
    for (const name of ['garbage-collection', 'smoke-test'])
      expect(variables(container(objects, name)).MLFLOW_TRACKING_URI).toBe(uri);
    const client = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === 'jupyter');
    expect(client?.data).toMatchObject({ MLFLOW_TRACKING_URI: uri });
  });

  test.each([...PREFIXES, undefined])(
    'is probed by its health page below %s, unless that asks for a login',
    (prefix) => {
      for (const login of [true, false]) {
        const objects = composeEnvironment(resolved(below(version, prefix, login)), PROGRAMS).files.flatMap(
          (file) => file.objects,
        );
        const { readinessProbe, startupProbe } = container(objects, 'server');
        const page = mlflow.atLeast('3.7.0') ? `${prefix ?? ''}/health` : '/health';
        const isOpen = page === '/health' || mlflow.atLeast('3.13.0') || !login;
        for (const probe of [readinessProbe, startupProbe])
          expect(probe?.httpGet?.path).toBe(isOpen ? page : undefined);
        // The address of the pod may be none that MLflow knows.
        const host = { name: 'Host', value: 'mlflow.mlflow.svc.cluster.local' };
        expect(readinessProbe?.httpGet?.httpHeaders).toEqual(isOpen && page !== '/health' ? [host] : undefined);
      }
    },
  );
});
