import { longestGap } from '../../../kubernetes/cron';
import { quantityValue } from '../../../kubernetes/quantity';
import type { Variable } from '../../../kubernetes/variables';
import { withUserVariables } from '../../server/variables/user-variables';
import type { Backup, Verification } from '../resolve';
import { type BackupSections, programVariables, WORK_PATH } from '../variables';

/** A backup as its verification sees it: artifacts are read where backups are, not where they were copied from. */
export const verifiedBackup = (backup: Backup): Backup => ({ ...backup, artifacts: false });

/** The variables of the program that verifies, with those of the environment file. */
export const verificationVariables = (
  environment: BackupSections,
  backup: Backup,
  verification: Verification,
): Variable[] => withUserVariables(ownVerificationVariables(environment, backup, verification), environment);

/** The variables that we set: none leads to a database. The last one is what you change in a Job created from it. */
export const ownVerificationVariables = (
  environment: BackupSections,
  backup: Backup,
  { schedule, temporaryStorage, artifactPercentage }: Verification,
): Variable[] => [
  ...programVariables(environment, verifiedBackup(backup)),
  { name: 'BACKUP_ROOM', value: String(Math.floor(quantityValue(temporaryStorage) / 2 ** 20)) },
  { name: 'BACKUP_ARTIFACT_PERCENTAGE', value: String(artifactPercentage) },
  // Another part of the artifacts is read in each time of this length.
  { name: 'BACKUP_INTERVAL_SECONDS', value: String(longestGap(schedule) * 3600) },
  { name: 'BACKUP', value: 'latest' },
];

/** The variables of PostgreSQL's programs: they connect to the server of the pod. */
export const serverVariables = (): Variable[] => [
  { name: 'HOME', value: '/tmp' },
  { name: 'PGHOST', value: WORK_PATH },
  { name: 'PGUSER', value: 'postgres' },
  { name: 'BACKUP_WORK', value: WORK_PATH },
];
