import type { Grammar } from './grammar';

/**
 * References to container images: `registry.example.com:5000/team/mlflow:v3.18.0-full@sha256:…`.
 *
 * @see https://github.com/distribution/reference
 */

const DOMAIN_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const PATH_PART = '[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*';

/** Registry and repository, without tag and digest. A host has a port only if a path follows; else it would be a tag. */
export const REPOSITORY: Grammar = {
  pattern: new RegExp(`^(${DOMAIN_LABEL}(\\.${DOMAIN_LABEL})*(:\\d+)?/)?${PATH_PART}(/${PATH_PART})*$`),
  maximum: 255,
  form: 'a repository without tag, in lowercase, such as ghcr.io/mlflow/mlflow',
};

/** The host of a registry, with its port and a path below it. A word alone would be a name on Docker Hub. */
export const REGISTRY: Grammar = {
  pattern: new RegExp(`^(?=[^/]*[.:]|localhost(/|$))${DOMAIN_LABEL}(\\.${DOMAIN_LABEL})*(:\\d+)?(/${PATH_PART})*$`),
  maximum: 200,
  form: 'a registry without https:// and a slash at its end, in lowercase, such as registry.example.com/mirror',
};

/** A tag. */
export const TAG: Grammar = {
  pattern: /^[a-zA-Z0-9_][-.a-zA-Z0-9_]{0,127}$/,
  form: 'a tag such as v3.18.0-full',
};

/** A digest. */
export const DIGEST: Grammar = {
  pattern: /^sha256:[0-9a-f]{64}$/,
  form: 'sha256: and 64 hexadecimal digits',
};

/** Whether a tag names another image at times, by convention: `latest`, `nightly-full`. */
export const isMovingTag = (tag: string): boolean =>
  /^(latest|edge|main|master|trunk|head|nightly|daily|rolling|stable|testing|unstable|dev|devel|develop|snapshot|canary)(-[a-z]+)*$/i.test(
    tag,
  );

/** Whether a tag is a major release alone, such as `17-trixie` or `v1`, which names each release of it in turn. */
export const isMajorTag = (tag: string): boolean => /^v?\d{1,3}(-[a-z]+)*$/i.test(tag);

/** The parts of a reference. */
export interface ImageReference {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** A reference as a pod names it. */
export function formatReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/** The parts of a reference as a pod names it. They need not follow the grammar. */
export function parseReference(reference: string): ImageReference {
  const at = reference.indexOf('@');
  const name = at < 0 ? reference : reference.slice(0, at);
  const digest = at < 0 ? undefined : reference.slice(at + 1);
  // A colon before the last slash is that of the registry's port.
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  if (colon < 0) return { repository: name, digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}

/** The repository of a copy: in another registry, under the name without its own. Without a registry, the original. */
export const mirrored = (repository: string, registry: string | undefined): string =>
  registry === undefined ? repository : `${registry}/${withoutHost(repository)}`;

/** A repository without the host of its registry. */
const withoutHost = (repository: string): string => repository.replace(/^([^/]*[.:][^/]*|localhost)\//, '');

/** The host of the registry that a reference names, with its port, or undefined if it means Docker Hub. */
export function registryHost(reference: string): string | undefined {
  const end = reference.indexOf('/');
  if (end < 0) return undefined;
  const first = reference.slice(0, end);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return isHost && !['docker.io', 'index.docker.io'].includes(first) ? first : undefined;
}
