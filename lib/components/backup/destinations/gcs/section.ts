import { section } from '../../../shared/sections/fields';
import { gcsBucket, gcsKeys } from '../../../shared/sections/gcs';

/** A bucket of Google Cloud Storage for backups. */
export const backupGcs = section({
  bucket: gcsBucket().describe('Name of an existing bucket.'),
  ...gcsKeys({ secret: '`NAME-backup-gcs-key`' }),
}).describe('A bucket of Google Cloud Storage. The image needs the package `google-cloud-storage`.');
