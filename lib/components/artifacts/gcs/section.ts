import { z } from 'zod';
import { section } from '../../shared/sections/fields';
import { gcsBucket, gcsKeys } from '../../shared/sections/gcs';
import { storeFolder } from '../../shared/sections/store-location';

/** A bucket of Google Cloud Storage for artifacts. */
export const gcs = section({
  bucket: gcsBucket().describe('Name of the bucket.'),
  prefix: storeFolder().optional().describe('Folder within the bucket. If unset, the root of the bucket.'),
  ...gcsKeys({ secret: '`NAME-gcs-key`' }),
  project: z
    .string()
    .regex(/^[a-z][-a-z0-9.:]{4,61}[a-z0-9]$/, 'must be the ID of a project, such as my-project-1')
    .optional()
    .describe(
      'ID of the Google Cloud project, which a new bucket belongs to. If unset, that of the key file or of the cluster.',
    ),
  createBucket: z
    .boolean()
    .default(false)
    .describe(
      'Whether to create a missing bucket. It needs `project`, or the project of the key file, and permission.',
    ),
}).describe(
  'Artifacts in Google Cloud Storage, in place of S3. The image needs the package `google-cloud-storage` ' +
    '([Google Cloud Storage](google-cloud-storage.md)).',
);
