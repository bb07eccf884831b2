import { type Issue, violatedChecks } from '../../../input/issue';
import { parseReference } from '../../../kubernetes/image-reference';
import { OAUTH2_PROXY_IMAGE } from '../../../versions';
import { edgesOf } from '../../exposure/edge';
import type { BrowsedServer } from '../../service/accepted';
import type { Oidc } from './resolve';

const AT = ['auth', 'oidc'];

/** The sections that single sign-on is warned about with. */
export interface WarnedSections extends BrowsedServer {
  readonly auth: BrowsedServer['auth'] & { readonly oidc?: Pick<Oidc, 'image' | 'redirectUrl' | 'scopes'> };
}

/** Settings with which people cannot log in. */
export function oidcWarnings(environment: WarnedSections): Issue[] {
  const { oidc } = environment.auth;
  if (!oidc) return [];
  const given = oidc.redirectUrl;
  const hosts = edgesOf(environment).map(({ host }) => host);
  const [host = ''] = hosts;
  return violatedChecks([
    {
      path: [...AT, 'image', 'tag'],
      violated: isOlder(oidc.image, OAUTH2_PROXY_IMAGE.tag),
      message: `is older than ${OAUTH2_PROXY_IMAGE.tag}, whose settings it gets and may not read (use that or a newer one)`,
    },
    {
      path: [...AT, 'scopes'],
      violated: !oidc.scopes.includes('email'),
      message:
        'do not contain email, so most providers send no address, without which the proxy refuses a login (add it)',
    },
    {
      path: [...AT, 'redirectUrl'],
      violated: given !== undefined && hosts.length > 0 && !hosts.includes(new URL(given).hostname),
      message: `is at another host than ${host}, at which people then cannot log in (remove it, or use that host)`,
    },
  ]);
}

/** Whether an image is of a minor release before that of a tag, as far as its own tag tells. */
function isOlder(image: string, tag: string): boolean {
  const [major = 0, minor = 0] = versionOf(tag) ?? [];
  const [itsMajor = major, itsMinor = minor] = versionOf(parseReference(image).tag ?? '') ?? [];
  return itsMajor < major || (itsMajor === major && itsMinor < minor);
}

const versionOf = (tag: string) => /^v?(\d+)\.(\d+)\b/.exec(tag)?.slice(1).map(Number);
