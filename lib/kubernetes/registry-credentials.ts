import { isRecord } from '../input/is-record';
import { registryHost } from './image-reference';

/** What a node reads to pull images from a registry with a login: the text of `.dockerconfigjson`. */

/** A login at a registry. */
export interface RegistryLogin {
  /** As an image's name contains it, with its port; or a URL, as Docker Hub's. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

const DOCKER_HUB = 'https://index.docker.io/v1/';

/** The registry of an image, as a login names it. */
export const registryOf = (reference: string): string => registryHost(reference) ?? DOCKER_HUB;

/** The text for one login. */
export const registryCredentials = ({ server, username, password }: RegistryLogin): string =>
  JSON.stringify({
    auths: { [server]: { username, password, auth: Buffer.from(`${username}:${password}`).toString('base64') } },
  });

/**
 * Why a node could not pull an image with a text, or undefined. The message repeats nothing of the text.
 *
 * @param reference the image as a pod names it
 * @param options `isOneOfSeveral`: a login for any registry will do, because another text may have that of the image
 */
export function registryIssue(
  text: string,
  reference: string,
  { isOneOfSeveral = false }: { readonly isOneOfSeveral?: boolean } = {},
): string | undefined {
  const hint = `use a file that docker login wrote, with a login for ${registryOf(reference)}`;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return `is not JSON (${hint})`;
  }
  const auths = isRecord(content) ? content.auths : undefined;
  if (!isRecord(auths)) return `has no auths (${hint})`;
  const entries = Object.entries(auths).filter(([server]) => isOneOfSeveral || serves(server, reference));
  if (entries.length === 0) {
    return `has no login for ${registryOf(reference)}, which the image comes from (${hint})`;
  }
  if (!entries.some(([, entry]) => hasLogin(entry))) {
    return `has neither auth nor username and password for ${registryOf(reference)}, as with a credential helper (enter registry, user and password instead)`;
  }
  return undefined;
}

function hasLogin(entry: unknown): boolean {
  if (!isRecord(entry)) return false;
  const { auth, username, password } = entry;
  // The kubelet uses auth if it is set, and ignores the other keys.
  if (typeof auth === 'string' && auth !== '') return /^[^:]+:./s.test(Buffer.from(auth, 'base64').toString('latin1'));
  return [username, password].every((text) => typeof text === 'string' && text !== '');
}

/**
 * Whether the kubelet uses an entry for an image: pkg/credentialprovider/keyring.go of Kubernetes, Add and URLsMatch.
 */
function serves(server: string, reference: string): boolean {
  const [host = '', ...path] = server.replace(/^https?:\/\//, '').split('/');
  const wantedHost = registryHost(reference);
  if (wantedHost === undefined) return ['index.docker.io', 'docker.io'].includes(host);
  const prefix = `/${path.join('/')}`.replace(/^\/v[12]\//, '/');
  const [, ...wantedPath] = reference.split('/');
  if (!`/${wantedPath.join('/')}`.startsWith(prefix)) return false;
  const split = (name: string) => ({ parts: name.replace(/:\d+$/, '').split('.'), port: /:\d+$/.exec(name)?.[0] });
  const [own, wanted] = [split(host), split(wantedHost)];
  return (
    own.port === wanted.port &&
    own.parts.length === wanted.parts.length &&
    own.parts.every((part, index) => glob(part).test(wanted.parts[index] ?? ''))
  );
}

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\\\*/g, '.*')
      .replace(/\\\?/g, '.')}$`,
  );
