import type { EnvironmentInput } from '../../lib/environment/model';
import { SMALLEST } from '../support/support';

const { s3 } = SMALLEST.artifacts;

/** Settings that look like these and open nothing, or nothing beyond what they say, with the reason. */
export const ALLOWED: readonly (readonly [reason: string, input: EnvironmentInput])[] = [
  [
    'a load balancer for one network',
    { ...SMALLEST, service: { type: 'LoadBalancer' }, networkPolicy: { clients: { cidrs: ['192.168.1.0/24'] } } },
  ],
  [
    'usual names of keys of Secrets',
    {
      ...SMALLEST,
      database: { host: 'postgres', credentials: { usernameKey: 'user1', passwordKey: 'postgres-password-2' } },
      artifacts: {
        s3: { ...s3, credentials: { accessKeyIdKey: 's3accesskeyid', secretAccessKeyKey: 'AWS_S3_SECRET_ACCESS_KEY' } },
      },
      auth: { passwordKey: 'oauth2proxypassword', flaskSecretKeyKey: 'flask.key.b64' },
    },
  ],
  [
    'tags of releases, of builds, and of digests',
    {
      ...SMALLEST,
      mlflowVersion: '3.18.0',
      image: { repository: 'registry.example.com/mlflow', tag: '20261129' },
      backup: { destination: { claim: {} }, image: { tag: '17', digest: `sha256:${'0'.repeat(64)}` } },
    },
  ],
  [
    'blocks of IPv6',
    { ...SMALLEST, networkPolicy: { clients: { cidrs: ['fc00::/7', '2001:db8::/32', 'fe80::/10', '2001::/16'] } } },
  ],
  [
    'source ranges that the policy enforces, too',
    { ...SMALLEST, service: { type: 'LoadBalancer', sourceRanges: ['10.0.0.0/8'], externalTrafficPolicy: 'Local' } },
  ],
  ['no login for pods that the policy admits', { ...SMALLEST, auth: { enabled: false } }],
  ['no policy, which is what the key says', { ...SMALLEST, networkPolicy: { enabled: false } }],
  ...['postgres', 'postgres.db', 'postgres.databases', 'pg-0.pg.ml.svc', 'pg.ml.svc.k8s.example.com', 'nas.lan'].map(
    (host): (typeof ALLOWED)[number] => [
      `PostgreSQL in the cluster or the house as ${host}`,
      { ...SMALLEST, database: { host } },
    ],
  ),
  [
    'more backups than of a day',
    { ...SMALLEST, backup: { schedule: '0 * * * *', destination: { claim: {} }, retention: { count: 25 } } },
  ],
  [
    'a bucket of the same name in another store',
    {
      ...SMALLEST,
      backup: { destination: { s3: { bucket: s3.bucket, endpoint: 'https://s3.backups.example.com' } } },
    },
  ],
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
          VAULT_TOKEN_FILE: '/var/run/secrets/token',
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
          FORWARDED_ALLOW_IPS: '10.0.0.1,10.0.0.0/8,a:b/24',
        },
        options: {
          'x-frame-options': 'DENY',
          'registry-store-uri': 'postgresql+psycopg2://registry/models',
          'uvicorn-opts': '--loop asyncio --limit-max-requests=1000',
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
    {
      ...SMALLEST,
      backup: { destination: { claim: { name: 'mlflow-data', create: false } } },
      storage: { data: {} },
    },
  ],
  ['users with a permission of their own', { ...SMALLEST, auth: { users: [{ name: 'a', permission: 'MANAGE' }] } }],
  ['verbose logs of MLflow, which contain no secret', { ...SMALLEST, server: { logLevel: 'DEBUG', accessLog: true } }],
];
