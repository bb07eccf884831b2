import { section } from '../../shared/sections/fields';
import { s3Prefix } from '../../shared/sections/s3';
import { backupAzure } from './azure/section';
import { backupClaim } from './claim/section';
import { backupGcs } from './gcs/section';
import { backupS3 } from './s3/section';

/** Where backups are stored: one of these. */
export const destination = section({
  azure: backupAzure.optional(),
  claim: backupClaim.optional(),
  s3: backupS3.optional(),
  gcs: backupGcs.optional(),
  prefix: s3Prefix().optional().meta({
    description: 'Folder in the volume, bucket or container, for this instance alone.',
    derived: '`NAME`',
  }),
}).describe('Where backups are stored. Set one of `azure`, `claim`, `gcs` and `s3`.');
