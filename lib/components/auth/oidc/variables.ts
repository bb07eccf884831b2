import type { Variable } from '../../../kubernetes/variables';
import { proxyPrefix, redirectUrl } from './addresses';
import { PASSWORD_VARIABLE, type ProxySections } from './configuration';

/** The sections that the variables of the proxy follow from. */
export interface VariableSections extends ProxySections {
  readonly server: ProxySections['server'] & { readonly accessLog: boolean };
}

/**
 * Paths on which the proxy leaves logins to MLflow, which needs one on each of them: the API of programs, and the health
 * page. A session or a token counts there too.
 *
 * @see https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview (skip_auth_routes)
 */
function pathsOfPrograms({ server: { staticPrefix }, release }: ProxySections): string[] {
  const below = belowPrefix(staticPrefix);
  return [`^${below}/(${release.can('gatewayKeys') ? 'api|v1|gateway' : 'api|v1'})/`, `^${below}/(health|version)$`];
}

/** Paths that the web page requests, for which a redirect to the provider would lead nowhere. */
const pathsOfPage = ({ server: { staticPrefix } }: ProxySections): string[] => [
  `^${belowPrefix(staticPrefix)}/(ajax-api/|graphql$)`,
];

/** Some releases have the API below the static prefix, some beside it. */
const belowPrefix = (prefix: string | undefined): string =>
  prefix === undefined ? '' : `(${prefix.replace(/[.\\+*?[\](){}^$|]/g, String.raw`\$&`)})?`;

/** The name of the session cookie. By how it begins, browsers refuse one that another host or plain http sets. */
function cookieName(name: string, { isSecure, path }: { readonly isSecure: boolean; readonly path: string }): string {
  if (!isSecure) return `mlflow-${name}`;
  return `${path === '/' ? '__Host' : '__Secure'}-mlflow-${name}`;
}

/** The settings of the proxy besides its file. */
export function proxyVariables(environment: VariableSections): Variable[] {
  const { name, server, auth } = environment;
  const { oidc } = auth;
  if (!oidc) return [];
  const url = redirectUrl(environment) ?? '';
  const path = server.staticPrefix ?? '/';
  const isSecure = url.startsWith('https:');
  const { expiry, refresh } = oidc.session;
  const prefix = proxyPrefix(environment);
  const settings: Readonly<Record<string, string | boolean>> = {
    REDIRECT_URL: url,
    PROXY_PREFIX: prefix,
    PING_PATH: `${prefix}/ping`,
    READY_PATH: `${prefix}/ready`,
    SKIP_PROVIDER_BUTTON: true,
    EMAIL_DOMAINS: oidc.emailDomains.length > 0 ? oidc.emailDomains.join(',') : '*',
    SKIP_AUTH_ROUTES: pathsOfPrograms(environment).join(','),
    API_ROUTES: pathsOfPage(environment).join(','),
    SKIP_JWT_BEARER_TOKENS: oidc.bearerTokens,
    // For the page of the provider that ends its own session.
    WHITELIST_DOMAINS: new URL(oidc.issuer).host,
    COOKIE_NAME: cookieName(name, { isSecure, path }),
    COOKIE_PATH: path,
    COOKIE_SECURE: isSecure,
    COOKIE_SAMESITE: 'lax',
    COOKIE_EXPIRE: expiry,
    COOKIE_REFRESH: refresh ?? '0s',
    // Several tabs may log in at once.
    COOKIE_CSRF_PER_REQUEST: true,
    COOKIE_CSRF_PER_REQUEST_LIMIT: '5',
    // Tokens of the provider are in the cookie only if something needs them: headers have limits.
    SESSION_COOKIE_MINIMAL: refresh === undefined && oidc.logoutUrl === undefined,
    REQUEST_LOGGING: server.accessLog,
    SILENCE_PING_LOGGING: true,
  };
  return [
    ...Object.entries(settings).map(([key, value]) => ({ name: `OAUTH2_PROXY_${key}`, value: String(value) })),
    { name: 'OAUTH2_PROXY_COOKIE_SECRET', secret: oidc.proxySecret, key: oidc.cookieSecretKey },
    { name: PASSWORD_VARIABLE, secret: oidc.proxySecret, key: oidc.proxyPasswordKey },
  ];
}
