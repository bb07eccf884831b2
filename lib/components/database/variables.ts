import type { Variable } from '../../kubernetes/variables';
import { DATABASE_CA_PATH, SYSTEM_CA_FILE } from '../shared/constants';
import type { ReservedVariables } from '../shared/contributions/reserved-variables';
import type { MountedFile } from '../shared/mounted-files';
import type { Database } from './resolve';

/** User name and password of MLflow's role. */
export function databaseCredentials({ credentials }: Pick<Database, 'credentials'>): Variable[] {
  const { secret, username, usernameKey, passwordKey } = credentials;
  const name = 'MLFLOW_DB_USERNAME';
  return [
    username === undefined ? { name, secret, key: usernameKey } : { name, value: username },
    { name: 'MLFLOW_DB_PASSWORD', secret, key: passwordKey },
  ];
}

/**
 * Address and login of PostgreSQL, as libpq reads them.
 *
 * @param application the application name that PostgreSQL shows
 * @param systemCa the file with publicly trusted CAs
 */
export function databaseVariables(database: Database, application: string, systemCa = SYSTEM_CA_FILE): Variable[] {
  const { host, port, tls } = database;
  const ca = trustsPublicCas(database) ? systemCa : tls.ca && `${DATABASE_CA_PATH}/${tls.ca.key}`;
  return [
    // The names of the Ansible role; the kubelet expands libpq's variables from them, which preserves any character.
    ...databaseCredentials(database),
    { name: 'PGHOST', value: host },
    { name: 'PGPORT', value: String(port) },
    { name: 'PGUSER', value: '$(MLFLOW_DB_USERNAME)' },
    { name: 'PGPASSWORD', value: '$(MLFLOW_DB_PASSWORD)' },
    { name: 'PGAPPNAME', value: application },
    { name: 'PGCONNECT_TIMEOUT', value: '10', adjustable: true },
    { name: 'PGSSLMODE', value: tls.mode },
    ...(ca ? [{ name: 'PGSSLROOTCERT', value: ca }] : []),
  ];
}

/** Whether PostgreSQL is verified by publicly trusted CAs. */
export const trustsPublicCas = ({ tls }: Pick<Database, 'tls'>): boolean => tls.mode === 'verify-full' && !tls.ca;

/** The CA certificate of PostgreSQL, mounted where the variables name it. */
export const databaseCa = ({ tls }: Pick<Database, 'tls'>): MountedFile => ({
  name: 'database-ca',
  path: DATABASE_CA_PATH,
  source: tls.ca,
});

/** Variables by which libpq or MLflow would use another database, role or encryption. */
export const RESERVED_DATABASE_VARIABLES: readonly ReservedVariables[] = [
  { names: ['PGHOST', 'PGHOSTADDR'], instead: 'use database.host' },
  { names: ['PGPORT'], instead: 'use database.port' },
  { names: ['PGDATABASE'], instead: 'use database.name' },
  { names: ['PGUSER', 'PGPASSWORD', 'PGPASSFILE'], instead: 'use database.credentials' },
  { names: ['PGSERVICE', 'PGSERVICEFILE', 'PGSYSCONFDIR'], instead: 'use the keys of database' },
  { names: ['PGSSLMODE', 'PGREQUIRESSL'], instead: 'use database.tls.mode' },
  { names: ['PGSSLROOTCERT'], instead: 'use database.tls.ca' },
  { names: ['PGOPTIONS'], instead: 'set it for the role: ALTER ROLE ... SET' },
];
