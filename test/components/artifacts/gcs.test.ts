import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { all, container, objectsOf, podsOf, resolved, SMALLEST, variables } from '../../support/support';
import { ACCOUNT, COPIES, identity } from './gcs';
import { accountsIn, blocksOf, containersOf, providedBy, textsLike } from './rendered';

/** Google Cloud Storage: what is rendered for each login. */

/** Every pod that uses the store. */
const inGcs = (more: object = {}, copies: object = more): EnvironmentInput => ({
  ...SMALLEST,
  artifacts: { access: 'direct', gcs: { bucket: 'artifacts', ...more } },
  backup: { artifacts: true, destination: { gcs: { bucket: 'copies', ...copies } } },
  garbageCollection: {},
  smokeTest: { enabled: true },
  monitoring: { metrics: {} },
});

const TO_GCS = { gcs: { bucket: 'copies' } };

const USERS = ['prepare', 'server', 'garbage-collection', 'smoke-test'];
const JOBS = ['backup', 'restore'];

/** What of all objects names a key file, or a Secret for one. */
const keysIn = (objects: readonly Manifest[]): string[] =>
  textsLike(objects, /gcs-key|KEY_FILE|GOOGLE_APPLICATION_CREDENTIALS|key\.json|s3-secret|ACCESS_KEY/);

describe.each(['existing', 'generated', 'sealed', 'external'] as const)('with Secrets that are %s', (provider) => {
  const secrets = providedBy(provider);
  const names = (input: EnvironmentInput) =>
    resolved({ ...input, ...secrets }).requiredSecrets.map(({ name }) => name.replace('mlflow-', ''));

  test('an identity needs none, and no object contains or names a key', () => {
    for (const input of [inGcs(identity(ACCOUNT), identity(COPIES)), inGcs(identity())]) {
      expect(names(input)).toEqual(['db-credentials', 'basic-auth', 'metrics']);
      if (provider !== 'sealed') expect(keysIn(objectsOf({ ...input, ...secrets }))).toEqual([]);
    }
  });

  test('each key file is one, for the artifacts and for the backups', () => {
    expect(names(inGcs())).toEqual(expect.arrayContaining(['gcs-key', 'backup-gcs-key']));
    if (provider !== 'sealed') expect(keysIn(objectsOf({ ...inGcs(), ...secrets })).length).toBeGreaterThan(10);
  });
});

describe('a key file', () => {
  const objects = objectsOf(inGcs());

  test.each(USERS)('is mounted for the container %s, which Google’s client reads', (name) => {
    const given = containersOf(objects).find((each) => each.name === name);
    expect(variables(container(objects, name))).toMatchObject({
      GOOGLE_APPLICATION_CREDENTIALS: '/etc/mlflow/gcs/key.json',
      MLFLOW_GCS_UPLOAD_CHUNK_SIZE: '16777216',
    });
    expect(given?.volumeMounts).toContainEqual({ name: 'gcs-key', mountPath: '/etc/mlflow/gcs', readOnly: true });
    const items = [{ key: 'key.json', path: 'key.json' }];
    expect(given?.spec.volumes).toContainEqual({ name: 'gcs-key', secret: { secretName: 'mlflow-gcs-key', items } });
  });

  test.each(JOBS)('of each store has a path of its own for the container %s', (name) => {
    expect(variables(container(objects, name))).toMatchObject({
      BACKUP_GCS_BUCKET: 'copies',
      BACKUP_GCS_KEY_FILE: '/etc/mlflow/backup-gcs/key.json',
      BACKUP_ARTIFACTS_GCS_BUCKET: 'artifacts',
      BACKUP_ARTIFACTS_GCS_KEY_FILE: '/etc/mlflow/artifacts-gcs/key.json',
    });
    expect(variables(container(objects, name))).not.toHaveProperty('GOOGLE_APPLICATION_CREDENTIALS');
  });

  test.each([
    ['backup', ['artifacts-gcs-key', 'backup-gcs-key']],
    ['restore', ['artifacts-gcs-key', 'backup-gcs-key']],
    ['verification', ['backup-gcs-key']],
  ])('is mounted for the container %s, and not for PostgreSQL’s programs beside it', (name, keys) => {
    const verified = objectsOf({ ...inGcs(), backup: { ...inGcs().backup, destination: TO_GCS, verification: {} } });
    const { containers = [] } = podsOf(verified).find((pod) => pod.containers.some((each) => each.name === name)) ?? {};
    const mounted = containers.map((each) => [
      each.name,
      (each.volumeMounts ?? []).map((mount) => mount.name).filter((volume) => volume.endsWith('gcs-key')),
    ]);
    expect(mounted).toEqual([
      [name, keys],
      ['postgresql-client', []],
    ]);
  });

  test('is the only login: every pod has the account of its role, without annotations', () => {
    for (const { metadata } of all(objects, 'ServiceAccount')) expect(metadata?.annotations).toBeUndefined();
  });

  test.each([
    ['the root of the bucket', { bucket: 'bbb' }, 'gs://bbb'],
    ['a folder', { bucket: 'a_b.c', prefix: 'a/b=c' }, 'gs://a_b.c/a/b=c'],
  ])('is for %s', (_, gcs, uri) => {
    const { command, args } = container(objectsOf({ ...SMALLEST, artifacts: { gcs } }), 'server');
    expect([...(command ?? []), ...(args ?? [])]).toContain(`--artifacts-destination=${uri}`);
  });
});

describe('Workload Identity', () => {
  const objects = objectsOf(inGcs(identity(ACCOUNT), identity(COPIES)));

  test('gives the service accounts to the accounts of the server and of the backups', () => {
    const accounts = accountsIn(objects);
    expect(accounts).toHaveLength(2);
    expect(accounts).toEqual(
      expect.arrayContaining([
        ['mlflow', { 'iam.gke.io/gcp-service-account': ACCOUNT }],
        ['mlflow-backup', { 'iam.gke.io/gcp-service-account': COPIES }],
      ]),
    );
    for (const { spec } of podsOf(objects)) expect(spec.automountServiceAccountToken).toBe(false);
  });

  test('needs no annotation where the account itself has the roles', () => {
    for (const { metadata } of all(objectsOf(inGcs(identity())), 'ServiceAccount'))
      expect(metadata?.annotations).toBeUndefined();
  });

  test.each(['mlflow', 'mlflow-gc', 'mlflow-backup', 'mlflow-smoke-test'])(
    'lets the pods of %s reach the store and the metadata server, and no other address of a node',
    (name) => {
      expect(blocksOf(objects, name)).toContainEqual(['169.254.169.254/32', [{ port: 80, protocol: 'TCP' }]]);
      expect(blocksOf(objects, name)).toContainEqual(['169.254.169.252/32', [{ port: 988, protocol: 'TCP' }]]);
      expect(blocksOf(objects, name)).toContainEqual(['0.0.0.0/0', [{ port: 443, protocol: 'TCP' }]]);
      expect(blocksOf(objects, name).filter(([cidr]) => cidr.startsWith('169.254.169.'))).toHaveLength(2);
    },
  );

  test('asks no proxy for the metadata server', () => {
    const behind = inGcs(identity());
    const list = variables(
      container(objectsOf({ ...behind, server: { env: { HTTPS_PROXY: 'http://proxy:3128' } } }), 'server'),
    ).NO_PROXY;
    expect(list?.split(',')).toEqual(
      expect.arrayContaining(['metadata.google.internal', '169.254.169.254', '169.254.169.252']),
    );
  });
});
