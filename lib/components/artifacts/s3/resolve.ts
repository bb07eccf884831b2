import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import type { s3 as section } from './section';

/** The bucket as a user wrote it. */
export type S3Section = DeepReadonly<z.output<typeof section>>;

/** The Secret with the keys of a bucket. */
export type S3Credentials = S3Section['credentials'] & { readonly secret: string };

/** A bucket with the Secret that opens it, unless the pods have an identity there. */
export interface S3 extends Omit<S3Section, 'bucket' | 'createBucket' | 'credentials'> {
  readonly bucket: string;
  /** Whether a missing bucket is created. */
  readonly createBucket: boolean;
  /** @default keys are not used, because there is an identity */
  readonly credentials?: S3Credentials;
}

/** Fills in the Secret. */
export const resolveS3 = (name: string, given: S3Section): S3 => ({
  ...given,
  credentials: given.identity
    ? undefined
    : { ...given.credentials, secret: given.credentials.secret ?? `${name}-s3-secret` },
  // A missing bucket is an issue of its own.
  bucket: given.bucket ?? '',
  createBucket: given.createBucket ?? false,
});
