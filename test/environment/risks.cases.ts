import type { RiskName } from '../../lib/components/shared/risks/risk';
import type { EnvironmentInput } from '../../lib/environment/model';
import { SMALLEST } from '../support/support';

/** Settings that open more than they say, by title: the environment, and the key and risk that synth must name. */
export type RiskCase = readonly [title: string, input: EnvironmentInput, key: string, risk: RiskName];

const s3 = SMALLEST.artifacts.s3;
const own: EnvironmentInput = { database: { embedded: {} }, artifacts: { embedded: {} } };
const off = { auth: { enabled: false } };
const env = (name: string, value: string, risk: RiskName): RiskCase => [
  `${name}=${value.slice(0, 50)}`,
  { ...SMALLEST, server: { env: { [name]: value } } },
  `server.env.${name}`,
  risk,
];
const option = (name: string, value: string | boolean, risk: RiskName, mlflowVersion = '3.18.0'): RiskCase => [
  `--${name}=${value}`,
  {
    ...SMALLEST,
    ...(mlflowVersion === '3.18.0' ? {} : { image: { repository: 'own/mlflow', tag: mlflowVersion } }),
    server: { options: { [name]: value } },
  },
  `server.options.${name}`,
  risk,
];
const destination = (given: object): EnvironmentInput => ({ ...SMALLEST, backup: { destination: given } });

