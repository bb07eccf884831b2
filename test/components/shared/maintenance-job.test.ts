import type { EnvironmentInput } from '../../../lib/environment/model';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { container, objectsOf, one, playing, resolution, resolved, SMALLEST, variables } from '../../support/support';

/** Jobs beside the server: the garbage collection and the smoke test. */

const JOBS: EnvironmentInput = { ...SMALLEST, garbageCollection: {}, smokeTest: { enabled: true } };
const objects = (more: EnvironmentInput = {}) => objectsOf({ ...JOBS, ...more }, SHORT_PROGRAMS);
const ofJob = (part: string, more: EnvironmentInput = {}) => variables(container(playing(objects(more), part), part));

test.each<[EnvironmentInput['garbageCollection'], string]>([
  [{ schedule: 'daily' }, 'schedule'],
  [{ timeZone: 'Local' }, 'timeZone'],
  [{ timeZone: 'Berlin Mitte' }, 'timeZone'],
  [{ timeZone: 'Europe/Berln' }, 'timeZone'],
  [{ timeZone: 'Europe/BERLIN' }, 'timeZone'],
  [{ olderThan: '30' }, 'olderThan'],
  [{ olderThan: '' }, 'olderThan'],
  [{ olderThan: '1h30d' }, 'olderThan'],
  [{ timeLimit: 60 }, 'timeLimit'],
  [{ resources: { requests: { memory: '2Gi' } } }, 'resources.requests.memory'],
])('a garbage collection is not %j', (garbageCollection, path) => {
  const { issues } = resolution({ ...SMALLEST, garbageCollection });
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([`garbageCollection.${path}`]);
});

test('neither exists unless it is configured, and the smoke test is suspended', () => {
  expect(objectsOf(SMALLEST, SHORT_PROGRAMS).filter(({ kind }) => kind === 'CronJob')).toEqual([]);
  const cronJob = (part: string, more?: EnvironmentInput) => one(playing(objects(more), part), 'CronJob').spec;
  expect(cronJob('smoke-test')?.suspend).toBe(true);
  expect(cronJob('garbage-collection')).toMatchObject({ suspend: false, schedule: '30 3 * * *', timeZone: 'Etc/UTC' });
  expect(cronJob('garbage-collection', { garbageCollection: { suspend: true } })?.suspend).toBe(true);
});

test('one that rests does not make a whole application look suspended in Argo CD', () => {
  const annotations = (part: string) => one(playing(objects(), part), 'CronJob').metadata?.annotations;
  expect(annotations('smoke-test')).toEqual({ 'argocd.argoproj.io/ignore-healthcheck': 'true' });
  expect(annotations('garbage-collection')).toBeUndefined();
});

test.each(['garbage-collection', 'smoke-test'])('a drained node is no try of %s', (part) => {
  const { template, podFailurePolicy } = one(playing(objects(), part), 'CronJob').spec?.jobTemplate.spec ?? {};
  expect(podFailurePolicy?.rules).toEqual([
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ]);
  // Kubernetes refuses the policy with any other.
  expect(template?.spec?.restartPolicy).toBe('Never');
});

test('the smoke test has what a client has, and no more', () => {
  const proxied = ofJob('smoke-test');
  expect(proxied).toMatchObject({
    MLFLOW_TRACKING_URI: 'http://mlflow.mlflow.svc.cluster.local:5000',
    MLFLOW_TRACKING_USERNAME: 'mlflow-basic-auth/MLFLOW_TRACKING_USERNAME',
  });
  expect(Object.keys(proxied).filter((name) => /^(PG|AWS|MLFLOW_(S3|DB))/.test(name))).toEqual([]);
  expect(ofJob('smoke-test', { artifacts: { access: 'direct', s3: { bucket: 'models' } } })).toHaveProperty(
    'AWS_ACCESS_KEY_ID',
  );
  expect(ofJob('smoke-test', { auth: { enabled: false } })).not.toHaveProperty('MLFLOW_TRACKING_USERNAME');
});

test('the garbage collection has the database, the store and the server, and names itself', () => {
  const given = ofJob('garbage-collection', {
    service: { port: 80 },
    server: { staticPrefix: '/mlflow', options: { 'enable-workspaces': true } },
    garbageCollection: { olderThan: '7d', timeLimit: 3600 },
  });
  expect(given).toMatchObject({
    PGAPPNAME: 'mlflow-gc/3.18.0',
    PGUSER: '$(MLFLOW_DB_USERNAME)',
    AWS_ACCESS_KEY_ID: 'mlflow-s3-secret/AWS_ACCESS_KEY_ID',
    MLFLOW_TRACKING_URI: 'http://mlflow.mlflow.svc.cluster.local:80/mlflow',
    GC_DATABASE: 'mlflow',
    GC_ARTIFACT_ROOT: 's3://artifacts',
    GC_OLDER_THAN: '7d',
    GC_LOCK_TIMEOUT: '1800',
    GC_WORKSPACES: 'true',
  });
});

test('variables of the environment file reach them, but do not override their own', () => {
  const server = { env: { HTTPS_PROXY: 'http://proxy', MLFLOW_TRACKING_URI: 'http://elsewhere' } };
  for (const part of ['smoke-test', 'garbage-collection']) {
    const given = ofJob(part, { server });
    expect(given.HTTPS_PROXY).toBe('http://proxy');
    expect(given.MLFLOW_TRACKING_URI).toContain('svc.cluster.local');
  }
});

test('the garbage collection opens no more connections than are kept free for it', () => {
  expect(ofJob('garbage-collection', { server: { workers: 1 } })).toMatchObject({
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '1',
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: '1',
  });
});

test('the connections of a garbage collection are kept free', () => {
  const pool = (garbageCollection?: object) =>
    resolved({ ...SMALLEST, garbageCollection, database: { host: 'a', maxConnections: 60 } }).connectionPool.size;
  expect(pool({})).toBeLessThan(pool());
});
