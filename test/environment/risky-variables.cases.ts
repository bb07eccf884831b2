import type { RiskName } from '../../lib/components/shared/risks/risk';
import { SMALLEST } from '../support/support';
import type { RiskCase } from './risks.cases';

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

/** Variables, options and texts, with what synth must say of them. */
export const RISKY_VARIABLES: readonly RiskCase[] = [
  ...[
    ['MLFLOW_TRACKING_TOKEN', 'abc123'],
    ['MLFLOW_AUTH_ADMIN_PASSWORD', 'password1234'],
    ['OPENAI_API_KEY', 'whatever'],
    ['OPENAI_KEY', 'whatever1'],
    ['MY_CREDS', 'whatever'],
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
  env('OAUTH2_PROXY_SSL_INSECURE_SKIP_VERIFY', 'true', 'plain-connections'),
  env('OAUTH2_PROXY_COOKIE_SECURE', 'false', 'plain-connections'),
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
    ...['JAVA_TOOL_OPTIONS', 'UVICORN_LOG_CONFIG', 'DOCKER_HOST'],
  ].map((name) => env(name, '/data/x', 'foreign-code')),
  env('PYTHONWARNINGS', 'error::evil.Warning', 'foreign-code'),
  option('gunicorn-opts', '--keep-alive 4 --config python:evil', 'foreign-code', '3.1.0'),
  option('gunicorn-opts', '-c /data/gunicorn.py', 'foreign-code', '3.1.0'),
  option('gunicorn-opts', '--logger-class=evil.Logger', 'foreign-code', '3.1.0'),
  env('MLFLOW_SERVER_ENABLE_CUSTOM_SCORERS', 'true', 'foreign-code'),
  env('MLFLOW_ENABLE_ASSISTANT_SANDBOX', 'false', 'foreign-code'),
  env('MLFLOW_BASIC_AUTH_FAIL_CLOSED', 'False', 'no-login'),
  env('MLFLOW_SERVER_ENABLE_GRAPHQL_AUTH', '0', 'no-login'),
  env('MLFLOW_SERVER_ENABLE_JOB_EXECUTION', 'true', 'weak-server'),
  env('MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS', 'true', 'weak-server'),
  env('MLFLOW_GATEWAY_API_BASE_ALLOW_PRIVATE_IPS', 'true', 'weak-server'),
  env('MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES', 'http,https', 'weak-server'),
  env('FORWARDED_ALLOW_IPS', '*', 'weak-server'),
  env('FORWARDED_ALLOW_IPS', '10.0.0.1, 0.0.0.0/0', 'weak-server'),
  option('registry-store-uri', 'sqlite:////data/models.db', 'early-deletion'),
  option('registry-store-uri', 'file:///tmp/models', 'early-deletion'),
  option('registry-store-uri', '/tmp/models', 'early-deletion'),
  option('workspace-store-uri', 'sqlite:///x.db', 'early-deletion'),
  env('FLASK_DEBUG', '1', 'weak-server'),
  env('MLFLOW_WEBHOOK_ALLOWED_SCHEMES', 'http,https', 'plain-connections'),
  env('MLFLOW_S3_IGNORE_TLS', 'true', 'plain-connections'),
  env('PYTHONHTTPSVERIFY', '0', 'plain-connections'),
  env('REQUESTS_CA_BUNDLE', '', 'plain-connections'),
  env('SSLKEYLOGFILE', '/tmp/keys', 'plain-connections'),
  env('MLFLOW_SQLALCHEMYSTORE_ECHO', 'true', 'verbose-logs'),
  option('gunicorn-opts', '--access-logformat "%({authorization}i)s"', 'verbose-logs', '3.1.0'),
  option('disable-security-middleware', true, 'weak-server'),
  option('x-frame-options', 'NONE', 'weak-server'),
  option('uvicorn-opts', '--log-config /data/log.py', 'foreign-code'),
  option('uvicorn-opts', '--loop evil:loop', 'foreign-code'),
  option('uvicorn-opts', '--forwarded-allow-ips ::/0', 'weak-server'),
  option('uvicorn-opts', "--forwarded-allow-ips='*'", 'weak-server'),
  option('gunicorn-opts', '--pythonpath=/data', 'foreign-code', '3.1.0'),
];
