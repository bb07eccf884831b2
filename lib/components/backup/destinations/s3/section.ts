import { z } from 'zod';
import { section } from '../../../shared/sections/fields';
import { s3Bucket, s3Endpoint, s3Keys } from '../../../shared/sections/s3';

/** Encryption by a key of AWS KMS. */
export const KMS = 'aws:kms';

/** A bucket for backups. */
export const backupS3 = section({
  bucket: s3Bucket().describe('Name of an existing bucket.'),
  ...s3Keys({ secret: '`NAME-backup-s3-secret`' }),
  endpoint: s3Endpoint()
    .optional()
    .describe(
      'URL of an S3-compatible store. If unset, AWS. Use another store than that of the artifacts if you have one.',
    ),
  serverSideEncryption: z
    .enum(['AES256', KMS])
    .optional()
    .describe(
      'Encryption that each upload requests from the store: `AES256` by a key of the store, `aws:kms` by a key of AWS KMS. A ' +
        'backup fails if the store does not confirm it. If unset, what the bucket does by default.',
    ),
  kmsKeyId: z
    .string()
    .regex(/^[a-zA-Z0-9:/_-]{1,2048}$/, 'must be the ID, the ARN or the alias of a key, such as alias/backups')
    .optional()
    .describe(
      'Key of AWS KMS for `aws:kms`: its ID, ARN or alias. If unset, `aws/s3`, the key of AWS for the account.',
    ),
}).describe('A bucket on AWS or in an S3-compatible store.');
