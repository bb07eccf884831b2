import { section } from '../../../shared/sections/fields';
import { s3Bucket, s3Endpoint, s3Keys } from '../../../shared/sections/s3';

/** A bucket for backups. */
export const backupS3 = section({
  bucket: s3Bucket().describe('Name of an existing bucket.'),
  ...s3Keys({ secret: '`NAME-backup-s3-secret`' }),
  endpoint: s3Endpoint()
    .optional()
    .describe(
      'URL of an S3-compatible store. If unset, AWS. Use another store than that of the artifacts if you have one.',
    ),
}).describe('A bucket on AWS or in an S3-compatible store.');
