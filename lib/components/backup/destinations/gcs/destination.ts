import { keysOf } from '../../../shared/contributions/secret-keys';
import {
  type GcsBucket,
  gcsDestinations,
  gcsFolder,
  gcsIdentity,
  keyFile,
  keyFileVariable,
} from '../../../shared/gcs-store';
import { gcsRisks } from '../../../shared/risks/gcs';
import type { BackupDestination } from '../destination';
import { DESTINATION } from '../resolve';

const PATH = [...DESTINATION, 'gcs'];

/** Where the key file is mounted. */
const KEY_PATH = '/etc/mlflow/backup-gcs';

/** A folder of a bucket of Google Cloud Storage. */
export function gcsDestination(gcs: GcsBucket, prefix: string): BackupDestination {
  const { bucket, endpoint, credentials } = gcs;
  return {
    path: PATH,
    variables: [
      { name: 'BACKUP_GCS_BUCKET', value: bucket },
      { name: 'BACKUP_PREFIX', value: prefix },
      ...keyFileVariable(gcs, 'BACKUP_GCS_KEY_FILE', KEY_PATH),
      ...(endpoint ? [{ name: 'BACKUP_GCS_ENDPOINT', value: endpoint }] : []),
    ],
    files: [keyFile(gcs, 'backup-gcs-key', KEY_PATH)],
    hosts: endpoint ? [endpoint] : [],
    folder: () => gcsFolder(gcs, prefix),
    identity: gcsIdentity(gcs),
    risks: () => gcsRisks(PATH, endpoint, 'backups can be read on the way'),
    secretKeys: credentials
      ? keysOf({ section: [...PATH, 'credentials'], purpose: 'backup', secret: credentials.secret, isOurs: false }, [
          ['key', credentials.key, 'google-key-file', { random: 40 }],
        ])
      : [],
    provided: [],
    claims: [],
    destinations: gcsDestinations(gcs),
  };
}