/** Every kind of setting of which synth must say what it opens. */
export const RISKY: readonly RiskCase[] = [
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
  ...[
    ['MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY', 'Zm9vYmFyYmF6'],
    ['MLFLOW_CRYPTO_KEK_PASSPHRASE', 'correct horse'],
    ['MLFLOW_TRACKING_TOKEN', 'abc123'],
    ['MLFLOW_AUTH_ADMIN_PASSWORD', 'password1234'],
    ['OPENAI_API_KEY', 'whatever'],
    ['HF_TOKEN', 'whatever'],
    ['SMTP_PASS', 'whatever'],
    ['MYSQL_PWD', '12345678'],
    ['ADMIN_CREDENTIALS', 'admin:admin'],
    ['MLFLOW_REGISTRY_URI', 'postgresql://mlflow:p4ss/word@db/registry'],
    ['DATABASE_URL', 'postgresql://db/registry?user=a&password=b'],
    ['HTTPS_PROXY', 'http://proxy-user:proxy-pass@proxy.example.com:3128'],
    ['MLFLOW_SERVER_JOB_HUEY_REDIS_URL', 'redis://:hunter2@redis:6379/0'],
    ['AZURE_STORAGE_CONNECTION_STRING', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9v==;'],
    ['NOTE', 'AKIAIOSFODNN7EXAMPLE'],
    ['NOTE', `ghp_${'a1'.repeat(18)}`],
    ['NOTE', `sk-proj-${'a1'.repeat(16)}`],
    ['NOTE', `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`],
    ['NOTE', '-----BEGIN RSA PRIVATE KEY-----\nMII'],
    ['HEADERS', 'Authorization: Basic YWRtaW46aHVudGVyMg=='],
    ['SETTINGS', '{"user": "a", "password": "hunter2"}'],
  ].map(([name = '', value = '']) => env(name, value, 'plain-secrets')),
  ...(
    [
      ['annotations', { annotations: { 'example.com/password': 'hunter2' } }, 'annotations."example.com/password"'],
      [
        'annotations of the Service',
        { service: { annotations: { 'example.com/hook': 'https://user:hunter2@example.com' } } },
        'service.annotations."example.com/hook"',
      ],
      [
        'annotations of the dashboard',
        { monitoring: { metrics: {}, dashboard: { annotations: { 'grafana-api-key': 'hunter2' } } } },
        'monitoring.dashboard.annotations.grafana-api-key',
      ],
      [
        'annotations whose names often name an object',
        { annotations: { 'example.com/jwt-key': '9f86d081884c7d659a2feaa0c55ad015' } },
        'annotations."example.com/jwt-key"',
      ],
      [
        'annotations that name a Secret, as a URL',
        { annotations: { 'example.com/pull-secret': 'https://user:hunter2@example.com' } },
        'annotations."example.com/pull-secret"',
      ],
      ['labels', { labels: { token: 'hunter2' } }, 'labels.token'],
      [
        'the address of runbooks',
        { monitoring: { metrics: {}, rules: { runbooks: 'https://user:hunter2@git.example.com/docs' } } },
        'monitoring.rules.runbooks',
      ],
    ] as const
  ).map(([where, more, key]): RiskCase => [`a secret in ${where}`, { ...SMALLEST, ...more }, key, 'plain-secrets']),
  ...[
    ...['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'GCONV_PATH', 'HOSTALIASES', 'PYTHONPATH'],
    ...['PYTHONHOME', 'PYTHONSTARTUP', 'PYTHONINSPECT', 'PYTHONUSERBASE', 'PYTHONBREAKPOINT'],
    ...['PATH', 'BASH_ENV', 'ENV', 'GIT_SSH_COMMAND', 'GIT_PYTHON_GIT_EXECUTABLE', 'OPENSSL_CONF', 'NODE_OPTIONS'],
    ...['JAVA_TOOL_OPTIONS', 'UVICORN_LOG_CONFIG', 'UVICORN_ENV_FILE', 'UVICORN_APP_DIR', 'DOCKER_HOST'],
  ].map((name) => env(name, '/data/x', 'foreign-code')),
  env('PYTHONWARNINGS', 'error::evil.Warning', 'foreign-code'),
  env('GUNICORN_CMD_ARGS', '--threads 4 --config python:evil', 'foreign-code'),
  env('GUNICORN_CMD_ARGS', '-c /data/gunicorn.py', 'foreign-code'),
  env('GUNICORN_CMD_ARGS', '--logger-class=evil.Logger', 'foreign-code'),
  env('MLFLOW_SERVER_ENABLE_CUSTOM_SCORERS', 'true', 'foreign-code'),
  env('MLFLOW_ENABLE_ASSISTANT_SANDBOX', 'false', 'foreign-code'),
  env('MLFLOW_BASIC_AUTH_FAIL_CLOSED', 'False', 'no-login'),
  env('MLFLOW_SERVER_ENABLE_GRAPHQL_AUTH', '0', 'no-login'),
  env('MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE', 'true', 'weak-server'),
  env('MLFLOW_SERVER_CORS_ALLOWED_ORIGINS', 'https://a.example.com,*', 'weak-server'),
  env('MLFLOW_SERVER_X_FRAME_OPTIONS', 'NONE', 'weak-server'),
  env('MLFLOW_SERVER_ALLOWED_HOSTS', 'a.example.com, *', 'weak-server'),
  env('MLFLOW_SERVER_ENABLE_JOB_EXECUTION', 'true', 'weak-server'),
  env('MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS', 'true', 'weak-server'),
  env('MLFLOW_GATEWAY_API_BASE_ALLOW_PRIVATE_IPS', 'true', 'weak-server'),
  env('MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES', 'http,https', 'weak-server'),
  env('FORWARDED_ALLOW_IPS', '*', 'weak-server'),
  env('FLASK_DEBUG', '1', 'weak-server'),
  env('MLFLOW_WEBHOOK_ALLOWED_SCHEMES', 'http,https', 'plain-connections'),
  env('MLFLOW_S3_IGNORE_TLS', 'true', 'plain-connections'),
  env('PYTHONHTTPSVERIFY', '0', 'plain-connections'),
  env('REQUESTS_CA_BUNDLE', '', 'plain-connections'),
  env('SSLKEYLOGFILE', '/tmp/keys', 'plain-connections'),
  env('MLFLOW_SQLALCHEMYSTORE_ECHO', 'true', 'verbose-logs'),
  env('GUNICORN_CMD_ARGS', '--access-logformat "%({authorization}i)s"', 'verbose-logs'),
  option('disable-security-middleware', true, 'weak-server'),
  option('x-frame-options', 'NONE', 'weak-server'),
  option('uvicorn-opts', '--env-file /data/.env', 'foreign-code'),
  option('uvicorn-opts', "--forwarded-allow-ips='*'", 'weak-server'),
  option('gunicorn-opts', '--pythonpath=/data', 'foreign-code', '3.1.0'),
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

/** Settings that look like these and open nothing, or nothing beyond what they say, with the reason. */
export const ALLOWED: readonly (readonly [reason: string, input: EnvironmentInput])[] = [
  [
    'a load balancer for one network',
    { ...SMALLEST, service: { type: 'LoadBalancer' }, networkPolicy: { clients: { cidrs: ['192.168.1.0/24'] } } },
  ],
  [
    'source ranges that the policy enforces, too',
    { ...SMALLEST, service: { type: 'LoadBalancer', sourceRanges: ['10.0.0.0/8'], externalTrafficPolicy: 'Local' } },
  ],
  ['no login for pods that the policy admits', { ...SMALLEST, ...off }],
  ['no policy, which is what the key says', { ...SMALLEST, networkPolicy: { enabled: false } }],
  [
    'keys that are no secret, and names of files and Secrets',
    {
      ...SMALLEST,
      annotations: {
        'nginx.ingress.kubernetes.io/auth-secret': 'mlflow/basic-auth',
        'a.example.com/agent-inject-token': 'true',
        'a.example.com/agent-inject-secret-db-password': 'database/creds/mlflow',
        'nginx.com/jwt-key': 'cafe-jwk',
        'nginx.com/jwt-token': '$http_token',
        'konghq.com/credential': 'key-auth',
        'a.example.com/pull-secret': 'pullsecret:argocd/dockerhub',
      },
      server: {
        env: {
          TZ: 'Europe/Berlin',
          AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/token',
          TLS_PRIVATE_KEY: '/etc/tls/tls.key',
          OPENAI_MAX_TOKENS: '4096',
          USE_API_KEY: 'false',
          DATABASE_URL: 'postgresql://$(PGUSER):$(PGPASSWORD)@db/x',
          MY_PASSWORD: '$(PGPASSWORD)',
          NO_PROXY: 'http://host:8080/a@b',
          HTTP_PROXY: 'http://proxy.example.com:3128',
          NOTE: 'Basic authentication is on; config=1, tokens=5',
          MALLOC_ARENA_MAX: '2',
          ENV: 'production',
          RES_OPTIONS: 'ndots:1',
          GLIBC_TUNABLES: 'glibc.malloc.arena_max=2',
          PYTHONPYCACHEPREFIX: '/tmp/pycache',
          PYTHONOPTIMIZE: '1',
          PYTHONCASEOK: '1',
          PYTHONWARNINGS: 'ignore',
          PYTHONHASHSEED: '1',
          MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
          MLFLOW_BASIC_AUTH_FAIL_CLOSED: 'true',
          MLFLOW_SERVER_X_FRAME_OPTIONS: 'DENY',
          FORWARDED_ALLOW_IPS: '10.0.0.1',
          GUNICORN_CMD_ARGS: '--worker-class gthread --max-requests=1000',
        },
      },
    },
  ],
  [
    'variables of sources, whose values are unknown at synth',
    { ...SMALLEST, server: { envFrom: [{ secret: 'more' }] } },
  ],
  ...[
    'db',
    'db.postgres',
    'db.postgres.svc',
    'db.postgres.svc.cluster.local',
    'pg-0.pg.db.svc',
    'minio-0.minio-hl.storage.svc',
    'pg-0.pg.db.svc.cluster.local',
    'db.corp',
    'db.x.lan',
    '192.168.1.9',
    'fd00::1',
  ].map((host): readonly [string, EnvironmentInput] => [
    `PostgreSQL in the cluster or network: ${host}`,
    { ...SMALLEST, database: { host, tls: { mode: 'disable' } } },
  ]),
  [
    'a store in the cluster over http',
    { ...SMALLEST, artifacts: { s3: { ...s3, endpoint: 'http://minio.minio.svc.cluster.local:9000' } } },
  ],
  ['garbage after a day', { ...SMALLEST, garbageCollection: { olderThan: '24h' } }],
  [
    'backups on a volume that no server mounts',
    { ...destination({ claim: { name: 'mlflow-data', create: false } }), storage: { data: {} } },
  ],
  ['users with a permission of their own', { ...SMALLEST, auth: { users: [{ name: 'a', permission: 'MANAGE' }] } }],
  ['verbose logs of MLflow, which contain no secret', { ...SMALLEST, server: { logLevel: 'DEBUG', accessLog: true } }],
];
