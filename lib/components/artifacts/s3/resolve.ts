import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import type { s3 as section } from './section';

/** The bucket as a user wrote it. */
export type S3Section = DeepReadonly<z.output<typeof section>>;

/** A bucket with the Secret that opens it. */
export interface S3 extends Omit<S3Section, 'bucket' | 'createBucket' | 'credentials'> {
  readonly bucket: string;
  /** Whether a missing bucket is created. */
  readonly createBucket: boolean;
  readonly credentials: S3Section['credentials'] & { readonly secret: string };
}

/** Fills in the Secret. */
export const resolveS3 = (name: string, given: S3Section): S3 => ({
  ...given,
  credentials: { ...given.credentials, secret: given.credentials.secret ?? `${name}-s3-secret` },
  // A missing bucket is an issue of its own.
  bucket: given.bucket ?? '',
  createBucket: given.createBucket ?? false,
});
