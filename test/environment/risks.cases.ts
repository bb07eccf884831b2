import type { RiskName } from '../../lib/components/shared/risks/risk';
import type { EnvironmentInput } from '../../lib/environment/model';
import { SMALLEST } from '../support/support';

/** Settings that open more than they say, by title: the environment, and the key and risk that synth must name. */
export type RiskCase = readonly [title: string, input: EnvironmentInput, key: string, risk: RiskName];

const s3 = SMALLEST.artifacts.s3;
const own: EnvironmentInput = { database: { embedded: {} }, artifacts: { embedded: {} } };
const off = { auth: { enabled: false } };
const destination = (given: object): EnvironmentInput => ({ ...SMALLEST, backup: { destination: given } });

/** Every kind of setting of which synth must say what it opens, except variables: risky-variables.cases.ts. */
export const RISKY_SETTINGS: readonly RiskCase[] = [
  ...(['NodePort', 'LoadBalancer'] as const).flatMap((type): RiskCase[] => [
    [`no login behind a ${type}`, { ...SMALLEST, ...off, service: { type } }, 'service.type', 'no-login'],
    [
      `no login behind a ${type} for one network`,
      { ...SMALLEST, ...off, service: { type }, networkPolicy: { clients: { cidrs: ['192.168.1.0/24'] } } },
      'service.type',
      'no-login',
    ],
    [`a ${type} for every address`, { ...SMALLEST, service: { type } }, 'service.type', 'open-network'],
    [
      `a ${type} whose addresses are not checked`,
      {
        ...SMALLEST,
        service: { type },
        networkPolicy: { enabled: false, clients: { cidrs: ['10.0.0.0/8'] } },
      },
      'service.type',
      'open-network',
    ],
  ]),
  [
    'source ranges that leave the port of the nodes open',
    { ...SMALLEST, service: { type: 'LoadBalancer', sourceRanges: ['10.0.0.0/8'] } },
    'service.sourceRanges',
    'open-network',
  ],
  ...['0.0.0.0/0', '128.0.0.0/1', '::/0', '2000::/3'].flatMap((cidr): RiskCase[] => [
    [
      `source range ${cidr}`,
      { ...SMALLEST, service: { type: 'LoadBalancer', sourceRanges: [cidr] } },
      'service.sourceRanges[0]',
      'open-network',
    ],
    [
      `clients in ${cidr}`,
      { ...SMALLEST, networkPolicy: { clients: { cidrs: ['10.0.0.0/8', cidr] } } },
      'networkPolicy.clients.cidrs[1]',
      'open-network',
    ],
    [
      `egress to ${cidr}`,
      { ...SMALLEST, networkPolicy: { egress: [{ cidr }] } },
      'networkPolicy.egress[0]',
      'open-network',
    ],
  ]),
  ...[own, { ...SMALLEST, ...own, artifacts: SMALLEST.artifacts }, { ...own, database: SMALLEST.database }].map(
    (stores): RiskCase => [
      `no policy beside embedded ${Object.keys(stores).filter((key) => 'embedded' in Object(Reflect.get(stores, key)))}`,
      { ...stores, networkPolicy: { enabled: false } },
      'networkPolicy.enabled',
      'open-network',
    ],
  ),
  [
    'neither policy nor login',
    { ...SMALLEST, ...off, networkPolicy: { enabled: false } },
    'networkPolicy.enabled',
    'open-network',
  ],
  [
    'clients that no policy restricts',
    { ...SMALLEST, networkPolicy: { enabled: false, clients: { namespaces: ['jupyter'] } } },
    'networkPolicy.enabled',
    'open-network',
  ],
  ...['2000::/3', '2600::/12', '::/8'].map(
    (cidr): RiskCase => [
      `clients in ${cidr}`,
      { ...SMALLEST, networkPolicy: { clients: { cidrs: [cidr] } } },
      'networkPolicy.clients.cidrs[0]',
      'open-network',
    ],
  ),
  [
    'every origin',
    { ...SMALLEST, server: { corsAllowedOrigins: ['https://a.example.com', '*'] } },
    'server.corsAllowedOrigins[1]',
    'weak-server',
  ],
  [
    'users who manage all',
    { ...SMALLEST, auth: { defaultPermission: 'MANAGE' } },
    'auth.defaultPermission',
    'weak-server',
  ],
  [
    'a privileged namespace',
    { ...SMALLEST, namespace: { podSecurity: 'privileged' } },
    'namespace.podSecurity',
    'weak-pods',
  ],
  ...(['disable', 'prefer', 'require'] as const).map(
    (mode): RiskCase => [
      `PostgreSQL elsewhere with sslmode ${mode}`,
      { ...SMALLEST, database: { host: 'db.example.com', tls: { mode } } },
      'database.tls.mode',
      'plain-connections',
    ],
  ),
  [
    'PostgreSQL at a public address without TLS',
    { ...SMALLEST, database: { host: '203.0.113.7', tls: { mode: 'disable' } } },
    'database.tls.mode',
    'plain-connections',
  ],
  [
    'a store elsewhere over http',
    { ...SMALLEST, artifacts: { s3: { ...s3, endpoint: 'http://s3.example.com' } } },
    'artifacts.s3.endpoint',
    'plain-connections',
  ],
  [
    'backups elsewhere over http',
    destination({ s3: { bucket: 'backups', endpoint: 'http://s3.example.com:9000' } }),
    'backup.destination.s3.endpoint',
    'plain-connections',
  ],
  [
    'backups in the bucket of the artifacts',
    {
      ...SMALLEST,
      artifacts: { s3: { ...s3, prefix: 'artifacts' } },
      backup: { destination: { s3: { bucket: s3.bucket }, prefix: 'backups' } },
    },
    'backup.destination.s3.bucket',
    'exposed-backups',
  ],
  [
    'backups with the key of the artifacts',
    destination({ s3: { bucket: 'backups', credentials: { secret: 'mlflow-s3-secret' } } }),
    'backup.destination.s3.credentials.secret',
    'exposed-backups',
  ],
  [
    'backups in the embedded store',
    { ...own, backup: { destination: { s3: { bucket: 'backups', endpoint: 'http://mlflow-object-store:7070' } } } },
    'backup.destination.s3.endpoint',
    'exposed-backups',
  ],
  ...[
    'mlflow-object-store.mlflow',
    'MLFLOW-object-store.mlflow.svc',
    'mlflow-object-store.mlflow.svc.cluster.local.',
  ].map(
    (host): RiskCase => [
      `backups in the embedded store by the name ${host}`,
      { ...own, backup: { destination: { s3: { bucket: 'backups', endpoint: `http://${host}:7070` } } } },
      'backup.destination.s3.endpoint',
      'exposed-backups',
    ],
  ),
  ...(
    [
      [undefined, 'https://s3.eu-central-1.amazonaws.com'],
      ['https://s3.amazonaws.com', 'https://s3.amazonaws.com:443'],
      ['http://minio.minio:9000', 'http://minio.minio.svc.cluster.local:9000'],
      ['http://minio.minio.svc', 'http://minio.minio:80'],
    ] as const
  ).map(
    ([store, endpoint]): RiskCase => [
      `backups in the bucket of the artifacts, ${store} as ${endpoint}`,
      {
        ...SMALLEST,
        artifacts: { s3: { ...s3, endpoint: store, prefix: 'artifacts' } },
        backup: { destination: { s3: { bucket: s3.bucket, endpoint }, prefix: 'backups' } },
      },
      'backup.destination.s3.bucket',
      'exposed-backups',
    ],
  ),
  [
    'backups on a volume of the server',
    {
      ...destination({ claim: { name: 'mlflow-data', create: false } }),
      storage: { data: { mountPath: '/data' } },
    },
    'backup.destination.claim.name',
    'exposed-backups',
  ],
  [
    'one backup',
    { ...SMALLEST, backup: { destination: { claim: {} }, retention: { count: 1 } } },
    'backup.retention.count',
    'early-deletion',
  ],
  ...[
    ['* * * * *', 1440],
    ['0 * * * *', 24],
    ['*/30 8-17 * * 1-5', 20],
  ].map(
    ([schedule, count]): RiskCase => [
      `${count} backups at ${schedule}`,
      {
        ...SMALLEST,
        backup: { schedule: String(schedule), destination: { claim: {} }, retention: { count: Number(count) } },
      },
      'backup.retention.count',
      'early-deletion',
    ],
  ),
  [
    'backups of one day',
    { ...SMALLEST, backup: { destination: { claim: {} }, retention: { days: 1 } } },
    'backup.retention.days',
    'early-deletion',
  ],
  [
    'bodies that do not fit into memory',
    { ...SMALLEST, server: { maxRequestBody: '1Gi' } },
    'server.maxRequestBody',
    'weak-server',
  ],
  ...['0d', '23h59m', '0s'].map(
    (olderThan): RiskCase => [
      `garbage of ${olderThan}`,
      { ...SMALLEST, garbageCollection: { olderThan } },
      'garbageCollection.olderThan',
      'early-deletion',
    ],
  ),
];
