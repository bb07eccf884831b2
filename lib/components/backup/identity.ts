import { type AccountIdentity, artifactIdentity, type IdentitySections } from '../artifacts/identity';
import { BACKUP_CA_PATH as ARTIFACTS_CA_PATH } from '../artifacts/s3/store';
import { backupDestination } from './destinations/destinations';
import { backupName } from './names';
import { BACKUP_CA_PATH } from './paths';
import type { Backup } from './resolve';

/** An identity, with the CA certificate of what gives the keys. */
interface BackupIdentity extends AccountIdentity {
  /** Where it is mounted. @default publicly trusted CAs */
  readonly caFile?: string;
}

/**
 * As whom backup and restore log in to stores without keys. A pod has one identity: that of the backups, if they have
 * one, which must reach the artifacts too; otherwise the server's.
 */
export function backupIdentity(
  environment: IdentitySections & { readonly name: string },
  backup: Backup,
): BackupIdentity | undefined {
  const own = backupDestination(backup.destination).identity;
  if (own) return { ...own, account: backupName(environment.name), caFile: own.ca && `${BACKUP_CA_PATH}/${own.ca}` };
  const shared = backup.artifacts ? artifactIdentity(environment) : undefined;
  return shared && { ...shared, caFile: shared.ca && `${ARTIFACTS_CA_PATH}/${shared.ca}` };
}
