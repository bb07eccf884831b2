import type { EnvironmentInput } from '../../../../lib/environment/model';
import { composeEnvironment } from '../../../../lib/synth/compose';
import type { Manifest } from '../../../../lib/synth/manifest';
import { all, one, PROGRAMS, resolved, SMALLEST } from '../../../support/support';
import { IMAGE, podOf } from '../../server/pod-of';
import { type Oidc, signOn } from './sign-on';

function objectsOf(input: EnvironmentInput): Manifest[] {
  const { files, issues } = composeEnvironment(resolved(input), PROGRAMS);
  expect(issues).toEqual([]);
  return files.flatMap(({ objects }) => objects);
}

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly [key: string]: unknown;
}

const podIn = (input: EnvironmentInput) => podOf(input.server ?? {}, input).spec;
const proxyOf = (input = signOn()) =>
  podIn(input).initContainers.find(({ name }) => name === 'oauth2-proxy') as Container;
const serverOf = (input = signOn()) => podIn(input).containers.find(({ name }) => name === 'server') as Container;
const variable = (name: string, input = signOn()) =>
  proxyOf(input).env.find((each) => each.name === `OAUTH2_PROXY_${name}`)?.value;
const fileOf = (input = signOn()) => {
  const settings = all(objectsOf(input), 'ConfigMap').find(({ metadata }) => metadata?.name === 'mlflow-oauth2-proxy');
  return JSON.parse((settings?.data as Record<string, string> | undefined)?.['config.yaml'] ?? '');
};

describe('the way to the server', () => {
  test('leads through the proxy alone', () => {
    expect(serverOf().command).toContain('--host=127.0.0.1');
    expect(serverOf().ports).toBeUndefined();
    const { ports } = one(objectsOf(signOn()), 'Service').spec as { ports: readonly object[] };
    expect(ports).toEqual([expect.objectContaining({ port: 5000, targetPort: 4180 })]);
    for (const policy of all(objectsOf(signOn({}, { monitoring: { metrics: {} } })), 'NetworkPolicy'))
      expect(JSON.stringify(policy)).not.toContain('"port":5000');
    const policies = JSON.stringify(all(objectsOf(signOn({}, { garbageCollection: {} })), 'NetworkPolicy'));
    expect(policies.match(/"port":4180/g)?.length).toBeGreaterThan(1);
  });

  test('is as before without single sign-on', () => {
    const objects = JSON.stringify(objectsOf(SMALLEST));
    expect(objects).not.toContain('4180');
    expect(objects).not.toContain('oauth2');
  });

  test('is probed through the proxy, and where the kubelet cannot come by a program', () => {
    const { startupProbe, readinessProbe, livenessProbe } = serverOf() as Record<string, object>;
    expect(startupProbe).toMatchObject({ exec: { command: expect.arrayContaining(['python']) } });
    expect(readinessProbe).toMatchObject({ httpGet: { path: '/health', port: 4180 } });
    expect(livenessProbe).toMatchObject({ exec: { command: expect.arrayContaining(['python']) } });
    expect(livenessProbe).not.toHaveProperty('tcpSocket');
    const old = signOn(
      { redirectUrl: 'https://ml.example.com/ml/oauth2/callback' },
      { image: { repository: 'registry.example.com/mlflow', tag: '3.11.1' }, server: { staticPrefix: '/ml' } },
    );
    expect(serverOf(old).readinessProbe).toHaveProperty('exec');
    expect(proxyOf().readinessProbe).toMatchObject({ httpGet: { path: '/oauth2/ping', port: 'proxy' } });
    expect(proxyOf(old).readinessProbe).toMatchObject({ httpGet: { path: '/ml/oauth2/ping', port: 'proxy' } });
  });

  test('lets the proxy out to the provider', () => {
    const policy = (issuer: string) => JSON.stringify(all(objectsOf(signOn({ issuer })), 'NetworkPolicy'));
    expect(policy('https://192.0.2.7:8443/realms/ml')).toContain('192.0.2.7/32');
    expect(policy('https://keycloak.sso.svc.cluster.local/realms/ml')).toContain('"kubernetes.io/metadata.name":"sso"');
  });
});

