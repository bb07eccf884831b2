import { prepareVariables } from '../../../lib/components/server/variables/prepare';
import { serverVariables } from '../../../lib/components/server/variables/server';
import type { AuthInput } from '../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Variable } from '../../../lib/kubernetes/variables';
import { resolved, SMALLEST } from '../../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

/** The addresses of the Ansible role. */
const ANSIBLE_ROLE: EnvironmentInput = {
  service: { type: 'LoadBalancer', nodePort: 30800, nodeAddresses: ['192.168.1.85'], loadBalancerIP: '192.168.1.201' },
};

const byName = (variables: readonly Variable[]) =>
  Object.fromEntries(
    variables.map((given) => [
      given.name,
      'value' in given ? given.value : `${'secret' in given ? given.secret : given.configMap}/${given.key}`,
    ]),
  );

describe('the variables of the server', () => {
  const common = {
    HOME: '/tmp',
    MLFLOW_DB_USERNAME: 'mlflow-db-credentials/username',
    MLFLOW_DB_PASSWORD: 'mlflow-db-credentials/password',
    PGHOST: 'postgres',
    PGPORT: '5432',
    PGUSER: '$(MLFLOW_DB_USERNAME)',
    PGPASSWORD: '$(MLFLOW_DB_PASSWORD)',
    PGSSLMODE: 'prefer',
    AWS_ACCESS_KEY_ID: 'mlflow-s3-secret/AWS_ACCESS_KEY_ID',
    AWS_SECRET_ACCESS_KEY: 'mlflow-s3-secret/AWS_SECRET_ACCESS_KEY',
    AWS_DEFAULT_REGION: 'us-east-1',
    MLFLOW_AUTH_CONFIG_PATH: '/tmp/auth_config_resolved.ini',
    MLFLOW_FLASK_SERVER_SECRET_KEY: 'mlflow-basic-auth/MLFLOW_FLASK_SERVER_SECRET_KEY',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_LOGGING_LEVEL: 'INFO',
  };

  test('of 3.1.0 tune gunicorn for long transfers', () => {
    const variables = byName(serverVariables(of('3.1.0')));
    expect(variables).toMatchObject({
      ...common,
      PGAPPNAME: 'mlflow-server/3.1.0',
    });
    expect(variables.GUNICORN_CMD_ARGS?.split(' ').toSorted()).toEqual([
      '--graceful-timeout=50',
      '--keep-alive=75',
      '--log-level=info',
      '--threads=8',
      '--timeout=300',
    ]);
    expect(Object.keys(variables).filter((name) => /^(UVICORN|MLFLOW_SERVER)_/.test(name))).toEqual([]);
  });

  test('of 3.18.0 tune uvicorn, turn jobs off, and say which hosts and origins are allowed', () => {
    const variables = byName(serverVariables(of('3.18.0', ANSIBLE_ROLE)));
    expect(variables).toMatchObject({
      ...common,
      PGAPPNAME: 'mlflow-server/3.18.0',
      UVICORN_ACCESS_LOG: 'false',
      UVICORN_LOG_LEVEL: 'info',
      UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: '50',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: 'http://192.168.1.201:5000,http://192.168.1.85:30800',
    });
    expect(variables.MLFLOW_SERVER_ALLOWED_HOSTS?.split(',')).toContain('192.168.1.201:*');
    for (const name of ['GUNICORN_CMD_ARGS', 'PYTHONPATH', 'MLFLOW_AUTH_CACHE_TTL_SECONDS'])
      expect(variables).not.toHaveProperty(name);
  });

  test('end in time: requests get the grace period less what draining and leaving take', () => {
    const seconds = (gracePeriod: number) =>
      byName(serverVariables(of('3.18.0', { server: { gracePeriod } }))).UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN;
    expect([10, 11, 60, 600].map(seconds)).toEqual(['1', '1', '50', '590']);
  });

  test('lose to those of the environment file, which come last in their order', () => {
    const variables = serverVariables(
      of('3.18.0', { server: { env: { B: '1', MLFLOW_LOGGING_LEVEL: 'WARN', A: '$(B)' } } }),
    );
    expect(variables.slice(-3)).toEqual([
      { name: 'B', value: '1' },
      { name: 'MLFLOW_LOGGING_LEVEL', value: 'WARN' },
      { name: 'A', value: '$(B)' },
    ]);
    expect(variables.filter(({ name }) => name === 'MLFLOW_LOGGING_LEVEL')).toHaveLength(1);
  });

  test('hold no checksum settings for AWS itself, and lenient ones for other stores', () => {
    const checksum = (endpoint?: string) =>
      byName(serverVariables(of('3.18.0', { artifacts: { s3: { bucket: 'b'.repeat(3), endpoint } } })));
    expect(checksum()).not.toHaveProperty('AWS_REQUEST_CHECKSUM_CALCULATION');
    expect(checksum()).not.toHaveProperty('MLFLOW_S3_ENDPOINT_URL');
    expect(checksum('http://minio:9000/')).toMatchObject({
      MLFLOW_S3_ENDPOINT_URL: 'http://minio:9000',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
    });
  });
});

