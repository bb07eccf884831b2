import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import { OWN_LABELS } from '../../lib/kubernetes/metadata';

/**
 * Random environments that are valid, or nearly always are. Every key of the model stands here: one that is missing
 * does not compile, and a test says so too.
 */

/** From the oldest to one that is newer than any known, with those at which something changes. */
export const RELEASES = [
  ...['3.1.0', '3.1.4', '3.2.0', '3.3.0', '3.3.2', '3.4.0', '3.5.0', '3.5.1', '3.6.0', '3.7.0', '3.8.1', '3.9.0'],
  ...['3.10.0', '3.10.1', '3.11.1', '3.12.0', '3.13.0', '3.14.0', '3.15.2', '3.16.0', '3.17.2', '3.18.0', '3.19.0'],
] as const;

/** Whether one release is at least another. Written anew, so that a mistake in the product is not repeated here. */
export function atLeast(version: string, other: string): boolean {
  const order = (text: string) => text.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  return order(version) >= order(other);
}

/** Options of `mlflow server` that a person may add: the release that brought each, from its `--help`, and a value. */
export const OPTIONS = {
  'registry-store-uri': { since: '3.1.0', value: 'postgresql+psycopg2:///registry' },
  'gunicorn-opts': { since: '3.1.0', until: '3.3.0', value: '--max-requests=1000' },
  'uvicorn-opts': { since: '3.3.0', value: '--limit-concurrency=100' },
  'disable-security-middleware': { since: '3.5.0', value: true },
  'x-frame-options': { since: '3.5.0', value: 'DENY' },
  'secrets-cache-ttl': { since: '3.8.0', value: 120 },
  'secrets-cache-max-size': { since: '3.8.0', value: '500' },
  'workspace-store-uri': { since: '3.10.0', value: 'postgresql+psycopg2:///workspaces' },
  'enable-workspaces': { since: '3.10.0', value: true },
  'disable-workspaces': { since: '3.10.0', value: true },
  'read-replica-backend-store-uri': { since: '3.13.0', value: 'postgresql+psycopg2:///replica' },
  'trace-archival-config': { since: '3.13.0', value: '/data/traces.yaml' },
  'artifacts-presigned-only': { since: '3.18.0', value: true },
} as const satisfies Record<string, { since: string; until?: string; value: string | number | boolean }>;

/** Whether a release takes an option. */
export function takesOption(version: string, name: keyof typeof OPTIONS): boolean {
  const { since, until }: { since: string; until?: string } = OPTIONS[name];
  return atLeast(version, since) && !(until && atLeast(version, until));
}

/** Strings that some reader of YAML, shell or template takes for something else. */
export const TRICKY = [
  ...['', 'yes', 'No', 'on', 'OFF', 'y', 'n', 'null', '~', 'true', 'False', '0', '-1', '1_000', '0x1F', '0o17', '017'],
  ...[
    '1:30',
    '12:30:45',
    '.inf',
    '-.INF',
    '.nan',
    '1e3',
    '1.',
    '.5',
    '+1',
    '0b11',
    '2024-01-01',
    '<<',
    '=',
    '---',
    '...',
  ],
  ...[
    ' lead',
    'trail ',
    'a: b',
    'a:',
    '#x',
    'a #b',
    'one\ntwo\n',
    '\n',
    ' \n x',
    'tab\there',
    '"q"',
    "it's",
    '\\',
    '%x',
  ],
  ...['@at', '`tick', '{a', '[b', '- x', '-', '? y', '!tag', '&anchor', '*alias', '|', '>', 'x\r\ny', 'x\r', 'é漢😀'],
  ...['\u0007', '\u00a0', '\u2028', '\ufeff', `${'long '.repeat(60)}end`, '$(HOME)', '$$', '{{ x }}'],
] as const;

type Optional<T> = Exclude<T, undefined>;
type Shape<T> = { readonly [K in keyof Required<T>]: fc.Arbitrary<Optional<T[K]>> };
type Items<T> = Optional<T> extends readonly (infer Item)[] ? Item : never;

/** Any of the keys of a section. Those that are `needed` are always there. */
const some = <T extends object>(shape: Shape<T>, ...needed: (keyof T)[]): fc.Arbitrary<T> =>
  fc.record(shape, { requiredKeys: needed, noNullPrototype: true }) as unknown as fc.Arbitrary<T>;

const few = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 });
const pick = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const map = (keys: readonly string[], value: fc.Arbitrary<string>) =>
  fc.dictionary(pick(...keys), value, { maxKeys: 4, noNullPrototype: true });

// What YAML 1.1 or 1.2 reads as something else than a text.
const KEYS_TO_QUOTE = ['y', 'on', 'null', '017', '1e3', '1_000', '0x1F'];

