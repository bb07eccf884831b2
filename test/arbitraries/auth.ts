import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Items, type Optional, pick, some } from './shared/record';
import { atLeast } from './shared/releases';
import { caCertificate } from './shared/sections';
import { key, objectName } from './shared/values';

type Auth = Optional<EnvironmentInput['auth']>;
type User = Items<Auth['users']>;
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

type Oidc = Optional<Auth['oidc']>;
type Amounts = Optional<Oidc['resources']>;
const oidc = some<Oidc>(
  {
    issuer: pick(
      ...['https://sso.example.com/realms/ml', 'http://dex.sso.svc:5556/dex', 'https://accounts.google.com'],
      ...['https://login.example.com:8443/', 'http://[fd00::7]:8080'],
    ),
    clientId: pick('mlflow', 'app://ml,flow=1', '0'),
    redirectUrl: pick('https://ml.example.com', 'http://192.168.1.85:30800'),
    secret: objectName.map((name) => `client.${name}`),
    clientSecretKey: key,
    proxySecret: objectName.map((name) => `proxy.${name}`),
    cookieSecretKey: pick('cookie', 'cookie.key'),
    proxyPasswordKey: pick('password', 'PROXY_PASSWORD'),
    usernameClaim: pick('email', 'sub', 'preferred_username', 'https://example.com/login'),
    sharedNames: pick(['ci'], ['admin', '-x', 'Ada Lovelace']),
    emailDomains: pick(['example.com'], ['a-b.example', 'example.org']),
    allowedGroups: pick(['ml'], ['cn=ml,ou=groups', '/ml/users', "it's"]),
    groupsClaim: pick('roles', 'https://example.com/groups'),
    scopes: pick(['openid', 'email'], ['groups', 'openid', 'offline_access']),
    bearerTokens: fc.boolean(),
    audiences: pick(['account'], ['api://ml', 'other']),
    session: some<Optional<Oidc['session']>>({ expiry: pick('8h', '30m', '168h'), refresh: pick('5m', '90s') }),
    logoutUrl: pick('https://sso.example.com/logout?id_token_hint={id_token}'),
    ca: caCertificate,
    image: some<Optional<Oidc['image']>>({
      repository: pick('registry.example.com:5000/copies/oauth2-proxy'),
      tag: pick('v7.15.6', 'v7.15.6-alpine'),
      digest: pick(`sha256:${'fedcba9876543210'.repeat(4)}`),
    }),
    resources: some<Amounts>({
      requests: some<Optional<Amounts['requests']>>({
        cpu: pick<string | number>('10m', 0.01),
        memory: pick<string | number>('64Mi', 1e7),
      }),
      limits: some<Optional<Amounts['limits']>>({
        cpu: pick<string | number>(1, '500m'),
        memory: pick<string | number>('128Mi', '1Gi', 3e8),
      }),
    }),
  },
  'issuer',
  'clientId',
  'redirectUrl',
);

type App = Optional<Auth['app']>;
const app = some<App>(
  {
    name: pick('oidc-auth', 'our_app.v2', 'a'),
    env: pick<Optional<App['env']>>(
      {
        OIDC_DISCOVERY_URL: 'https://sso.example.com/realms/ml/.well-known/openid-configuration',
        OIDC_CLIENT_ID: 'ml',
      },
      {
        OIDC_CLIENT_SECRET: { secret: 'app-client', key: 'client-secret' },
        TRUSTED: { configMap: 'app', key: 'proxies' },
      },
    ),
    database: some<Optional<App['database']>>(
      { variable: pick('OIDC_USERS_DB_URI'), name: pick('mlflow_oidc', 'app: db') },
      'variable',
    ),
    login: some<Optional<App['login']>>({ secret: pick('app-login'), usernameKey: key, passwordKey: key }, 'secret'),
  },
  'name',
);

export const auth: ComponentArbitrary<'auth'> = {
  sections: {
    auth: some<Auth>({
      enabled: fc.boolean(),
      secret: objectName,
      usernameKey: key,
      passwordKey: key,
      flaskSecretKeyKey: key,
      webhookEncryptionKeyKey: key,
      gatewayPassphraseKey: key,
      defaultPermission: pick('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS'),
      users: fc.uniqueArray(user, { maxLength: 3, selector: ({ name }) => name }),
      cacheSeconds: pick(0, 1, 60, 3600),
      oidc,
      app,
    }),
  },
  settle: (given, version) => {
    if (!given.auth) return given;
    const settled = authOf(given.auth, version);
    // The proxy speaks HTTP.
    if (given.service?.tls) delete settled.oidc;
    if (!canHaveApp(settled, given, version)) delete settled.app;
    else if (settled.app) settled.users = [];
    const { server, ingress, gateway, route } = given;
    const path = server?.staticPrefix ?? ingress?.path ?? gateway?.path ?? route?.path ?? '/';
    const prefix = path === '/' ? '' : path;
    return { ...given, auth: settled.oidc ? { ...settled, oidc: oidcOf(settled.oidc, prefix) } : settled };
  },
};

/** An app is neither beside single sign-on nor in the official image, and Jobs need a login to it. */
function canHaveApp(auth: Auth, given: EnvironmentInput, version: string): boolean {
  const hasJobs = given.garbageCollection !== undefined || given.smokeTest?.enabled === true;
  const isOwnImage = given.image?.repository !== undefined && given.image.repository !== 'ghcr.io/mlflow/mlflow';
  return !auth.oidc && isOwnImage && atLeast(version, '3.3.0') && (auth.app?.login !== undefined || !hasJobs);
}

/** Without logins there are no users; and from 3.13 on none with less than the default permission. */
function authOf(auth: Auth, version: string): Auth {
  if (auth.enabled === false) {
    const { oidc: _, app: __, ...rest } = auth;
    return { ...rest, users: [] };
  }
  const order = ['NO_PERMISSIONS', 'READ', 'EDIT', 'MANAGE'] as const;
  const fewest = atLeast(version, '3.13.0') ? order.indexOf(auth.defaultPermission ?? 'READ') : 0;
  const users = auth.users?.filter(({ permission }) => order.indexOf(permission) >= fewest);
  return users ? { ...auth, users } : auth;
}

/** The redirect URL fits the static prefix, and further audiences need tokens. */
function oidcOf({ audiences, ...given }: Oidc, prefix: string): Oidc {
  const redirectUrl = `${given.redirectUrl}${prefix}/oauth2/callback`;
  return { ...given, redirectUrl, ...(audiences && given.bearerTokens ? { audiences } : {}) };
}
