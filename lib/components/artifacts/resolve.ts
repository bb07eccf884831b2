import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { VERSITYGW_IMAGE } from '../../versions';
import { OBJECT_STORE_PORT } from '../shared/constants';
import { resolveEmbedded, type StoreSettings } from '../shared/embedded';
import type { artifacts as section } from './section';

/** The section as a user wrote it. */
export type ArtifactsSection = DeepReadonly<z.output<typeof section>>;

/** The sections that the artifact store follows from. */
export interface GivenArtifacts {
  readonly name: string;
  readonly artifacts: ArtifactsSection;
  readonly image: { readonly registry?: string };
}

/** A bucket with the Secret that opens it. */
export interface S3 extends Omit<ArtifactsSection['s3'], 'bucket' | 'createBucket' | 'credentials'> {
  readonly bucket: string;
  /** Whether a missing bucket is created. */
  readonly createBucket: boolean;
  readonly credentials: ArtifactsSection['s3']['credentials'] & { readonly secret: string };
}

/** Where artifacts are kept: in an external store, or the instance's own. */
export interface Artifacts extends Omit<ArtifactsSection, 's3' | 'embedded'> {
  /** With bucket and endpoint of the embedded store, if there is one. */
  readonly s3: S3;
  /** @default an external store */
  readonly embedded?: StoreSettings;
}

/** Name of the Service of an embedded object store, and of every other object of it. */
export const objectStoreName = (instance: string): string => `${instance}-object-store`;

/** The bucket in an embedded store, unless another is set. */
const EMBEDDED_BUCKET = 'mlflow-artifacts';

/** Fills in the Secret, and bucket and endpoint of an embedded store. */
export function resolveArtifacts({ name, artifacts, image }: GivenArtifacts): { readonly artifacts: Artifacts } {
  const { embedded, s3: given, ...rest } = artifacts;
  const credentials = { ...given.credentials, secret: given.credentials.secret ?? `${name}-s3-secret` };
  // A missing bucket is an issue of its own.
  const external = { ...given, credentials, bucket: given.bucket ?? '', createBucket: given.createBucket ?? false };
  if (!embedded) return { artifacts: { ...rest, s3: external } };
  const own = {
    bucket: given.bucket ?? EMBEDDED_BUCKET,
    endpoint: `http://${objectStoreName(name)}:${OBJECT_STORE_PORT}`,
    addressingStyle: 'path' as const,
    createBucket: given.createBucket ?? true,
  };
  const s3 = { ...external, ...own };
  const official = { ...VERSITYGW_IMAGE, registry: image.registry };
  return { artifacts: { ...rest, s3, embedded: resolveEmbedded(embedded, objectStoreName(name), official) } };
}