describe('the proxy', () => {
  test('starts after prepare, ends after the server, and leaves containers of users where they were', () => {
    const input = signOn({}, { server: { initContainers: [{ name: 'first', image: IMAGE }] } });
    const { initContainers } = podIn(input);
    expect(initContainers.map(({ name }) => name)).toEqual(['first', 'prepare', 'oauth2-proxy']);
    expect(proxyOf().restartPolicy).toBe('Always');
  });

  test('has no secret in an argument, a setting or a plain variable', () => {
    expect(proxyOf().args).toEqual(['--alpha-config=/etc/oauth2-proxy/configuration/config.yaml']);
    const secrets = proxyOf().env.filter(({ valueFrom }) => valueFrom);
    expect(secrets.map(({ name }) => name)).toEqual(['OAUTH2_PROXY_COOKIE_SECRET', 'PROXY_PASSWORD']);
    expect(fileOf().providers[0]).not.toHaveProperty('clientSecret');
    expect(fileOf().providers[0].clientSecretFile).toBe('/etc/oauth2-proxy/client/client-secret');
    const [user] = fileOf().injectRequestHeaders;
    expect(user.values[0].claimSource.basicAuthPassword).toEqual({ fromEnv: 'PROXY_PASSWORD' });
    expect(serverOf().env).toContainEqual({
      name: 'SERVER_PROXY_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'mlflow-oauth2-proxy', key: 'proxy-password' } },
    });
  });

  test('is restricted, and has a root that nobody writes to', () => {
    expect(proxyOf().securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('is replaced with its settings', () => {
    const sum = (input: EnvironmentInput) => podOf({}, input).metadata.annotations;
    expect(sum(signOn())).not.toEqual(sum(signOn({ clientId: 'other' })));
    expect(sum(signOn())).toEqual(sum(signOn()));
  });

  test.each<[string, Partial<Oidc>, Partial<EnvironmentInput>, object]>([
    ['https', {}, {}, { NAME: '__Host-mlflow-mlflow', PATH: '/', SECURE: 'true', SAMESITE: 'lax' }],
    ['http', { redirectUrl: 'http://ml.example.com/oauth2/callback' }, {}, { NAME: 'mlflow-mlflow', SECURE: 'false' }],
    [
      'a path',
      { redirectUrl: 'https://ml.example.com/ml/oauth2/callback' },
      { server: { staticPrefix: '/ml' } },
      { NAME: '__Secure-mlflow-mlflow', PATH: '/ml', SECURE: 'true' },
    ],
  ])('has cookies that fit %s', (_, oidc, more, cookie) => {
    for (const [name, value] of Object.entries(cookie))
      expect([name, variable(`COOKIE_${name}`, signOn(oidc, more))]).toEqual([name, value]);
  });

  test('keeps tokens in the cookie only if something needs them', () => {
    expect(variable('SESSION_COOKIE_MINIMAL')).toBe('true');
    expect(variable('SESSION_COOKIE_MINIMAL', signOn({ session: { refresh: '5m' } }))).toBe('false');
    expect(variable('SESSION_COOKIE_MINIMAL', signOn({ logoutUrl: 'https://sso.example.com/logout' }))).toBe('false');
  });

  test('never believes where a request says that it comes from', () => {
    for (const name of ['REVERSE_PROXY', 'TRUSTED_IPS', 'TRUSTED_PROXY_IPS', 'SKIP_AUTH_PREFLIGHT', 'HTPASSWD_FILE'])
      expect(variable(name)).toBeUndefined();
  });

  const routes = (key: string, input: EnvironmentInput) =>
    (variable(key, input) ?? '').split(',').map((pattern) => new RegExp(pattern));
  const matches = (key: string, path: string, input = signOn()) => routes(key, input).some((route) => route.test(path));

  test.each(['/api/2.0/mlflow/runs/search', '/v1/traces', '/health', '/version', '/gateway/x/invocations'])(
    'leaves the login of %s to MLflow, and of nothing beside it',
    (path) => {
      expect(matches('SKIP_AUTH_ROUTES', path)).toBe(true);
      for (const other of [`/x${path}`, `/mlflow${path}`, `//${path}`, `/.${path}`])
        expect([other, matches('SKIP_AUTH_ROUTES', other)]).toEqual([other, false]);
    },
  );

  test.each([
    ...[
      '/',
      '/index.html',
      '/static-files/x.js',
      '/ajax-api/2.0/mlflow/runs/search',
      '/graphql',
      '/signup',
      '/metrics',
    ],
    ...['/get-artifact', '/model-versions/get-artifact', '/apix', '/api', '/healthy', '/health/', '/v1', '/logout'],
  ])('asks for a session for %s', (path) => {
    expect(matches('SKIP_AUTH_ROUTES', path)).toBe(false);
  });

  test('does the same below a prefix, whose characters mean themselves', () => {
    const input = signOn(
      { redirectUrl: 'https://ml.example.com/a.b/oauth2/callback' },
      { server: { staticPrefix: '/a.b' } },
    );
    expect(matches('SKIP_AUTH_ROUTES', '/a.b/api/2.0/mlflow/runs/search', input)).toBe(true);
    expect(matches('SKIP_AUTH_ROUTES', '/api/2.0/mlflow/runs/search', input)).toBe(true);
    expect(matches('SKIP_AUTH_ROUTES', '/aXb/api/2.0/mlflow/runs/search', input)).toBe(false);
    expect(matches('API_ROUTES', '/a.b/ajax-api/2.0/mlflow/runs/search', input)).toBe(true);
    expect(variable('PROXY_PREFIX', input)).toBe('/a.b/oauth2');
  });

  test('leaves the gateway to MLflow only where there is one', () => {
    const old = signOn({}, { image: { repository: 'registry.example.com/mlflow', tag: '3.1.0' } });
    expect(matches('SKIP_AUTH_ROUTES', '/gateway/x/invocations', old)).toBe(false);
  });

  test('goes through the proxy of the network that the server goes through, and gets no other variable', () => {
    const env = { HTTPS_PROXY: 'http://proxy.example.com:3128', TZ: 'Europe/Berlin' };
    const names = proxyOf(signOn({}, { server: { env } })).env.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['HTTPS_PROXY', 'NO_PROXY']));
    expect(names).not.toContain('TZ');
  });
});

describe('the server', () => {
  test('is told who may come', () => {
    const input = signOn(
      { emailDomains: ['example.com'], allowedGroups: ['cn=ml,ou=x'], sharedNames: ['ci', '-x'] },
      { auth: { users: [{ name: 'ci', permission: 'READ' }] } },
    );
    expect(serverOf(input).command).toEqual(
      expect.arrayContaining([
        ...['--single-sign-on', '--email-domain=example.com', '--group=cn=ml,ou=x'],
        ...['--reserved=ci', '--shared=ci', '--shared=-x'],
      ]),
    );
    expect(variable('EMAIL_DOMAINS', input)).toBe('example.com');
    expect(fileOf(input).providers[0].allowedGroups).toEqual(['cn=ml,ou=x']);
  });

  test.each<[string | undefined, string, string[] | undefined]>([
    [undefined, 'email', undefined],
    ['preferred_username', 'preferred_username', undefined],
    ['sub', 'sub', ['sub']],
    ['https://example.com/login', 'https://example.com/login', ['https://example.com/login']],
  ])('names people by the claim %s', (usernameClaim, claim, additional) => {
    const { injectRequestHeaders, providers } = fileOf(signOn(usernameClaim ? { usernameClaim } : {}));
    expect(injectRequestHeaders[0].values[0].claimSource.claim).toBe(claim);
    expect(providers[0].additionalClaims).toEqual(additional);
  });

  test('accepts the host and the origin by which people come back', () => {
    const variables = JSON.stringify(
      serverOf(signOn({ redirectUrl: 'https://ml.example.com:8443/oauth2/callback' })).env,
    );
    expect(variables).toContain('ml.example.com:*');
    expect(variables).toContain('https://ml.example.com:8443');
  });
});