// Names that other things have too, and that mean something to JavaScript.
const LABELS = [
  ...['team', 'example.com/cost-centre', 'app.kubernetes.io/name', 'app.kubernetes.io/component', 'toString'],
  ...KEYS_TO_QUOTE,
];
const ANNOTATIONS = [
  ...['note', 'example.com/owner', 'checksum/programs', 'argocd.argoproj.io/sync-options', 'valueOf'],
  ...KEYS_TO_QUOTE,
];

const labelValue = pick('', 'x', 'yes', '1', '017', '1e3', 'null', 'a'.repeat(63), 'Some_Value.1');
/** What the environment refuses wherever it stands. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
const LOST = /[\u0000\u007f-\u009f\ufffe\uffff]/;
const anyText = fc.oneof(
  pick<string>(...TRICKY),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('$' + '{') && !LOST.test(text)),
);
const labels = map(LABELS, labelValue);

/** What operators and sidecars select by. */
const selectedLabels = map(
  LABELS.filter((label) => !OWN_LABELS.includes(label)),
  labelValue,
);
const annotations = map(ANNOTATIONS, anyText);
const objectName = pick('a', 'some-secret', 'other.name', '0');
const key = pick('key', 'ca.pem', 'KEY_2', 'tls.crt');
const namespaceName = pick('mlflow', 'ml', 'team-a', '1st');
const block = pick('10.0.0.0/8', '192.168.1.0/24', '0.0.0.0/0', 'fd00::/8', '2001:db8::/32');
const address = pick('192.168.1.201', '203.0.113.7', 'fd00::5', '2001:db8::1');

type Server = Optional<EnvironmentInput['server']>;
type Artifacts = Optional<EnvironmentInput['artifacts']>;
type Database = Optional<EnvironmentInput['database']>;
type Policy = Optional<EnvironmentInput['networkPolicy']>;
type Embedded = Optional<Database['embedded']> & Optional<Artifacts['embedded']>;
type Amounts = { cpu?: string | number; memory?: string | number };
type Authority = Optional<Optional<Database['tls']>['ca']>;

/** Of two keys that exclude each other, one. */
function oneOf<T extends object>(first: keyof T, second: keyof T, fallback: T): (given: T) => T {
  return (given) => {
    if (given[first] === undefined && given[second] === undefined) return { ...given, ...fallback };
    const { [second]: _, ...rest } = given;
    return given[first] === undefined ? given : (rest as T);
  };
}

type User = NonNullable<NonNullable<EnvironmentInput['auth']>['users']>[number];
const user: fc.Arbitrary<User> = fc
  .record(
    {
      name: pick('notebooks', 'ci', 'a.b-c9'),
      permission: pick('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS'),
      secret: pick('login-of-'),
      usernameKey: pick('user', 'name'),
      passwordKey: pick('pass', 'key'),
    },
    { requiredKeys: ['name', 'permission'], noNullPrototype: true },
  )
  .map((each) => (each.secret ? { ...each, secret: each.secret + each.name } : each));

const authority = some<Authority>({ configMap: objectName, secret: objectName, key }).map(
  oneOf<Authority>('configMap', 'secret', { configMap: 'authorities' }),
);

const amounts = (memory: readonly (string | number)[], cpu: readonly (string | number)[], disk: readonly string[]) =>
  some<{ cpu?: string | number; memory?: string | number; 'ephemeral-storage'?: string | number }>({
    cpu: pick(...cpu),
    memory: pick(...memory),
    'ephemeral-storage': pick(...disk),
  });

