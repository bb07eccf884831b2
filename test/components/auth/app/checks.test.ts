import type { AuthInput } from '../../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../../lib/environment/model';
import { testChecks } from '../../../support/checks';
import { withApp } from './with-app';

const OIDC: NonNullable<AuthInput['oidc']> = {
  issuer: 'https://sso.example.com',
  clientId: 'mlflow',
  redirectUrl: 'https://ml.example.com/oauth2/callback',
};
const login = { secret: 'app-login' };
const inRelease = (tag: string): Partial<EnvironmentInput> => ({
  image: { repository: 'registry.example.com/ml', tag },
});

testChecks([
  [
    'an app where nobody logs in',
    withApp({}, { auth: { enabled: false } }),
    /^auth\.app: is set, but authentication is off \(set auth\.enabled: true, or remove it\)$/,
    withApp(),
  ],
  [
    'an app behind the proxy of single sign-on',
    withApp({}, { auth: { oidc: OIDC } }),
    /^auth\.app: has logins of its own, but auth\.oidc brings people to MLflow's \(remove one of the two\)$/,
    withApp(),
  ],
  [
    'users of MLflow beside an app',
    withApp({}, { auth: { users: [{ name: 'a', permission: 'READ' }] } }),
    /^auth\.users: are users of MLflow's basic-auth, but auth\.app has users of its own \(create them in the app\)$/,
    withApp({}, { auth: { users: [] } }),
  ],
  [
    "MLflow's own app",
    withApp({ name: 'basic-auth' }),
    /^auth\.app\.name: is basic-auth, MLflow's own app, which auth\.enabled: true starts \(remove auth\.app\)$/,
    withApp(),
  ],
  [
    'an app whose name is an option',
    withApp({ name: '--dev' }),
    /^auth\.app\.name: is invalid \(must be letters, digits, -, _ and \.\)$/,
    withApp({ name: 'dev' }),
  ],
  [
    'the variable of the database, written too',
    withApp({ env: { USERS: 'sqlite://' }, database: { variable: 'USERS' } }),
    /^auth\.app\.env\.USERS: is the variable of auth\.app\.database, which sets it \(remove one of the two\)$/,
    withApp({ env: { OTHERS: 'sqlite://' }, database: { variable: 'USERS' } }),
  ],
  ...(['name', 'authName'] as const).map(
    (key) =>
      [
        `the database of database.${key}`,
        withApp({ database: { variable: 'USERS', name: 'shared' } }, { database: { host: 'db', [key]: 'shared' } }),
        new RegExp(`^auth\\.app\\.database\\.name: is shared, the database of database\\.${key}, whose tables`),
        withApp({ database: { variable: 'USERS', name: 'own' } }, { database: { host: 'db', [key]: 'shared' } }),
      ] as const,
  ),
  ...['postgres', 'template0', 'template1'].map(
    (name) =>
      [
        `the database ${name}`,
        withApp({ database: { variable: 'USERS', name } }),
        new RegExp(`^auth\\.app\\.database\\.name: is ${name}, which PostgreSQL reserves \\(use another name\\)$`),
        withApp({ database: { variable: 'USERS' } }),
      ] as const,
  ),
  [
    'a variable from two objects',
    withApp({ env: { A: { secret: 'a', configMap: 'b', key: 'c' } } }),
    /^auth\.app\.env\.A: must name one source \(set either configMap or secret\)$/,
    withApp({ env: { A: { secret: 'a', key: 'c' } } }),
  ],
  ...(
    [
      ['garbage collection', { garbageCollection: {} }, 'garbageCollection'],
      ['the smoke test', { smokeTest: { enabled: true } }, 'smokeTest'],
      ['both', { garbageCollection: {}, smokeTest: { enabled: true } }, 'garbageCollection and smokeTest'],
    ] as const
  ).map(
    ([what, more, named]) =>
      [
        `${what} without a login`,
        withApp({}, more),
        new RegExp(`^auth\\.app\\.login: is missing, but ${named} must log in at the server \\(set it`),
        withApp({ login }, more),
      ] as const,
  ),
  [
    'a release with gunicorn',
    withApp({}, inRelease('3.2.0')),
    /^auth\.app: is not supported with MLflow 3\.2\.0, which has another kind of server \(use 3\.3\.0 or newer/,
    withApp({}, inRelease('3.3.0')),
  ],
  [
    'the official image',
    withApp({}, { image: { tag: 'v3.18.0-full' } }),
    /^auth\.app: is not in the official image, which brings no authentication app but basic-auth \(build/,
    withApp({}, inRelease('3.18.0')),
  ],
  ...(
    [
      ['PGHOST', 'use database.host'],
      ['MLFLOW_APP_NAME', ''],
      ['MLFLOW_SERVER_ALLOWED_HOSTS', ''],
      ['UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN', ''],
    ] as const
  ).map(
    ([name, instead]) =>
      [
        `the variable ${name}, which is ours`,
        withApp({ env: { [name]: 'x' } }),
        new RegExp(`^auth\\.app\\.env\\.${name}: .*${instead}`),
        withApp({ env: { [`X_${name}`]: 'x' } }),
      ] as const,
  ),
  [
    'a variable of the app in server.env, too',
    withApp({ env: { A: 'x' } }, { server: { env: { A: 'y' } } }),
    /^server\.env\.A: overrides what the environment file sets/,
    withApp({ env: { A: 'x' } }, { server: { env: { B: 'y' } } }),
  ],
  [
    'a secret in plain text',
    withApp({ env: { OIDC_CLIENT_SECRET: 'Zm9vYmFyYmF6cXV4' } }),
    /^auth\.app\.env\.OIDC_CLIENT_SECRET: .*plain-secrets/,
    withApp({ env: { OIDC_CLIENT_SECRET: { secret: 'oidc', key: 'client' } } }),
  ],
  [
    'a variable that runs code from elsewhere',
    withApp({ env: { LD_PRELOAD: '/tmp/x.so' } }),
    /^auth\.app\.env\.LD_PRELOAD: .*foreign-code/,
    withApp(),
  ],
]);
