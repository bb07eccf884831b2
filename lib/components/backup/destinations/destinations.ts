import { azureDestination } from './azure/destination';
import { claimDestination } from './claim/destination';
import type { BackupDestination } from './destination';
import { gcsDestination } from './gcs/destination';
import { DESTINATION, type Destination } from './resolve';
import { s3Destination } from './s3/destination';

/** Of an environment without any, which has an issue. */
const NOWHERE: BackupDestination = {
  path: DESTINATION,
  variables: [],
  files: [],
  secretKeys: [],
  provided: [],
  claims: [],
};

/** Where the backups of an environment are stored. */
export function backupDestination({ prefix, azure, claim, gcs, s3 }: Destination): BackupDestination {
  if (claim) return claimDestination(claim, prefix);
  if (azure) return azureDestination(azure, prefix);
  if (gcs) return gcsDestination(gcs, prefix);
  return s3 ? s3Destination(s3, prefix) : NOWHERE;
}
