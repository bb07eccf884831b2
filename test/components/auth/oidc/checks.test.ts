import { testChecks } from '../../../support/checks';
import { SMALLEST } from '../../../support/support';
import { IMAGE } from '../../server/pod-of';
import { OIDC, signOn } from './sign-on';

const sidecarAt = (...ports: readonly number[]) => ({
  name: 'beside',
  image: IMAGE,
  ports: ports.map((containerPort) => ({ containerPort })),
});
const { redirectUrl: _, ...WITHOUT } = OIDC;

testChecks([
  [
    'single sign-on where nobody logs in',
    signOn({}, { auth: { enabled: false } }),
    /^auth\.oidc: is set, but authentication is off \(set auth\.enabled: true, or remove it\)$/,
    signOn(),
  ],
  [
    'TLS in the pods, before which the proxy speaks HTTP',
    signOn({}, { service: { tls: { issuer: 'company-ca' } } }),
    /^auth\.oidc: puts a proxy before the server, which speaks HTTP, but service\.tls is set/,
    signOn(),
  ],
  [
    'a claim that several people can have',
    signOn({ usernameClaim: 'name' }),
    /^auth\.oidc\.usernameClaim: is name, which several people can have/,
    signOn({ usernameClaim: 'sub' }),
  ],
  ...['access_token', 'created_at', 'user'].map(
    (usernameClaim) =>
      [
        `${usernameClaim}, which the proxy reads from its own session`,
        signOn({ usernameClaim }),
        new RegExp(`^auth\\.oidc\\.usernameClaim: is ${usernameClaim}, for which oauth2-proxy has another meaning`),
        signOn({ usernameClaim: 'upn' }),
      ] as const,
  ),
  [
    'a claim that is the same for all',
    signOn({ usernameClaim: 'email_verified' }),
    /^auth\.oidc\.usernameClaim: is email_verified, which several people can have/,
    signOn(),
  ],
  [
    'one key for two secrets',
    signOn({ cookieSecretKey: 'a', proxyPasswordKey: 'a' }),
    /^auth\.oidc\.proxyPasswordKey: is a, which is the key of another secret too/,
    signOn({ cookieSecretKey: 'a', proxyPasswordKey: 'b', clientSecretKey: 'a' }),
  ],
  [
    'one key of one Secret for two secrets',
    signOn({ secret: 'sso', proxySecret: 'sso', clientSecretKey: 'a', cookieSecretKey: 'a' }),
    /^auth\.oidc\.clientSecretKey: is a, which is the key of another secret too/,
    signOn({ secret: 'sso', proxySecret: 'sso' }),
  ],
  [
    'scopes without an ID token',
    signOn({ scopes: ['email'] }),
    /^auth\.oidc\.scopes: do not contain openid/,
    signOn({ scopes: ['email', 'openid'] }),
  ],
  [
    'a session that has no time',
    signOn({ session: { expiry: '59s' } }),
    /^auth\.oidc\.session\.expiry: is 59s/,
    signOn({ session: { expiry: '60s' } }),
  ],
  ...['12h', '13h', '0s'].map(
    (refresh) =>
      [
        `a refresh after ${refresh}`,
        signOn({ session: { refresh } }),
        /^auth\.oidc\.session\.refresh: is .* must be more than 0 and less than session\.expiry of 12h0m0s/,
        signOn({ session: { refresh: '11h59m59s' } }),
      ] as const,
  ),
  [
    'audiences of tokens that nobody takes',
    signOn({ audiences: ['account'] }),
    /^auth\.oidc\.audiences: are set, but no tokens are accepted/,
    signOn({ audiences: ['account'], bearerTokens: true }),
  ],
  [
    'an issuer with a query',
    signOn({ issuer: 'https://sso.example.com/?tenant=1' }),
    /^auth\.oidc\.issuer: has a query/,
    signOn({ issuer: 'https://sso.example.com/' }),
  ],
  ...['https://sso.example.com/realms/ml', 'https://sso.example.com'].map(
    (issuer) =>
      [
        `the address of what ${issuer} says of itself`,
        signOn({ issuer: `${issuer}/.well-known/openid-configuration` }),
        /^auth\.oidc\.issuer: ends in \/\.well-known\/openid-configuration, which is below the issuer \(remove that part\)$/,
        signOn({ issuer }),
      ] as const,
  ),
  [
    'CA certificates from two objects',
    signOn({ ca: { secret: 'a', configMap: 'b' } }),
    /^auth\.oidc\.ca: must name one source/,
    signOn({ ca: { secret: 'a' } }),
  ],
  [
    'an image that can change',
    signOn({ image: { tag: 'latest' } }),
    /^auth\.oidc\.image\.tag: latest can change between pulls/,
    signOn({ image: { tag: 'latest', digest: `sha256:${'0'.repeat(64)}` } }),
  ],
  [
    'a request above its limit',
    signOn({ resources: { requests: { memory: '512Mi' } } }),
    /^auth\.oidc\.resources\.requests\.memory: exceeds the limit of 256Mi/,
    signOn({ resources: { requests: { memory: '256Mi' } } }),
  ],
  [
    'no name by which people come back',
    { ...SMALLEST, auth: { oidc: WITHOUT } },
    /^auth\.oidc\.redirectUrl: is missing, and no name of the server outside the cluster is known/,
    { ...SMALLEST, auth: { oidc: WITHOUT }, ingress: { host: 'ml.example.com', controller: 'traefik' } },
  ],
  [
    'a container beside the server on its port',
    signOn({}, { server: { sidecars: [sidecarAt(9000, 5000)] } }),
    /^server\.sidecars\[0\]\.ports\[1\]\.containerPort: is 5000, on which the server listens in its pod \(use another\)$/,
    signOn({}, { server: { sidecars: [sidecarAt(9000, 5002)] } }),
  ],
  [
    'people who come back beside the static prefix',
    signOn({}, { server: { staticPrefix: '/ml' } }),
    /^auth\.oidc\.redirectUrl: ends in \/oauth2\/callback, but the proxy is called back at \/ml\/oauth2\/callback/,
    signOn({ redirectUrl: 'https://ml.example.com/ml/oauth2/callback' }, { server: { staticPrefix: '/ml' } }),
  ],
  [
    'people who come back to another path',
    signOn({ redirectUrl: 'https://ml.example.com/' }),
    /^auth\.oidc\.redirectUrl: ends in \/, but the proxy is called back at \/oauth2\/callback/,
    signOn(),
  ],
  ...[
    '/oauth2/callback?x=1',
    '/oauth2/callback/',
    '/x/../oauth2/callback',
    '/./oauth2/callback',
    '//oauth2/callback',
    '/%6fauth2/callback',
  ].map(
    (path) =>
      [
        `people who come back to ${path}, which the provider compares as it is written`,
        signOn({ redirectUrl: `https://ml.example.com${path}` }),
        new RegExp(
          `^auth\\.oidc\\.redirectUrl: ends in ${path.replace(/[.?]/g, '\\$&')}, but the proxy is called back at `,
        ),
        signOn({ redirectUrl: 'https://ML.example.com:8443/oauth2/callback' }),
      ] as const,
  ),
  ...['/api', '/v1', '/gateway/ml', '/ajax-api'].map(
    (staticPrefix) =>
      [
        `a page below ${staticPrefix}, where programs have logins`,
        signOn({ redirectUrl: `https://ml.example.com${staticPrefix}/oauth2/callback` }, { server: { staticPrefix } }),
        new RegExp(`^server\\.staticPrefix: is ${staticPrefix}, which begins like the API`),
        signOn({ redirectUrl: 'https://ml.example.com/apis/oauth2/callback' }, { server: { staticPrefix: '/apis' } }),
      ] as const,
  ),
]);