type Toleration = Items<Server['tolerations']>;
const toleration = some<Toleration>({
  key: pick('dedicated', 'example.com/gpu'),
  operator: pick('Equal', 'Exists'),
  value: pick('ml', ''),
  effect: pick('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  tolerationSeconds: fc.nat({ max: 600 }),
}).map(({ value, tolerationSeconds, ...given }): Toleration => {
  const seconds = given.effect === 'NoExecute' && tolerationSeconds !== undefined ? { tolerationSeconds } : {};
  if (given.operator === 'Exists') return { ...given, ...seconds };
  return { key: 'dedicated', ...given, ...seconds, ...(value === undefined ? {} : { value }) };
});

const server = some<Server>({
  replicas: fc.nat({ max: 5 }),
  autoscaling: some<NonNullable<Server['autoscaling']>>(
    {
      minReplicas: fc.integer({ min: 1, max: 2 }),
      maxReplicas: fc.integer({ min: 2, max: 6 }),
      cpuUtilization: pick(1, 80, 1000),
      scaleDownStabilizationSeconds: pick(0, 300, 3600),
    },
    'maxReplicas',
  ),
  workers: fc.integer({ min: 1, max: 4 }),
  threads: fc.integer({ min: 1, max: 32 }),
  resources: some<Optional<Server['resources']>>({
    requests: amounts(['256Mi', '1Gi', '1048576Ki', 5e8, '0.5G'], ['250m', 0.5, '0.1'], ['1Gi', '512Mi']),
    limits: amounts(['2Gi', '1.5Gi', '16Gi', '4096Mi', 3e9], [1, '2', '1500m', '0.75', 3.5], ['5Gi', '2048Mi']),
  }),
  logLevel: pick('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'),
  accessLog: fc.boolean(),
  staticPrefix: pick('/mlflow', '/tools/ml_flow'),
  temporaryStorage: pick<string | number>('1Gi', '500M', '0.5Gi', 1e9),
  allowedHosts: few(pick('mlflow.example.com', 'mlflow.example.com:8443', '*.example.com', '*')),
  corsAllowedOrigins: few(pick('https://mlflow.example.com', 'http://localhost:3000', '*')),
  options: fc
    .subarray(Object.keys(OPTIONS) as (keyof typeof OPTIONS)[], { maxLength: 4 })
    .map((names) => Object.fromEntries(names.map((name) => [name, OPTIONS[name].value]))),
  env: map(
    [
      'TZ',
      'MLFLOW_LOGGING_LEVEL',
      'GUNICORN_CMD_ARGS',
      'UVICORN_ACCESS_LOG',
      'AWS_DEFAULT_REGION',
      'PYTHONPATH',
      'MY_1',
    ],
    anyText,
  ),
  envFrom: few(
    some<Items<Server['envFrom']>>({ configMap: objectName, secret: objectName }).map(
      oneOf<Items<Server['envFrom']>>('secret', 'configMap', { secret: 'more' }),
    ),
  ),
  rollout: pick('RollingUpdate', 'Recreate'),
  gracePeriod: fc.integer({ min: 10, max: 600 }),
  nodeSelector: map(['disk', 'kubernetes.io/arch'], labelValue),
  tolerations: few(toleration),
  priorityClassName: pick('high', 'system-cluster-critical'),
});

/** An embedded store: the requests are below every limit, the defaults' too. */
const embedded = (repository: string, name: string, ...tags: readonly string[]) =>
  some<Embedded>({
    image: some<Optional<Embedded['image']>>({
      repository: pick(`registry.example.com:5000/copies/${repository}`, `docker.io/library/${repository}`),
      tag: pick(...tags),
      digest: pick(`sha256:${'fedcba9876543210'.repeat(4)}`),
    }),
    storage: some<Optional<Embedded['storage']>>({
      name: pick(name),
      size: pick<string | number>('20Gi', '1.5Ti', 1e10),
      storageClass: objectName,
    }),
    resources: some<Optional<Embedded['resources']>>({
      requests: some<Amounts>({ cpu: pick<string | number>('25m', 0.05), memory: pick<string | number>('64Mi', 1e8) }),
      limits: some<Amounts>({
        cpu: pick<string | number>(1, '1500m', 0.5),
        memory: pick<string | number>('512Mi', '3Gi', 1e9, '700M'),
      }),
    }),
  });

const database = some<Database>(
  {
    // A tag may end with what a label may not, and that of the store start with it.
    embedded: embedded('postgres', 'runs', '17.11-trixie', '18', '15.1_edge.', `16${'x'.repeat(126)}`),
    host: pick('postgres', 'postgres.db', 'pg.db.svc.cluster.local', 'pg.example.com', '192.168.1.100', 'fd00::100'),
    port: fc.integer({ min: 1, max: 65535 }),
    name: pick('mlflow', 'tracking', 'with space', "ü/#&'", 'yes'),
    authName: pick('mlflow_auth', 'users', 'tracking'),
    credentials: some<Optional<Database['credentials']>>({ secret: objectName, usernameKey: key, passwordKey: key }),
    tls: some<Optional<Database['tls']>>({
      mode: pick('disable', 'prefer', 'require', 'verify-ca', 'verify-full'),
      ca: authority,
    }),
    maxConnections: pick(100, 400, 100_000),
    create: fc.boolean(),
    migration: pick('auto', 'create', 'check'),
    timeout: fc.integer({ min: 10, max: 3600 }),
  },
  'host',
);

type S3 = Optional<Artifacts['s3']>;
const artifacts = some<Artifacts>(
  {
    access: pick('proxied', 'direct'),
    embedded: embedded('versitygw', 'models', 'v1.7.0', '16', '_edge.', 'x'.repeat(128)),
    s3: some<S3>(
      {
        bucket: pick('artifacts', 'b-1.x', '000'),
        prefix: pick('mlflow', 'a/b', 'with=sign'),
        endpoint: pick(
          ...['http://minio.minio.svc.cluster.local:9000', 'https://s3.example.com', 'https://s3.example.com:9443/'],
          ...['http://minio:9000', 'http://[fd00::9]:9000', 'https://192.168.1.9'],
        ),
        region: pick('eu-central-1', 'us-east-1'),
        addressingStyle: pick('auto', 'path', 'virtual'),
        credentials: some<Optional<S3['credentials']>>({
          secret: objectName,
          accessKeyIdKey: key,
          secretAccessKeyKey: key,
        }),
        tls: some<Optional<S3['tls']>>({ ca: authority }),
        createBucket: fc.boolean(),
      },
      'bucket',
    ),
  },
  's3',
);

const networkPolicy = some<Policy>({
  enabled: fc.boolean(),
  clients: some<Optional<Policy['clients']>>({
    namespaces: few(namespaceName),
    pods: few(
      some<Items<Optional<Policy['clients']>['pods']>>(
        {
          namespace: namespaceName,
          labels: map(['app', 'example.com/role'], labelValue).map((given) => ({ app: 'x', ...given })),
        },
        'labels',
      ),
    ),
    cidrs: few(block),
  }),
  egress: few(
    some<Items<Policy['egress']>>({
      namespace: namespaceName,
      cidr: block,
      ports: few(fc.integer({ min: 1, max: 65535 })),
    }).map(oneOf<Items<Policy['egress']>>('namespace', 'cidr', { cidr: '10.0.0.0/8' })),
  ),
});

type Monitoring = Optional<EnvironmentInput['monitoring']>;
type Metrics = Optional<Monitoring['metrics']>;
type Rules = Optional<Monitoring['rules']>;

const monitoring = some<Monitoring>(
  {
    metrics: some<Metrics>({
      credentials: some<Optional<Metrics['credentials']>>({
        secret: pick('login-of-scraper', 'other.login'),
        usernameKey: pick('user', 'name'),
        passwordKey: pick('pass', 'key'),
      }),
      scraper: some<Optional<Metrics['scraper']>>({ namespace: namespaceName, labels: map(['app', 'on'], labelValue) }),
    }),
    serviceMonitor: some<Optional<Monitoring['serviceMonitor']>>({
      labels: selectedLabels,
      interval: pick(15, 120),
      timeout: pick(1, 15),
    }),
    rules: some<Rules>({
      labels: selectedLabels,
      alertLabels: map(['team', 'y', '_1'], anyText).map((given) =>
        Object.fromEntries(Object.entries(given).map(([name, text]) => [name, text.replaceAll('{{', '(')])),
      ),
      runbooks: pick('docs/alerts', 'https://git.example.com/mlflow/docs/alerts'),
      thresholds: some<Optional<Rules['thresholds']>>({
        downMinutes: pick(1, 1440),
        errorPercent: pick(1, 100),
        latencySeconds: pick(0.05, 1, 9),
        restartsPerHour: pick(1, 60),
        claimPercent: pick(1, 100),
        backupHours: pick(1, 10_000),
        connectionPercent: pick(1, 100),
      }),
    }),
    dashboard: some<Optional<Monitoring['dashboard']>>({ labels: selectedLabels, annotations }),
  },
  'metrics',
);

/** Patches that apply, whatever the environment; `NAME` stands for the instance's name. */
const PATCHES: readonly Items<EnvironmentInput['patches']>[] = [
  {
    kind: 'Deployment',
    name: 'NAME',
    operations: [
      { op: 'test', path: '/spec/revisionHistoryLimit', value: 5 },
      { op: 'replace', path: '/spec/revisionHistoryLimit', value: 3 },
      {
        op: 'add',
        path: '/spec/template/spec/hostAliases',
        value: [{ ip: '192.168.1.9', hostnames: ['s3.example.com'] }],
      },
    ],
  },
  { kind: 'Service', name: 'NAME', operations: [{ op: 'add', path: '/spec/sessionAffinity', value: 'ClientIP' }] },
  {
    kind: 'ServiceAccount',
    name: 'NAME',
    operations: [
      { op: 'remove', path: '/metadata/labels/app.kubernetes.io~1version' },
      { op: 'add', path: '/metadata/labels/app.kubernetes.io~1version', value: 'patched' },
    ],
  },
];

type Sections = {
  readonly [K in keyof Required<Omit<EnvironmentInput, 'extends'>>]: fc.Arbitrary<Optional<EnvironmentInput[K]>>;
};
type Patches = Optional<EnvironmentInput['patches']>;
type Storage = Optional<EnvironmentInput['storage']>;
type Secrets = Optional<EnvironmentInput['secrets']>;
type Service = Optional<EnvironmentInput['service']>;
type GarbageCollection = Optional<EnvironmentInput['garbageCollection']>;
type Image = Optional<EnvironmentInput['image']>;
type Backup = Optional<EnvironmentInput['backup']>;
type BackupS3 = Optional<Backup['destination']['s3']>;

const sections: Sections = {
  name: pick('mlflow', 'ml', 'a', `x${'-long'.repeat(7)}`),
  namespace: some<Optional<EnvironmentInput['namespace']>>({
    name: namespaceName,
    create: fc.boolean(),
    podSecurity: pick('restricted', 'baseline', 'privileged'),
  }),
  image: some<Image>({
    repository: pick('ghcr.io/mlflow/mlflow', 'registry.example.com:5000/team/mlflow', 'mlflow'),
    tag: pick('tag'),
    digest: pick(`sha256:${'0123456789abcdef'.repeat(4)}`),
    pullPolicy: pick('IfNotPresent', 'Always', 'Never'),
    pullSecret: objectName,
  }),
  mlflowVersion: pick(...RELEASES),
  server,
  database,
  artifacts,
  auth: some<Optional<EnvironmentInput['auth']>>({
    enabled: fc.boolean(),
    secret: objectName,
    usernameKey: key,
    passwordKey: key,
    flaskSecretKeyKey: key,
    defaultPermission: pick('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS'),
    users: fc.uniqueArray(user, { maxLength: 3, selector: ({ name }) => name }),
    cacheSeconds: pick(0, 1, 60, 3600),
  }),
  secrets: some<Secrets>({
    provider: pick('existing', 'generated', 'sealed', 'external'),
    sealed: some<Optional<Secrets['sealed']>>({
      certificate: pick('sealing-certificate.pem', 'controller.crt'),
      scope: pick('strict', 'namespace-wide', 'cluster-wide'),
    }),
    external: some<Optional<Secrets['external']>>(
      {
        store: some<Optional<Secrets['external']>['store']>(
          { name: objectName, kind: pick('ClusterSecretStore', 'SecretStore') },
          'name',
        ),
        refreshInterval: pick('1h', '0s', '1h30m0s'),
        prefix: pick('', 'team/', 'yes'),
        remote: fc.constant({
          NAME: { key: 'team/017', version: '2', keys: { KEY: { key: 'x', property: 'on', version: '1' } } },
        }),
        creationPolicy: pick('Owner', 'Orphan', 'Merge'),
        deletionPolicy: pick('Retain', 'Delete', 'Merge'),
      },
      'store',
    ),
  }),
  clients: fc.uniqueArray(
    some<Items<EnvironmentInput['clients']>>(
      { namespace: pick('jupyterhub', 'argo', '2nd'), user: pick('0', '1'), configMap: objectName, secret: objectName },
      'namespace',
    ),
    { maxLength: 2, selector: ({ namespace }) => namespace },
  ),
  service: some<Service>({
    type: pick('ClusterIP', 'NodePort', 'LoadBalancer'),
    port: pick(80, 443, 5000, 65535),
    nodePort: fc.integer({ min: 30000, max: 32767 }),
    nodeAddresses: few(address),
    loadBalancerIP: address,
    sourceRanges: few(block),
    externalTrafficPolicy: pick('Cluster', 'Local'),
    ipFamilies: fc.shuffledSubarray(['IPv4', 'IPv6'] as const),
    ipFamilyPolicy: pick('SingleStack', 'PreferDualStack', 'RequireDualStack'),
    annotations,
  }),
  networkPolicy,
  storage: some<Storage>({
    data: some<Optional<Storage['data']>>({
      name: objectName,
      size: pick<string | number>('10Gi', '1.5Ti', 1e10),
      storageClass: objectName,
      accessMode: pick('ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'),
      mountPath: pick('/data', '/srv/files.d'),
    }),
  }),
  garbageCollection: some<GarbageCollection>({
    schedule: pick('30 3 * * *', '*/5 0-6,22 1,15 jan-jun MON', '0 0 31 12 6'),
    timeZone: pick('Etc/UTC', 'Europe/Berlin', 'Etc/GMT+1', 'America/Argentina/Buenos_Aires'),
    olderThan: pick('30d', '1d2h3m4s', '90m', '0s'),
    suspend: fc.boolean(),
    timeLimit: pick(600, 86_400),
    resources: some<Optional<GarbageCollection['resources']>>({
      requests: some<Amounts>({ cpu: pick<string | number>('25m', 0.05), memory: pick<string | number>('64Mi', 1e8) }),
      limits: some<Amounts>({ cpu: pick<string | number>(1, '1500m'), memory: pick<string | number>('512Mi', 1e9) }),
    }),
  }),
  smokeTest: some<Optional<EnvironmentInput['smokeTest']>>({ enabled: fc.boolean() }),
  backup: some<Backup>(
    {
      schedule: pick('30 2 * * *', '*/15 0-6 1,15 * mon', '@daily'),
      timeZone: pick('Etc/UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'),
      destination: some<Backup['destination']>({
        claim: some<Optional<Backup['destination']['claim']>>({
          name: objectName,
          create: fc.boolean(),
          size: pick<string | number>('10Gi', 1e10),
          storageClass: objectName,
          accessMode: pick('ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'),
        }),
        s3: some<Optional<Backup['destination']['s3']>>(
          {
            bucket: pick('copies', 'a.b-c'),
            endpoint: pick('https://copies.example.com', 'http://minio.minio.svc:9000', 'http://[fd00::9]:9000'),
            region: pick('us-east-1', 'eu-central-1'),
            addressingStyle: pick('auto', 'path', 'virtual'),
            credentials: some<Optional<BackupS3['credentials']>>({
              secret: pick('copies', 'credentials-of-copies'),
              accessKeyIdKey: pick('id', 'AWS_ACCESS_KEY_ID'),
              secretAccessKeyKey: pick('key', 'AWS_SECRET_ACCESS_KEY'),
            }),
            tls: some<Optional<BackupS3['tls']>>({
              ca: some<Optional<Optional<BackupS3['tls']>['ca']>>({
                configMap: pick('authorities'),
                secret: pick('authorities'),
                key,
              }),
            }),
          },
          'bucket',
        ),
        prefix: pick('copies', 'team/a', 'x'),
      }),
      artifacts: fc.boolean(),
      retention: some<Optional<Backup['retention']>>({
        count: fc.integer({ min: 1, max: 100 }),
        days: fc.integer({ min: 1, max: 1000 }),
      }),
      image: some<Optional<Backup['image']>>({
        repository: pick('postgres', 'registry.example.com:5000/copies/postgres'),
        tag: pick('17.11-trixie', '18.1'),
        digest: pick(`sha256:${'0123456789abcdef'.repeat(4)}`),
      }),
      timeout: pick(60, 3600, 604_800),
      temporaryStorage: pick<string | number>('1Gi', 1e10),
      resources: some<Optional<Backup['resources']>>({
        requests: some<Optional<Optional<Backup['resources']>['requests']>>({
          cpu: pick<string | number>('50m', 0.1),
          memory: pick('100Mi', '256Mi'),
        }),
        limits: some<Optional<Optional<Backup['resources']>['limits']>>({
          cpu: pick<string | number>(1, '2500m'),
          memory: pick('256Mi', '2Gi'),
        }),
      }),
    },
    'destination',
  ),
  availability: some<Optional<EnvironmentInput['availability']>>({
    disruptionBudget: fc.boolean(),
    topologySpread: fc.boolean(),
    antiAffinity: pick('preferred', 'required', 'none'),
  }),
  monitoring,
  labels,
  annotations,
  patches: fc.subarray([...PATCHES]),
};

/** The top-level keys that are generated; `extends` belongs to files. */
export const GENERATED_KEYS = [...Object.keys(sections), 'extends'];

/** A random environment of one of these releases. */
export const randomEnvironmentOf = (...versions: readonly string[]): fc.Arbitrary<EnvironmentInput> =>
  fc
    .record(
      { ...sections, mlflowVersion: pick(...versions) },
      { requiredKeys: ['database', 'artifacts', 'mlflowVersion'], noNullPrototype: true },
    )
    .map((given) => sensible(structuredClone(given) as Drawn));

/** A random environment of any release. */
export const randomEnvironment = randomEnvironmentOf(...RELEASES);

type Drawn = EnvironmentInput & { database: Database; artifacts: Artifacts & { s3: S3 }; mlflowVersion: string };

/** Makes what was drawn key by key agree between keys. */
function sensible(given: Drawn): EnvironmentInput {
  const { mlflowVersion: version, database, artifacts, auth, service, storage, backup, ...rest } = given;
  const settled: EnvironmentInput = { ...rest, ...imageOf(given) };
  if (auth) settled.auth = authOf(auth, version);
  else if (atLeast(version, '3.3.0') && !atLeast(version, '3.4.0')) settled.auth = { enabled: false };
  settled.database = databaseOf(database, version);
  settled.artifacts = artifactsOf(artifacts);
  if (backup) settled.backup = backupOf(backup);
  if (given.secrets) settled.secrets = secretsOf(given.secrets);
  if (given.clients) settled.clients = clientsOf(given.clients, settled.auth?.users ?? []);
  if ((given.secrets?.provider ?? 'existing') !== 'existing') tellApart(settled);
  nameRemote(settled);
  const many = database.embedded || artifacts.embedded || given.secrets?.provider === 'generated';
  // Longer names would not fit into what is made of them.
  if (many && given.name) settled.name = given.name.slice(0, 34);
  if (service) settled.service = serviceOf(service);
  if (storage) settled.storage = storage;
  if (given.server) settled.server = serverOf(given.server, version);
  if (settled.server && (service?.ipFamilyPolicy || service?.ipFamilies?.length)) {
    settled.server.workers = Math.max(2, settled.server.workers ?? 2);
  }
  const alone = storage?.data?.mountPath !== undefined && storage.data.accessMode !== 'ReadWriteMany';
  if (alone && settled.server) {
    settled.server.replicas = Math.min(settled.server.replicas ?? 1, 1);
    delete settled.server.autoscaling;
    delete settled.server.rollout;
  }
  if (settled.server?.autoscaling) delete settled.server.replicas;
  const most = settled.server?.autoscaling?.maxReplicas ?? settled.server?.replicas ?? 1;
  if (most * (settled.server?.workers ?? 4) > 3) settled.database.maxConnections = 1000;
  if (settled.database.embedded) settled.database = withMemory(settled.database);
  if (given.patches) settled.patches = patchesOf(given.patches, settled.name ?? 'mlflow');
  return settled;
}

/** Of a PostgreSQL elsewhere and one of its own, what can be said of the one. */
function databaseOf({ host, port, tls, embedded, ...others }: Database, version: string): Database {
  const shared = (others.name ?? 'mlflow') === others.authName && !atLeast(version, '3.6.0');
  const rest = shared ? { ...others, authName: 'users' } : others;
  if (embedded) {
    const unencrypted = tls?.mode === 'disable' || tls?.mode === 'prefer';
    return { ...rest, embedded, ...(unencrypted ? { tls: { mode: tls.mode } } : {}) };
  }
  const settled: Database = { ...rest, host };
  if (port !== undefined) settled.port = port;
  if (tls) settled.tls = { ...tls };
  if (settled.tls?.mode?.startsWith('verify') && !settled.tls.ca) settled.tls.ca = { secret: 'authorities' };
  if (settled.tls?.ca && !settled.tls.mode?.startsWith('verify')) settled.tls.mode = 'verify-full';
  return settled;
}

/** Memory for all connections: 2Mi each, and a quarter for PostgreSQL's buffers. */
function withMemory({ embedded, maxConnections = 100, ...rest }: Database): Database {
  const memory = maxConnections > 1000 ? '300Gi' : '3Gi';
  const limits = maxConnections > 100 ? { limits: { ...embedded?.resources?.limits, memory } } : {};
  return { ...rest, maxConnections, embedded: { ...embedded, resources: { ...embedded?.resources, ...limits } } };
}

function artifactsOf({ s3, ...artifacts }: Drawn['artifacts']): Artifacts {
  const { tls: _, ...untrusted } = s3;
  if (!artifacts.embedded) return { ...artifacts, s3: s3.endpoint?.startsWith('http:') ? untrusted : s3 };
  const { endpoint: __, addressingStyle, bucket, ...rest } = untrusted;
  const style = addressingStyle === 'auto' || addressingStyle === 'path' ? { addressingStyle } : {};
  // The bucket has a name of its own, and need not be given one.
  const named = rest.prefix === undefined ? {} : { bucket };
  return { embedded: artifacts.embedded, s3: { ...rest, ...style, ...named } };
}

/** One place, of which all that is said agrees. */
function backupOf({ destination: { claim, s3, prefix }, ...rest }: Backup): Backup {
  const folder = prefix === undefined ? {} : { prefix };
  if (!s3) {
    const { name, ...others } = claim ?? {};
    // Another name than any other claim has.
    const own = others.create === false ? { name: 'claim-of-copies' } : name ? { name: `copies-${name}` } : {};
    return { ...rest, destination: { ...folder, claim: { ...others, ...own } } };
  }
  const { tls, ...store } = s3;
  const ca = tls?.ca && oneOf<NonNullable<typeof tls.ca>>('configMap', 'secret', { configMap: 'authorities' })(tls.ca);
  const trusted = ca && !s3.endpoint?.startsWith('http:') ? { tls: { ca } } : {};
  return { ...rest, destination: { ...folder, s3: { ...store, ...trusted } } };
}

/**
 * Keys of one Secret that are the same are left to their defaults, which all differ; and so is the name of a Secret that
 * would be both generated and somebody else's.
 */
function tellApart({ database, artifacts, auth, image }: EnvironmentInput): void {
  const [db, s3] = [database?.credentials, artifacts?.s3?.credentials];
  const generated = [database?.embedded && db?.secret, artifacts?.embedded && s3?.secret];
  if (auth?.enabled !== false) generated.push(auth?.secret);
  if (image && generated.includes(image.pullSecret)) delete image.pullSecret;
  if (!database?.embedded && db && generated.includes(db.secret)) delete db.secret;
  if (!artifacts?.embedded && s3 && generated.includes(s3.secret)) delete s3.secret;
  const taken = new Set<string>();
  const keep = <T extends { secret?: string }>(section: T | undefined, secret: string, ...keys: (keyof T)[]) => {
    for (const key of keys.filter((name) => section?.[name] !== undefined)) {
      const place = `${section?.secret ?? secret}/${String(section?.[key])}`;
      if (taken.has(place)) delete (section as Partial<T>)[key];
      taken.add(place);
    }
  };
  keep(db, 'of the database', 'usernameKey', 'passwordKey');
  keep(s3, 'of the store', 'accessKeyIdKey', 'secretAccessKeyKey');
  keep(auth, 'of the login', 'usernameKey', 'passwordKey', 'flaskSecretKeyKey');
  for (const user of auth?.users ?? []) keep(user, `of ${user.name}`, 'usernameKey', 'passwordKey');
}

/** Without logins there are no users; and from 3.13 on none with less than the default. */
function authOf(auth: NonNullable<EnvironmentInput['auth']>, version: string): EnvironmentInput['auth'] {
  const enabled = atLeast(version, '3.3.0') && !atLeast(version, '3.4.0') ? { enabled: false } : {};
  const settled = { ...auth, ...enabled };
  if (settled.enabled === false) return { ...settled, users: [] };
  const order = ['NO_PERMISSIONS', 'READ', 'EDIT', 'MANAGE'] as const;
  const fewest = atLeast(version, '3.13.0') ? order.indexOf(auth.defaultPermission ?? 'READ') : 0;
  const users = auth.users?.filter(({ permission }) => order.indexOf(permission) >= fewest);
  return users ? { ...settled, users } : settled;
}

/** The settings of the provider that was drawn, and of no other. */
function secretsOf({ provider = 'existing', sealed, external }: Secrets): Secrets {
  if (provider === 'sealed') return sealed ? { provider, sealed } : { provider };
  return provider === 'external' ? { provider, external: external ?? { store: { name: 'vault' } } } : { provider };
}

/** Clients with users that there are: `user` was drawn as an index. */
const clientsOf = (clients: Optional<EnvironmentInput['clients']>, users: readonly { readonly name: string }[]) =>
  clients.map(({ user, secret, ...rest }) => {
    const name = users[Number(user ?? Number.NaN)]?.name;
    return name === undefined ? rest : { ...rest, user: name, ...(secret === undefined ? {} : { secret }) };
  });

/** The place in the store of a Secret that there is, for the one that was drawn without a name. */
function nameRemote({ name = 'mlflow', secrets, database }: EnvironmentInput): void {
  const remote = secrets?.external?.remote?.NAME;
  if (!secrets?.external || !remote) return;
  const { secret = `${name}-db-credentials`, passwordKey = 'password' } = database?.credentials ?? {};
  const keys = Object.fromEntries(Object.values(remote.keys ?? {}).map((value) => [passwordKey, value]));
  secrets.external.remote = { [secret]: { ...remote, keys } };
}

function imageOf({ image, mlflowVersion: version, auth }: Drawn): Pick<EnvironmentInput, 'image' | 'mlflowVersion'> {
  if (version === '3.18.0' && !image) return {};
  const { repository, tag, ...rest } = image ?? {};
  const full = atLeast(version, auth?.enabled === false ? '3.9.0' : '3.14.0');
  if (repository === 'ghcr.io/mlflow/mlflow' && full)
    return { image: { ...rest, repository, tag: `v${version}-full` } };
  const own =
    repository === undefined || repository === 'ghcr.io/mlflow/mlflow' ? 'registry.example.com/mlflow' : repository;
  if (tag === undefined && rest.digest) return { image: { ...rest, repository: own }, mlflowVersion: version };
  return { image: { ...rest, repository: own, tag: `${version}-4` } };
}

function serviceOf({
  nodePort,
  nodeAddresses,
  loadBalancerIP,
  sourceRanges,
  externalTrafficPolicy,
  ...rest
}: Service): Service {
  const outside = rest.type === 'NodePort' || rest.type === 'LoadBalancer';
  if (rest.ipFamilyPolicy === 'SingleStack') rest.ipFamilies = rest.ipFamilies?.slice(0, 1);
  const given = {
    ...rest,
    ...(outside ? { nodePort, externalTrafficPolicy } : {}),
    ...(outside && nodePort !== undefined ? { nodeAddresses } : {}),
    ...(rest.type === 'LoadBalancer' ? { loadBalancerIP, sourceRanges } : {}),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function serverOf(given: Server, version: string): Server {
  const options = Object.entries(given.options ?? {}).filter(([name]) =>
    takesOption(version, name as keyof typeof OPTIONS),
  );
  const memory = (given.workers ?? 4) > 2 && given.resources ? { memory: '16Gi' } : {};
  return {
    ...given,
    ...(given.options ? { options: Object.fromEntries(options) } : {}),
    ...(given.resources ? { resources: { ...given.resources, limits: { ...given.resources.limits, ...memory } } } : {}),
  };
}

const patchesOf = (given: Patches, name: string): Patches =>
  given.map((patch) => ({ ...patch, name: patch.name === 'NAME' ? name : patch.name }));
