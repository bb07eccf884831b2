import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import { OBJECT_STORE_PORT } from '../../shared/constants';
import { resolveS3, type S3, type S3Section } from '../s3/resolve';
import type { embeddedObjectStore } from './section';

/** The section as a user wrote it. */
export type EmbeddedSection = DeepReadonly<z.output<typeof embeddedObjectStore>>;

/** Name of the Service of an embedded object store, and of every other object of it. */
export const objectStoreName = (instance: string): string => `${instance}-object-store`;

/** The bucket in an embedded store, unless another is set. */
const EMBEDDED_BUCKET = 'mlflow-artifacts';

/** Fills in bucket and endpoint too. */
export const resolveEmbeddedS3 = (name: string, given: S3Section): S3 => ({
  ...resolveS3(name, given),
  bucket: given.bucket ?? EMBEDDED_BUCKET,
  endpoint: `http://${objectStoreName(name)}:${OBJECT_STORE_PORT}`,
  addressingStyle: 'path',
  createBucket: given.createBucket ?? true,
});
