import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import { formatReference, mirrored } from '../../../kubernetes/image-reference';
import type { Resources } from '../../../kubernetes/pod';
import { OAUTH2_PROXY_IMAGE } from '../../../versions';
import { resolveResources } from '../../shared/sections/resources';
import type { oidc as section } from './section';

/** The section as a user wrote it. */
export type OidcSection = DeepReadonly<z.output<typeof section>>;

/** Single sign-on, with the Secrets and the image of its proxy. */
export interface Oidc extends Omit<OidcSection, 'image' | 'resources'> {
  readonly secret: string;
  readonly proxySecret: string;
  /** The image of the proxy as a pod names it. */
  readonly image: string;
  readonly resources: Resources;
}

/** Disk of the node for the proxy: its log. */
const DISK = '64Mi';

/** Fills in the Secrets, the image and the memory request. */
export function resolveOidc(
  oidc: OidcSection,
  { name, registry }: { readonly name: string; readonly registry?: string },
): Oidc {
  const { image, resources } = oidc;
  const repository = image.repository ?? mirrored(OAUTH2_PROXY_IMAGE.repository, registry);
  return {
    ...oidc,
    secret: oidc.secret ?? `${name}-oidc`,
    proxySecret: oidc.proxySecret ?? `${name}-oauth2-proxy`,
    image: formatReference({ ...image, repository }),
    resources: resolveResources(resources, DISK),
  };
}
