import { z } from 'zod';
import { section } from '../../shared/sections/fields';
import { s3Bucket, s3Endpoint, s3Keys } from '../../shared/sections/s3';
import { storeFolder } from '../../shared/sections/store-location';

/** A bucket for artifacts. */
export const s3 = section({
  bucket: s3Bucket().optional().meta({
    description: 'Name of the bucket.',
    derived: '`mlflow-artifacts` with `embedded`, otherwise required',
  }),
  prefix: storeFolder().optional().describe('Folder within the bucket. If unset, the root of the bucket.'),
  ...s3Keys({ secret: '`NAME-s3-secret`' }),
  endpoint: s3Endpoint().optional().meta({
    description: 'URL of an S3-compatible store.',
    derived: '`http://NAME-object-store:7070` with `embedded`, otherwise AWS',
  }),
  createBucket: z.boolean().optional().meta({
    description: 'Whether to create a missing bucket. The access key needs permission to create it.',
    derived: '`true` with `embedded`, otherwise `false`',
  }),
})
  .prefault({})
  .describe('The bucket, on AWS or in an S3-compatible store.');
