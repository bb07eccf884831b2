import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { testChecks } from '../../support/checks';
import {
  all,
  container,
  objectsOf,
  podsOf,
  resolution,
  resolved,
  SMALLEST,
  variables,
  walk,
} from '../../support/support';

/** Google Cloud Storage: what is rendered for each login, and what is refused. */

const ACCOUNT = 'mlflow@project-1.iam.gserviceaccount.com';
const COPIES = 'copies@project-1.iam.gserviceaccount.com';
const identity = (serviceAccount?: string) => ({ identity: { workloadIdentity: { serviceAccount } } });

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

const containersOf = (objects: readonly Manifest[]) =>
  podsOf(objects).flatMap(({ spec }) =>
    [...(spec.initContainers ?? []), ...spec.containers].map((each) => ({ spec, ...each })),
  );

/** What of all objects names a key file, or a Secret for one. */
const keysIn = (objects: readonly Manifest[]): string[] =>
  objects
    .filter(({ kind, data }) => kind !== 'ConfigMap' || !Object.keys(data ?? {}).some((key) => key.endsWith('.py')))
    .flatMap((object) => walk(object))
    .flatMap(({ value }) => (typeof value === 'string' ? [value] : []))
    .filter((text) => /gcs-key|KEY_FILE|GOOGLE_APPLICATION_CREDENTIALS|key\.json|s3-secret|ACCESS_KEY/.test(text));

