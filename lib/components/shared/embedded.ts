import { formatReference, mirrored } from '../../kubernetes/image-reference';
import { toLabelValue } from '../../kubernetes/labels';
import type { Resources } from '../../kubernetes/pod';
import type { Claim } from './contributions/claims';
import { resolveResources, type WrittenResources } from './sections/resources';

/** A store that runs in the cluster, for one instance. */
export interface StoreSettings {
  /** The image as a pod names it. */
  readonly image: string;
  /** Its tag, for the version label. */
  readonly version: string;
  readonly claim: Claim;
  readonly resources: Resources;
}

/** What a user writes for an embedded store. */
interface GivenStore {
  readonly image: { readonly repository?: string; readonly tag: string; readonly digest?: string };
  readonly storage: { readonly name?: string; readonly size: string; readonly storageClass?: string };
  readonly resources: WrittenResources;
}

/** The official image of a program, and the registry of its copy if there is one. */
export interface OfficialImage {
  readonly repository: string;
  readonly registry?: string;
}

/** Disk of the node for an embedded store: little more than its log, because everything else is on the claim. */
const DISK = '256Mi';

/**
 * The settings of an embedded store, with all defaults.
 *
 * @param name of the store, and of its claim unless the section names one
 * @param official the repository of its image, unless the section names one
 */
export function resolveEmbedded(
  { image, storage, resources }: GivenStore,
  name: string,
  official: OfficialImage,
): StoreSettings {
  return {
    image: formatReference({
      ...image,
      repository: image.repository ?? mirrored(official.repository, official.registry),
    }),
    version: toLabelValue(image.tag),
    claim: { ...storage, name: storage.name ?? name, accessMode: 'ReadWriteOnce' },
    resources: resolveResources(resources, DISK),
  };
}
