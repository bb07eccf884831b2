import type { BrowsedServer } from '../../service/accepted';
import { outerUris } from '../../service/accepted';

/** The pages of the proxy itself, below the static prefix. */
export const proxyPrefix = ({ server: { staticPrefix = '' } }: Pick<BrowsedServer, 'server'>): string =>
  `${staticPrefix}/oauth2`;

/** Where the provider sends people back to. */
const CALLBACK = '/callback';

/** What follows the origin in the redirect URL. */
export const callbackPath = (sections: Pick<BrowsedServer, 'server'>): string => proxyPrefix(sections) + CALLBACK;

/**
 * The URL to which the provider sends people back: that of the environment file, or at the first name of the server
 * outside the cluster.
 *
 * @returns undefined if the server has no such name
 */
export function redirectUrl(environment: BrowsedServer): string | undefined {
  const [outer] = outerUris(environment);
  return environment.auth.oidc?.redirectUrl ?? (outer && new URL(callbackPath(environment), outer.page).href);
}