describe.each(['existing', 'generated', 'sealed', 'external'] as const)('with Secrets that are %s', (provider) => {
  const secrets = {
    secrets: { provider, ...(provider === 'external' ? { external: { store: { name: 'vault' } } } : {}) },
  };
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
  const blocks = (name: string) =>
    all(objects, 'NetworkPolicy')
      .filter(({ metadata }) => metadata?.name === name)
      .flatMap(({ spec }) => spec?.egress ?? [])
      .flatMap(({ to = [], ports = [] }) =>
        to.flatMap(({ ipBlock }) => (ipBlock ? [[ipBlock.cidr, ports] as const] : [])),
      );

  test('gives the service accounts to the accounts of the server and of the backups', () => {
    const accounts = all(objects, 'ServiceAccount').map(({ metadata }) => [metadata?.name, metadata?.annotations]);
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
      expect(blocks(name)).toContainEqual(['169.254.169.254/32', [{ port: 80, protocol: 'TCP' }]]);
      expect(blocks(name)).toContainEqual(['169.254.169.252/32', [{ port: 988, protocol: 'TCP' }]]);
      expect(blocks(name)).toContainEqual(['0.0.0.0/0', [{ port: 443, protocol: 'TCP' }]]);
      expect(blocks(name).filter(([cidr]) => cidr.startsWith('169.254.169.'))).toHaveLength(2);
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

const gcs = (more: object): EnvironmentInput => ({ ...SMALLEST, artifacts: { gcs: { bucket: 'artifacts', ...more } } });
const copied = (more: object): EnvironmentInput => ({
  ...SMALLEST,
  backup: { destination: { gcs: { bucket: 'copies', ...more } } },
});
const KEY_FILE_OF_USER: EnvironmentInput = {
  server: { env: { GOOGLE_APPLICATION_CREDENTIALS: '/a' } },
  allow: ['plain-secrets'],
};

testChecks([
  [
    'a Secret beside an identity',
    gcs({ ...identity(), credentials: { secret: 'keys' } }),
    /^artifacts\.gcs\.credentials\.secret: is set beside artifacts\.gcs\.identity, which needs no key file/,
    gcs({ credentials: { secret: 'keys' } }),
  ],
  [
    'what is no service account',
    gcs(identity('mlflow@example.com')),
    /serviceAccount: is invalid \(must be the address of a service account/,
    gcs(identity('123-compute@developer.gserviceaccount.com')),
  ],
  ...['ab', 'Artifacts', '-ab', 'ab-', 'a..b', '1.2.3.4', 'googles', `${'x'.repeat(64)}`, 'a b'].map(
    (bucket): [string, EnvironmentInput, RegExp, EnvironmentInput] => [
      `the bucket ${bucket}`,
      gcs({ bucket }),
      /^artifacts\.gcs\.bucket: is invalid \(must be 3 to 63 lowercase letters/,
      gcs({ bucket: `x_1.${'x'.repeat(63)}` }),
    ],
  ),
  [
    'the service account twice',
    {
      ...gcs(identity(ACCOUNT)),
      server: { serviceAccount: { annotations: { 'iam.gke.io/gcp-service-account': 'a' } } },
    },
    /annotations.*: is another service account than that of artifacts\.gcs\.identity/,
    { ...gcs({}), server: { serviceAccount: { annotations: { 'iam.gke.io/gcp-service-account': 'a' } } } },
  ],
  [
    'a key file of the user’s beside an identity',
    { ...gcs(identity()), ...KEY_FILE_OF_USER },
    /^server\.env\.GOOGLE_APPLICATION_CREDENTIALS: would be used in place of artifacts\.gcs\.identity/,
    gcs(identity()),
  ],
  [
    'a key file of the user’s beside an identity of backups',
    { ...copied(identity()), ...KEY_FILE_OF_USER },
    /^server\.env\.GOOGLE_APPLICATION_CREDENTIALS: would be used in place of backup\.destination\.gcs\.identity/,
    { ...copied({}), ...KEY_FILE_OF_USER },
  ],
  [
    'an endpoint without a scheme',
    gcs({ endpoint: 'storage-of-mine.p.googleapis.com' }),
    /^artifacts\.gcs\.endpoint: is invalid \(must be http.* such as https:\/\/storage-of-mine\.p\.googleapis\.com\)/,
    gcs({ endpoint: 'https://storage-of-mine.p.googleapis.com' }),
  ],
  [
    'a project of backups, which create no bucket',
    copied({ project: 'project-1' }),
    /^backup\.destination\.gcs\.project: is not a known key/,
    { ...gcs({ project: 'project-1' }), ...copied({}) },
  ],
  [
    'backups in the bucket of the artifacts, by S3 too or not',
    { ...gcs({}), backup: { destination: { gcs: { bucket: 'artifacts' } } } },
    /^backup\.destination\.gcs\.bucket: is the bucket of the artifacts, and one prefix contains the other/,
    { ...gcs({}), backup: { destination: { gcs: { bucket: 'copies' } } } },
  ],
  [
    'backups by its S3 endpoint in the same bucket',
    {
      ...gcs({}),
      backup: { destination: { s3: { bucket: 'artifacts', endpoint: 'https://storage.googleapis.com' } } },
    },
    /^backup\.destination\.s3\.bucket: is the bucket of the artifacts/,
    { ...gcs({}), backup: { destination: { s3: { bucket: 'artifacts' } } } },
  ],
  ...["team's", 'a:b', 'a\\b'].flatMap((prefix): [string, EnvironmentInput, RegExp, EnvironmentInput][] =>
    ['gcs', 's3'].map((store) => {
      const input = (access: 'direct' | 'proxied') => ({
        ...SMALLEST,
        artifacts: { access, [store]: { bucket: 'artifacts', prefix } },
      });
      return [
        `the folder ${prefix} in ${store} with direct access`,
        input('direct'),
        /^artifacts\.(gcs|s3)\.prefix: contains ', : or \\, with which MLflow would not start/,
        input('proxied'),
      ];
    }),
  ),
  [
    'two destinations',
    { ...gcs({}), backup: { destination: { claim: {}, gcs: { bucket: 'copies' } } } },
    /^backup\.destination: must have exactly one destination/,
    { ...gcs({}), backup: { destination: { claim: {} } } },
  ],
  [
    'identities of two clouds in one pod',
    {
      ...gcs(identity()),
      backup: { artifacts: true, destination: { s3: { bucket: 'copies', identity: { podIdentity: true } } } },
    },
    /^backup\.destination\.s3\.identity: gets its keys from AWS, and the artifacts from Google Cloud, but a pod has one/,
    {
      ...gcs({}),
      backup: { artifacts: true, destination: { s3: { bucket: 'copies', identity: { podIdentity: true } } } },
    },
  ],
]);

test.each(['s3', 'embedded', 'volume'] as const)('artifacts are in no other store as well: %s', (other) => {
  const more = other === 's3' ? { s3: { bucket: 'other' } } : { [other]: {} };
  const paths = resolution({ ...SMALLEST, artifacts: { gcs: { bucket: 'artifacts' }, ...more } }).issues.map(
    ({ path }) => path.join('.'),
  );
  expect(paths).toEqual([other === 's3' ? 'artifacts.s3.bucket' : `artifacts.${other === 'volume' ? 'gcs' : other}`]);
});
