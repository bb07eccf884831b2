import { type Check, type Issue, violatedChecks } from '../../../input/issue';
import { canonicalDuration, secondsOf } from '../../../kubernetes/duration';
import type { BrowsedServer } from '../../service/accepted';
import { sourceChecks } from '../../shared/sections/ca-certificate';
import { tagChecks } from '../../shared/sections/image';
import { resourceChecks } from '../../shared/sections/resources';
import { callbackPath, redirectUrl } from './addresses';
import type { OidcSection } from './resolve';

const AT = ['auth', 'oidc'];

/** Claims that two people can have in common. */
const SHARED_CLAIMS = [
  ...['name', 'given_name', 'family_name', 'nickname', 'email_verified', 'groups', 'roles', 'aud', 'iss', 'azp'],
];

/**
 * Names by which oauth2-proxy reads its own session, and not a claim.
 *
 * @see https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.15.6/pkg/apis/sessions/session_state.go (GetClaim)
 */
const SESSION_NAMES = ['access_token', 'id_token', 'refresh_token', 'created_at', 'expires_on', 'user'];

/** What follows an issuer in the address of what it says of itself. */
const DISCOVERY = '/.well-known/openid-configuration';

/** Static prefixes below which the proxy would take every page for the API. */
const LIKE_API = /^\/(api|v1|gateway|ajax-api)(\/|$)/;

/** Checks between the keys of single sign-on. */
export function oidcChecks(oidc: OidcSection, enabled: boolean, hasTls: boolean): Check[] {
  const { expiry, refresh } = oidc.session;
  return [
    {
      path: AT,
      dependsOn: [['auth', 'enabled']],
      violated: !enabled,
      message: 'is set, but authentication is off (set auth.enabled: true, or remove it)',
    },
    {
      path: AT,
      dependsOn: [['service', 'tls']],
      violated: hasTls,
      message:
        'puts a proxy before the server, which speaks HTTP, but service.tls is set (remove one of them; ingress, gateway and route have TLS of their own)',
    },
    {
      path: [...AT, 'issuer'],
      violated: /[?]/.test(oidc.issuer),
      message: 'has a query, which no issuer has (use the issuer of /.well-known/openid-configuration)',
    },
    {
      path: [...AT, 'issuer'],
      violated: oidc.issuer.endsWith(DISCOVERY),
      message: `ends in ${DISCOVERY}, which is below the issuer (remove that part)`,
    },
    {
      path: [...AT, 'usernameClaim'],
      violated: SESSION_NAMES.includes(oidc.usernameClaim),
      message: `is ${oidc.usernameClaim}, for which oauth2-proxy has another meaning (use email, sub or preferred_username)`,
    },
    {
      path: [...AT, 'usernameClaim'],
      violated: SHARED_CLAIMS.includes(oidc.usernameClaim),
      message: `is ${oidc.usernameClaim}, which several people can have (use email, sub or preferred_username)`,
    },
    {
      path: [...AT, 'scopes'],
      violated: !oidc.scopes.includes('openid'),
      message: 'do not contain openid, without which a provider sends no ID token (add it)',
    },
    {
      path: [...AT, 'session', 'expiry'],
      violated: secondsOf(expiry) < 60,
      message: `is ${expiry}, so people would log in all the time (use at least 1m)`,
    },
    {
      path: [...AT, 'session', 'refresh'],
      dependsOn: [[...AT, 'session', 'expiry']],
      violated: refresh !== undefined && (secondsOf(refresh) === 0 || secondsOf(refresh) >= secondsOf(expiry)),
      message: `is ${refresh}, but must be more than 0 and less than session.expiry of ${canonicalDuration(expiry)} (lower it, or remove it)`,
    },
    {
      path: [...AT, 'audiences'],
      dependsOn: [[...AT, 'bearerTokens']],
      violated: oidc.audiences.length > 0 && !oidc.bearerTokens,
      message: 'are set, but no tokens are accepted (set auth.oidc.bearerTokens: true, or remove them)',
    },
    ...sameKeyChecks(oidc),
    ...sourceChecks([...AT, 'ca'], oidc.ca),
    ...tagChecks([...AT, 'image'], oidc.image),
    ...resourceChecks(AT, oidc.resources),
  ];
}

/** Each secret has a key of its own: one value for two purposes tells each reader what is the other's. */
function sameKeyChecks(oidc: OidcSection): Check[] {
  const isOneSecret = oidc.secret !== undefined && oidc.secret === oidc.proxySecret;
  const others = (key: string, taken: readonly string[], says: string): Check => ({
    path: [...AT, key],
    violated: taken.includes(says),
    message: `is ${says}, which is the key of another secret too (use a key of its own)`,
  });
  const { clientSecretKey, cookieSecretKey, proxyPasswordKey } = oidc;
  return [
    others('proxyPasswordKey', [cookieSecretKey], proxyPasswordKey),
    others('clientSecretKey', isOneSecret ? [cookieSecretKey, proxyPasswordKey] : [], clientSecretKey),
  ];
}

/** The sections that single sign-on is checked against. */
export interface SignedOnServer extends BrowsedServer {
  readonly server: BrowsedServer['server'] & { readonly staticPrefixAt: Issue['path'] };
}

/** What single sign-on needs of other sections. */
export function oidcIssues(environment: SignedOnServer): Issue[] {
  const { auth, server } = environment;
  if (!auth.oidc) return [];
  const path = [...AT, 'redirectUrl'];
  const url = redirectUrl(environment);
  const expected = callbackPath(environment);
  // As it is written, because the provider compares it so.
  const given = url?.replace(/^https?:\/\/[^/]*/, '') || '/';
  return violatedChecks([
    {
      path,
      dependsOn: [['ingress'], ['gateway'], ['route']],
      violated: url === undefined,
      message:
        'is missing, and no name of the server outside the cluster is known (set it, such as https://mlflow.example.com/oauth2/callback, or set ingress, gateway or route)',
    },
    {
      path,
      dependsOn: [['server', 'staticPrefix']],
      violated: url !== undefined && given !== expected,
      message: `ends in ${given}, but the proxy is called back at ${expected} (use that, at the provider too)`,
    },
    {
      path: server.staticPrefixAt,
      dependsOn: [AT],
      violated: LIKE_API.test(server.staticPrefix ?? ''),
      message: `is ${server.staticPrefix}, which begins like the API, where the proxy leads nobody to the provider (use another, such as /mlflow)`,
    },
  ]);
}
