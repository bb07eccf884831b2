import type { EnvironmentInput } from '../../../../lib/environment/model';
import { composeEnvironment } from '../../../../lib/synth/compose';
import type { Manifest } from '../../../../lib/synth/manifest';
import { all, PROGRAMS, resolution, resolved } from '../../../support/support';
import { podOf } from '../../server/pod-of';
import { withApp } from './with-app';

function objectsOf(input: EnvironmentInput): Manifest[] {
  const { files, issues } = composeEnvironment(resolved(input), PROGRAMS);
  expect(issues).toEqual([]);
  return files.flatMap(({ objects }) => objects);
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
}

const podIn = (input: EnvironmentInput) => podOf(input.server ?? {}, input).spec;
const serverOf = (input: EnvironmentInput) =>
  podIn(input).containers.find(({ name }) => name === 'server') as unknown as Container;
const prepareOf = (input: EnvironmentInput) =>
  podIn(input).initContainers.find(({ name }) => name === 'prepare') as unknown as Container;
const valuesOf = ({ env }: Container) =>
  Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));

const warningsOf = (input: EnvironmentInput) =>
  resolution(input).warnings.map(({ path, message }) => `${path.join('.')}: ${message}`);

const FULL = withApp(
  {
    env: {
      OIDC_DISCOVERY_URL: 'https://sso.example.com:8443/.well-known/openid-configuration',
      OIDC_CLIENT_SECRET: { secret: 'app-client', key: 'secret' },
      PROXIES: { configMap: 'app-settings', key: 'proxies' },
    },
    database: { variable: 'OIDC_USERS_DB_URI', name: 'people' },
    login: { secret: 'app-login', passwordKey: 'token' },
  },
  {
    garbageCollection: {},
    smokeTest: { enabled: true },
    backup: { destination: { claim: {} } },
    monitoring: { metrics: {} },
    clients: [{ namespace: 'lab' }],
  },
);

test('the server starts the app, of which its program knows nothing', () => {
  const { command } = serverOf(FULL);
  expect(command).toEqual(expect.arrayContaining(['--unknown-app', '--app-name=oidc-auth']));
  expect(command.join(' ')).not.toMatch(/basic-auth|--cache-logins|--single-sign-on/);
  expect(serverOf(withApp({}, { auth: {} })).command.indexOf('--unknown-app')).toBeLessThan(command.indexOf('mlflow'));
});

test('the server alone gets the variables of the app, and the URI of its database has no login', () => {
  expect(valuesOf(serverOf(FULL))).toMatchObject({
    OIDC_DISCOVERY_URL: 'https://sso.example.com:8443/.well-known/openid-configuration',
    OIDC_CLIENT_SECRET: { secretKeyRef: { name: 'app-client', key: 'secret' } },
    PROXIES: { configMapKeyRef: { name: 'app-settings', key: 'proxies' } },
    OIDC_USERS_DB_URI: 'postgresql+psycopg2:///people',
    PGPASSWORD: '$(MLFLOW_DB_PASSWORD)',
  });
  const naming = objectsOf(FULL).filter((object) => JSON.stringify(object).includes('app-client'));
  expect(naming.map(({ kind }) => kind)).toEqual(['Deployment']);
  expect(JSON.stringify(prepareOf(FULL))).not.toMatch(/app-client|OIDC_/);
});

test('nothing is left of the logins of MLflow', () => {
  const text = JSON.stringify(objectsOf(FULL).filter(({ kind }) => kind !== 'ConfigMap'));
  expect(text).not.toMatch(/MLFLOW_AUTH_CONFIG_PATH|MLFLOW_FLASK_SERVER_SECRET_KEY|(PREPARE|BACKUP)_AUTH_DATABASE/);
  expect(text).not.toMatch(/PREPARE_(ADMIN|USER|DEFAULT_PERMISSION|AUTH)/);
  const { requiredSecrets } = resolved(FULL);
  const keys = requiredSecrets.flatMap((secret) => secret.keys.map(({ key }) => `${secret.name}/${key}`));
  expect(keys.filter((key) => key.startsWith('mlflow-basic-auth/'))).toEqual([
    'mlflow-basic-auth/MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
    'mlflow-basic-auth/MLFLOW_CRYPTO_KEK_PASSPHRASE',
  ]);
});

test('prepare looks for the app and its database', () => {
  expect(valuesOf(prepareOf(FULL))).toMatchObject({ PREPARE_APP_NAME: 'oidc-auth', PREPARE_APP_DATABASE: 'people' });
  expect(valuesOf(prepareOf(withApp()))).not.toHaveProperty('PREPARE_APP_DATABASE');
});

test('Jobs log in as the app knows them', () => {
  for (const job of all(objectsOf(FULL), 'CronJob').filter(({ metadata }) =>
    /gc|garbage|smoke/.test(metadata?.name ?? ''),
  )) {
    const text = JSON.stringify(job);
    expect(text).toContain(
      '"name":"MLFLOW_TRACKING_USERNAME","valueFrom":{"secretKeyRef":{"key":"username","name":"app-login"}}',
    );
    expect(text).toContain(
      '"name":"MLFLOW_TRACKING_PASSWORD","valueFrom":{"secretKeyRef":{"key":"token","name":"app-login"}}',
    );
  }
});

test('the network policy lets the server out to the provider', () => {
  const policies = all(objectsOf(FULL), 'NetworkPolicy').filter(({ metadata }) => metadata?.name === 'mlflow');
  expect(JSON.stringify(policies)).toContain('"port":8443');
});

test('a backup without the users draws a warning', () => {
  expect(warningsOf(FULL)).toContainEqual(
    expect.stringMatching(/^auth\.app\.database: is not in the backups, .* people with pg_dump\)$/),
  );
  expect(warningsOf(withApp({ database: { variable: 'X' } })).join()).not.toContain('auth.app.database');
});

test('a path in front of it, beside which its pages may be, draws a warning', () => {
  const behind = (path?: string) =>
    warningsOf(
      withApp({}, { ingress: { host: 'ml.example.com', controller: 'traefik', path, tls: { secret: 'tls' } } }),
    ).join();
  expect(behind('/ml')).toContain('auth.app: may have pages beside /ml, such as its login');
  expect(behind()).not.toContain('auth.app');
  expect(warningsOf(withApp({}, { server: { staticPrefix: '/ml' } })).join()).not.toContain('auth.app');
});

test.each([
  ['NodePort', { service: { type: 'NodePort' } }],
  ['an ingress', { ingress: { host: 'ml.example.com', controller: 'traefik', tls: { secret: 'tls' } } }],
] as const)('%s in front of an app is none without a login', (_, more) => {
  expect(warningsOf(withApp({}, more as Partial<EnvironmentInput>)).join()).not.toMatch(
    /no-login|authentication is off/,
  );
});