test('the preparing program learns what to make, and gets the administrator that the server does not', () => {
  const environment = of('3.18.0', {
    database: { host: 'x', create: true, migration: 'check', timeout: 60 },
    artifacts: { s3: { bucket: 'abc', createBucket: true } },
  });
  expect(byName(prepareVariables(environment))).toMatchObject({
    PGAPPNAME: 'mlflow-prepare',
    PREPARE_TRACKING_DATABASE: 'mlflow',
    PREPARE_AUTH_DATABASE: 'mlflow_auth',
    PREPARE_MIGRATE: 'check',
    PREPARE_TIMEOUT: '60',
    PREPARE_CREATE_DATABASES: 'true',
    PREPARE_BUCKET: 'abc',
    PREPARE_CREATE_BUCKET: 'true',
    PREPARE_ADMIN_USERNAME: '$(MLFLOW_TRACKING_USERNAME)',
    PREPARE_ADMIN_PASSWORD: '$(MLFLOW_TRACKING_PASSWORD)',
    PREPARE_AUTH_CACHE_SECONDS: '60',
  });
  const server = byName(serverVariables(environment));
  for (const name of ['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD']) expect(server).not.toHaveProperty(name);
});

test('the preparing program alone learns of declared users, their logins from their Secrets', () => {
  const users: AuthInput['users'] = [
    { name: 'notebooks', permission: 'EDIT' },
    { name: 'CI', permission: 'MANAGE', secret: 'ci', usernameKey: 'user', passwordKey: 'pass' },
  ];
  const environment = of('3.18.0', { name: 'ml', auth: { users } });
  const found = Object.entries(byName(prepareVariables(environment))).filter(([name]) => /^PREPARE_USER_/.test(name));
  expect(Object.fromEntries(found)).toEqual({
    PREPARE_USER_0_NAME: 'notebooks',
    PREPARE_USER_0_PERMISSION: 'EDIT',
    PREPARE_USER_0_USERNAME: 'ml-user-notebooks/MLFLOW_TRACKING_USERNAME',
    PREPARE_USER_0_PASSWORD: 'ml-user-notebooks/MLFLOW_TRACKING_PASSWORD',
    PREPARE_USER_1_NAME: 'CI',
    PREPARE_USER_1_PERMISSION: 'MANAGE',
    PREPARE_USER_1_USERNAME: 'ci/user',
    PREPARE_USER_1_PASSWORD: 'ci/pass',
  });
  expect(JSON.stringify(serverVariables(environment))).not.toContain('USER_0');
});

test.each([
  ...['PGHOST', 'PGUSER', 'PGPASSWORD', 'PGSSLMODE', 'PGSERVICE', 'MLFLOW_DB_USERNAME', 'MLFLOW_DB_PASSWORD'],
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'MLFLOW_S3_ENDPOINT_URL', 'MLFLOW_BACKEND_STORE_URI'],
  ...['MLFLOW_FLASK_SERVER_SECRET_KEY', 'MLFLOW_AUTH_CONFIG_PATH', 'MLFLOW_PORT', 'HOME', 'PREPARE_BUCKET'],
])('the variable %s is the own business of the server', (name) => {
  expect(() => of('3.18.0', { server: { env: { [name]: 'x' } } })).toThrow(`"${name}"`);
});

test('other variables reach the server and what prepares it alike', () => {
  const environment = of('3.18.0', { server: { env: { HTTPS_PROXY: 'http://proxy:3128', AWS_DEFAULT_REGION: 'x' } } });
  for (const variables of [serverVariables(environment), prepareVariables(environment)]) {
    expect(variables).toContainEqual({ name: 'HTTPS_PROXY', value: 'http://proxy:3128' });
    expect(variables.filter(({ name }) => name === 'AWS_DEFAULT_REGION')).toEqual([
      { name: 'AWS_DEFAULT_REGION', value: 'x' },
    ]);
  }
});
