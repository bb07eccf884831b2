import { section } from '../../shared/sections/fields';
import { storeFolder } from '../../shared/sections/store-location';
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
  prefix: storeFolder().optional().meta({
    description: 'Folder in the volume, bucket or container, for this instance alone.',
    derived: '`NAME`',
  }),
}).describe('Where backups are stored. Set one of `azure`, `claim`, `gcs` and `s3`.');
