import type { Release } from '../../../mlflow/releases';
import type { BrowsedServer } from '../../service/accepted';
import { mayHaveIpv6 } from '../../service/hosts';
import { PROXY_PORT, SERVER_PORT } from '../../shared/constants';
import type { Oidc } from './resolve';

/** The sections that the proxy's file of settings follows from. */
export interface ProxySections extends BrowsedServer {
  readonly auth: { readonly oidc?: Oidc };
  readonly name: string;
  readonly release: Release;
}

/** The variable with the password by which the server knows the proxy, in the container of the proxy. */
export const PASSWORD_VARIABLE = 'PROXY_PASSWORD';

/** The name of the settings file. */
export const CONFIGURATION_FILE = 'config.yaml';

/** Where the files of the proxy are mounted. */
export const CONFIGURATION_PATH = '/etc/oauth2-proxy/configuration';
export const CLIENT_SECRET_PATH = '/etc/oauth2-proxy/client';
export const PROVIDER_CA_PATH = '/etc/oauth2-proxy/ca';

/** Claims for which the proxy has names of its own. */
const OWN_NAMES: Readonly<Record<string, string>> = { email: 'email', preferred_username: 'preferred_username' };

/**
 * Headers in which the proxy tells the server of a person, each with the password: never those of a client, which are
 * removed. `Authorization` stays as the client sent it, for programs with a login.
 *
 * @see programs/server/single_sign_on.py
 */
const headersFor = ({ usernameClaim }: Oidc) =>
  Object.entries({
    'X-Mlflow-Proxy-User': OWN_NAMES[usernameClaim] ?? usernameClaim,
    'X-Mlflow-Proxy-Email': 'email',
    'X-Mlflow-Proxy-Groups': 'groups',
  }).map(([name, claim]) => ({
    name,
    values: [{ claimSource: { claim, basicAuthPassword: { fromEnv: PASSWORD_VARIABLE } } }],
  }));

/**
 * The settings of oauth2-proxy that only its file can say, as JSON, which is YAML: which headers it sets is fixed
 * otherwise, and so is that it removes the logins of programs.
 *
 * @see https://oauth2-proxy.github.io/oauth2-proxy/configuration/alpha-config
 */
export function proxyConfiguration({ auth: { oidc }, service }: ProxySections): string {
  if (!oidc) return '';
  const { usernameClaim, groupsClaim, ca } = oidc;
  const configuration = {
    server: { bindAddress: `${mayHaveIpv6(service) ? '[::]' : '0.0.0.0'}:${PROXY_PORT}` },
    upstreamConfig: {
      // Names of artifacts may have encoded slashes.
      proxyRawPath: true,
      upstreams: [
        {
          id: 'mlflow',
          path: '/',
          uri: `http://127.0.0.1:${SERVER_PORT}`,
          // From the end of a request to the first byte of the response: to store a large artifact takes a while.
          timeout: '1h',
          proxyWebSockets: false,
        },
      ],
    },
    injectRequestHeaders: headersFor(oidc),
    providers: [
      {
        id: 'provider',
        provider: 'oidc',
        clientID: oidc.clientId,
        clientSecretFile: `${CLIENT_SECRET_PATH}/${oidc.clientSecretKey}`,
        scope: oidc.scopes.join(' '),
        code_challenge_method: 'S256',
        ...(oidc.allowedGroups.length > 0 ? { allowedGroups: oidc.allowedGroups } : {}),
        ...(Object.hasOwn(OWN_NAMES, usernameClaim) ? {} : { additionalClaims: [usernameClaim] }),
        ...(oidc.logoutUrl ? { backendLogoutURL: oidc.logoutUrl } : {}),
        ...(ca ? { caFiles: [`${PROVIDER_CA_PATH}/${ca.key}`], useSystemTrustStore: true } : {}),
        oidcConfig: {
          issuerURL: oidc.issuer,
          insecureSkipNonce: false,
          emailClaim: 'email',
          groupsClaim,
          userIDClaim: 'email',
          audienceClaims: ['aud'],
          ...(oidc.audiences.length > 0 ? { extraAudiences: oidc.audiences } : {}),
        },
      },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}
