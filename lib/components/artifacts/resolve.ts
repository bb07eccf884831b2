import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { VERSITYGW_IMAGE } from '../../versions';
import { resolveEmbedded, type StoreSettings } from '../shared/embedded';
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

/** A bucket, in an external store or the instance's own. */
interface InBucket extends Access {
  /** With bucket and endpoint of the embedded store, if there is one. */
  readonly s3: S3;
  /** @default an external store */
  readonly embedded?: StoreSettings;
  readonly volume?: undefined;
  readonly gcs?: undefined;
}

/** Files on a volume. */
interface OnVolume extends Access {
  readonly volume: ArtifactVolume;
  readonly gcs?: undefined;
  readonly s3?: undefined;
  readonly embedded?: undefined;
}

/** A bucket of Google Cloud Storage. */
interface InGcs extends Access {
  readonly gcs: ArtifactGcs;
  readonly s3?: undefined;
  readonly embedded?: undefined;
  readonly volume?: undefined;
}

/** Where artifacts are kept. */
export type Artifacts = InBucket | InGcs | OnVolume;

/** Fills in the Secret, and bucket and endpoint of an embedded store. */
export function resolveArtifacts({ name, artifacts, image }: GivenArtifacts): { readonly artifacts: Artifacts } {
  const { embedded, s3, volume, gcs, ...rest } = artifacts;
  if (volume) return { artifacts: { ...rest, volume: resolveVolume(name, volume) } };
  if (gcs) return { artifacts: { ...rest, gcs: resolveArtifactGcs(name, gcs) } };
  if (!embedded) return { artifacts: { ...rest, s3: resolveS3(name, s3) } };
  const official = { ...VERSITYGW_IMAGE, registry: image.registry };
  const settings = resolveEmbedded(embedded, objectStoreName(name), official);
  return { artifacts: { ...rest, s3: resolveEmbeddedS3(name, s3), embedded: settings } };
}
