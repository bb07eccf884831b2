import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { VERSITYGW_IMAGE } from '../../versions';
import { resolveEmbedded, type StoreSettings } from '../shared/embedded';
import { type AzureArtifacts, resolveAzure } from './azure/resolve';
import { objectStoreName, resolveEmbeddedS3 } from './embedded/resolve';
import { type ArtifactGcs, resolveArtifactGcs } from './gcs/resolve';
import { resolveS3, type S3 } from './s3/resolve';
import type { artifacts as section } from './section';
import { type ArtifactVolume, resolveVolume } from './volume/resolve';

/** The section as a user wrote it. */
export type ArtifactsSection = DeepReadonly<z.output<typeof section>>;

/** The sections that the artifact store follows from. */
export interface GivenArtifacts {
  readonly name: string;
  readonly artifacts: ArtifactsSection;
  readonly image: { readonly registry?: string };
}

type Access = Pick<ArtifactsSection, 'access'>;

/** The settings of each kind of store. */
interface Stores {
  /** A container of Azure Blob Storage. */
  readonly azure: AzureArtifacts;
  /** A bucket of Google Cloud Storage. */
  readonly gcs: ArtifactGcs;
  /** A bucket, with its name and endpoint if the store is the instance's own. */
  readonly s3: S3;
  /** Files on a volume. */
  readonly volume: ArtifactVolume;
}

/** One of them, and no other. */
type Only<Kind extends keyof Stores> = Access &
  Pick<Stores, Kind> & { readonly [Other in Exclude<keyof Stores, Kind>]?: undefined };

/** Where artifacts are kept. `embedded` is the instance's own store, in `s3`. */
export type Artifacts =
  | (Only<'s3'> & { readonly embedded?: StoreSettings })
  | ((Only<'azure'> | Only<'gcs'> | Only<'volume'>) & { readonly embedded?: undefined });

/** Fills in the Secret, and bucket and endpoint of an embedded store. */
export function resolveArtifacts({ name, artifacts, image }: GivenArtifacts): { readonly artifacts: Artifacts } {
  const { azure, embedded, s3, volume, gcs, ...rest } = artifacts;
  if (volume) return { artifacts: { ...rest, volume: resolveVolume(name, volume) } };
  if (azure) return { artifacts: { ...rest, azure: resolveAzure(name, azure) } };
  if (gcs) return { artifacts: { ...rest, gcs: resolveArtifactGcs(name, gcs) } };
  if (!embedded) return { artifacts: { ...rest, s3: resolveS3(name, s3) } };
  const official = { ...VERSITYGW_IMAGE, registry: image.registry };
  const settings = resolveEmbedded(embedded, objectStoreName(name), official);
  return { artifacts: { ...rest, s3: resolveEmbeddedS3(name, s3), embedded: settings } };
}
