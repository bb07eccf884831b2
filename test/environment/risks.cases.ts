import type { RiskName } from '../../lib/components/shared/risks/risk';
import type { EnvironmentInput } from '../../lib/environment/model';
import { SMALLEST } from '../support/support';

/** Settings that open more than they say, by title: the environment, and the key and risk that synth must name. */
export type RiskCase = readonly [title: string, input: EnvironmentInput, key: string, risk: RiskName];

const s3 = SMALLEST.artifacts.s3;
const own: EnvironmentInput = { database: { embedded: {} }, artifacts: { embedded: {} } };
const off = { auth: { enabled: false } };

/** Every kind of setting of which synth must say what it opens, except variables (risky-variables.cases.ts) and backups (kept-data-risks.cases.ts). */
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
    "the administrator's password as a variable of other programs",
    { ...SMALLEST, server: { env: { FOO: { secret: 'mlflow-basic-auth', key: 'MLFLOW_TRACKING_PASSWORD' } } } },
    'server.env.FOO',
    'weak-pods',
  ],
  ...(
    [
      ['MLFLOW_BASIC_AUTH_FAIL_CLOSED', 'no-login'],
      ['MLFLOW_SERVER_ENABLE_CUSTOM_SCORERS', 'foreign-code'],
      ['MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS', 'weak-server'],
      ['MLFLOW_S3_IGNORE_TLS', 'plain-connections'],
      ['PYTHONWARNINGS', 'foreign-code'],
      ['LD_PRELOAD', 'foreign-code'],
    ] as const
  ).map(
    ([name, risk]): RiskCase => [
      `${name} with a value that synth does not see`,
      { ...SMALLEST, server: { env: { [name]: { configMap: 'settings', key: 'a' } } } },
      `server.env.${name}`,
      risk,
    ],
  ),
  ...(['NodePort', 'LoadBalancer'] as const).map(
    (type): RiskCase => [
      `a ${type} for every address, whatever else is accepted`,
      { ...SMALLEST, ...off, service: { type }, allow: ['no-login'] },
      'service.type',
      'open-network',
    ],
  ),
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
    [
      `DNS in ${cidr}`,
      { ...SMALLEST, networkPolicy: { dns: [{ namespace: 'kube-system' }, { cidr }] } },
      'networkPolicy.dns[1]',
      'open-network',
    ],
  ]),
  ...['169.254.0.0/16', '169.254.169.252/30', 'fd00:ec2::/64'].map(
    (cidr): RiskCase => [
      `egress to metadata services in ${cidr}`,
      { ...SMALLEST, networkPolicy: { egress: [{ cidr }] } },
      'networkPolicy.egress[0]',
      'open-network',
    ],
  ),
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
    'sessions that are signed with the password',
    { ...SMALLEST, auth: { flaskSecretKeyKey: 'MLFLOW_TRACKING_PASSWORD' } },
    'auth.flaskSecretKeyKey',
    'weak-server',
  ],
  [
    'a user with the password of the administrator',
    { ...SMALLEST, auth: { users: [{ name: 'ann', permission: 'READ', secret: 'mlflow-basic-auth' }] } },
    'auth.users[0].secret',
    'weak-server',
  ],
  ...(
    [
      ['the administrator', 'mlflow-basic-auth', 'MLFLOW_TRACKING_PASSWORD'],
      ['PostgreSQL', 'mlflow-db-credentials', 'password'],
    ] as const
  ).map(
    ([whose, secret, passwordKey]): RiskCase => [
      `a scraper with the password of ${whose}`,
      { ...SMALLEST, monitoring: { metrics: { credentials: { secret, passwordKey } } } },
      'monitoring.metrics.credentials.secret',
      'weak-server',
    ],
  ),
  ...['hunter2hunter2', 'Tr0ub4dorAnd3', 'db-9f86d081884c7d65', 'AKIAIOSFODNN7EXAMPLE'].map(
    (passwordKey): RiskCase => [
      `the password ${passwordKey} as the name of its key`,
      { ...SMALLEST, database: { host: 'postgres', credentials: { passwordKey } } },
      'database.credentials.passwordKey',
      'plain-secrets',
    ],
  ),
  ...['17', '17-trixie'].map(
    (tag): RiskCase => [
      `the tag ${tag} of many releases`,
      { ...own, database: { embedded: { image: { tag } } } },
      'database.embedded.image.tag',
      'weak-pods',
    ],
  ),
  [
    'a backup with the tag of many releases',
    { ...SMALLEST, backup: { destination: { claim: {} }, image: { tag: '17' } } },
    'backup.image.tag',
    'weak-pods',
  ],
  [
    'a store with the tag of many releases',
    { ...own, artifacts: { embedded: { image: { tag: 'v1' } } } },
    'artifacts.embedded.image.tag',
    'weak-pods',
  ],
  [
    'an image of MLflow with the tag of many releases',
    { ...SMALLEST, mlflowVersion: '3.18.0', image: { repository: 'registry.example.com/mlflow', tag: 'v3' } },
    'image.tag',
    'weak-pods',
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
    'no login behind external addresses',
    { ...SMALLEST, ...off, service: { externalIPs: ['203.0.113.9'] } },
    'service.externalIPs',
    'no-login',
  ],
  [
    'external addresses for everyone',
    { ...SMALLEST, service: { externalIPs: ['203.0.113.9'] } },
    'service.externalIPs',
    'open-network',
  ],
  [
    'PostgreSQL at a public address without TLS',
    { ...SMALLEST, database: { host: '203.0.113.7', tls: { mode: 'disable' } } },
    'database.tls.mode',
    'plain-connections',
  ],
  ...['example.com', 'example.de', 'EXAMPLE.IO.'].map(
    (host): RiskCase => [
      `PostgreSQL at ${host}, which is no Service`,
      { ...SMALLEST, database: { host } },
      'database.tls.mode',
      'plain-connections',
    ],
  ),
  [
    'a store elsewhere over http',
    { ...SMALLEST, artifacts: { s3: { ...s3, endpoint: 'http://s3.example.com' } } },
    'artifacts.s3.endpoint',
    'plain-connections',
  ],
  [
    'bodies that do not fit into memory',
    { ...SMALLEST, server: { maxRequestBody: '1Gi' } },
    'server.maxRequestBody',
    'weak-server',
  ],
];
