import { longestGap } from '../../kubernetes/cron';
import type { VariableSource } from '../../kubernetes/pod';
import type { Variable } from '../../kubernetes/variables';
import type { IdentitySections } from '../artifacts/identity';
import type { Artifacts } from '../artifacts/resolve';
import { artifactStore } from '../artifacts/stores';
import { usesBasicAuth } from '../auth/login';
import type { Auth } from '../auth/resolve';
import type { Database } from '../database/resolve';
import { databaseVariables, trustsPublicCas } from '../database/variables';
import { type UserSections, withUserVariables } from '../server/variables/user-variables';
import { SYSTEM_CA_FILE } from '../shared/constants';
import { checksumVariables, processVariables } from '../shared/process-variables';
import { backupDestination } from './destinations/destinations';
import { backupIdentity } from './identity';
import type { Backup } from './resolve';

/** The folder that the two containers share, with dumps on their way to or from a bucket. */
export const WORK_PATH = '/work';
/** Publicly trusted CAs for PostgreSQL's programs, whose image has none: the other container copies its own. */
const CLIENT_CA_FILE = `${WORK_PATH}/ca-certificates.crt`;

/** The resolved sections that backup and restore follow from. */
export interface BackupSections extends UserSections {
  readonly server: UserSections['server'] &
    IdentitySections['server'] & { readonly envFrom: readonly VariableSource[] };
  readonly name: string;
  readonly database: Database;
  readonly auth: Auth;
  readonly artifacts: Artifacts;
}

/** The variables of the program that backs up, with those of the environment file. */
export const backupVariables = (environment: BackupSections, backup: Backup): Variable[] =>
  withUserVariables(ownBackupVariables(environment, backup), environment);

/** The variables of the program that restores, with those of the environment file. */
export const restoreVariables = (environment: BackupSections, backup: Backup): Variable[] =>
  withUserVariables(ownRestoreVariables(environment, backup), environment);

/** The variables that we set for both. */
export const ownVariables = (environment: BackupSections, backup: Backup): Variable[] => [
  ...ownBackupVariables(environment, backup),
  ...ownRestoreVariables(environment, backup),
];

function ownBackupVariables(environment: BackupSections, backup: Backup): Variable[] {
  const { retention } = backup;
  return [
    ...programVariables(environment, backup, 'mlflow-backup'),
    // A running garbage collection is waited for.
    { name: 'BACKUP_LOCK_TIMEOUT', value: String(Math.floor(backup.timeout / 2)) },
    // How much older a backup becomes by one run: more than twice that is taken for a pause or a jump of a clock.
    { name: 'BACKUP_INTERVAL_SECONDS', value: String(longestGap(backup.schedule) * 3600) },
    { name: 'BACKUP_RETENTION_COUNT', value: String(retention.count) },
    ...(retention.days ? [{ name: 'BACKUP_RETENTION_SECONDS', value: String(retention.days * 86_400) }] : []),
  ];
}

/** The last ones are what you change in a Job created from it. */
function ownRestoreVariables(environment: BackupSections, backup: Backup): Variable[] {
  const { database, artifacts } = environment;
  return [
    ...programVariables(environment, backup, 'mlflow-restore'),
    ...(database.create ? [{ name: 'BACKUP_CREATE_DATABASES', value: 'true' }] : []),
    ...(backup.artifacts ? artifactStore(artifacts).restoreVariables : []),
    { name: 'BACKUP', value: 'latest' },
    { name: 'OVERWRITE', value: 'false' },
    { name: 'ARTIFACTS', value: String(backup.artifacts) },
  ];
}

/** The variables of PostgreSQL's programs. */
export const postgresqlClientVariables = ({ database }: BackupSections): Variable[] => [
  { name: 'HOME', value: '/tmp' },
  ...databaseVariables(database, 'mlflow-backup-client', CLIENT_CA_FILE),
  { name: 'BACKUP_WORK', value: WORK_PATH },
];

/**
 * The variables that all programs have which read or write backups.
 *
 * @param application the name under which it connects to the databases of the instance; none if it does not
 */
export function programVariables(environment: BackupSections, backup: Backup, application?: string): Variable[] {
  const { name, namespace, database, auth, artifacts } = environment;
  const destination = backupDestination(backup.destination);
  const store = backup.artifacts ? artifactStore(artifacts) : undefined;
  const ownEndpoint = destination.endpoint ?? store?.endpoint;
  return [
    ...processVariables(),
    ...(application ? databaseVariables(database, application) : []),
    ...(application && trustsPublicCas(database) ? [{ name: 'BACKUP_CLIENT_CA', value: CLIENT_CA_FILE }] : []),
    { name: 'BACKUP_INSTANCE', value: `${namespace.name}/${name}` },
    { name: 'BACKUP_TRACKING_DATABASE', value: database.name },
    ...(usesBasicAuth(auth) ? [{ name: 'BACKUP_AUTH_DATABASE', value: database.authName }] : []),
    { name: 'BACKUP_TIMEOUT', value: String(database.timeout) },
    { name: 'BACKUP_WORK', value: WORK_PATH },
    ...destination.variables,
    ...(store?.backup.variables ?? []),
    ...identityVariables(environment, backup),
    ...(ownEndpoint ? checksumVariables() : []),
  ];
}

/** The CA certificate of an STS would be that of every store that names none. */
function identityVariables(environment: BackupSections, backup: Backup): Variable[] {
  const { variables = [], caFile } = backupIdentity(environment, backup) ?? {};
  if (!caFile) return [...variables];
  const stores = [
    backupDestination(backup.destination),
    ...(backup.artifacts ? [artifactStore(environment.artifacts).backup] : []),
  ];
  const trusting = stores.flatMap(({ publicCaVariable }) => publicCaVariable ?? []);
  return [
    ...variables,
    { name: 'AWS_CA_BUNDLE', value: caFile },
    ...trusting.map((name) => ({ name, value: SYSTEM_CA_FILE })),
  ];
}
