import type { Environment } from '../../environment/model';
import type { DeepReadonly, ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Issue, violatedChecks } from '../../input/issue';
import { formatBinary, quantityValue } from '../../kubernetes/quantity';
import { databaseVariables, processVariables, type Variable } from '../server/variables';
import { SCRIPTS_PATH } from '../shared/constants';
import { imageReference } from '../shared/embedded';

/** The backup of an environment, with nothing left open. */
export type Backup = NonNullable<ResolvedEnvironment['backup']>;

/** Name of the CronJob that backs up, and of the claim and all else that belongs to both Jobs. */
export const backupName = (instance: string): string => `${instance}-backup`;
/** Name of the suspended CronJob that people make restoring Jobs from. */
export const restoreName = (instance: string): string => `${instance}-restore`;

/** Where a claim with backups is mounted. */
export const BACKUP_PATH = '/backup';
/** Where the program and PostgreSQL's programs meet, and where dumps lie on their way to or from a bucket. */
export const WORK_PATH = '/work';
/** Where certificates for the store of backups are mounted. */
export const BACKUP_CA_PATH = '/etc/mlflow/backup-ca';
/** Where those for the artifacts' store are mounted. */
export const ARTIFACTS_CA_PATH = '/etc/mlflow/artifacts-ca';

/** PostgreSQL's client programs where nobody says otherwise: the image that the tests run, which reads every older server too. */
const CLIENT = { repository: 'docker.io/library/postgres', tag: '17.11-trixie' };

/** On a claim dumps are written where they stay; beside it is only what the two containers tell each other. */
const CLAIM_WORK = '16Mi';

/** Disk beside that: /tmp and logs. */
const DISK_BESIDES = quantityValue('192Mi');

/** Fills in what a backup takes from the rest of the environment. */
export function resolveBackup(given: Environment, databaseImage: string | undefined): Backup | undefined {
  if (!given.backup) return undefined;
  const { destination, image, resources, ...rest } = given.backup;
  const { claim, s3 } = destination;
  const isNamed = Object.values(image).some((value) => value !== undefined);
  const room = claim ? CLAIM_WORK : rest.temporaryStorage;
  const disk = formatBinary(quantityValue(room) + DISK_BESIDES);
  return {
    ...rest,
    temporaryStorage: room,
    // What runs as the server is never older than the server.
    image: !isNamed && databaseImage ? databaseImage : imageReference({ ...CLIENT, ...withoutUndefined(image) }),
    destination: {
      prefix: destination.prefix ?? given.name,
      claim: claim && { ...claim, name: claim.name ?? backupName(given.name) },
      s3: s3 && {
        ...s3,
        credentials: { ...s3.credentials, secret: s3.credentials.secret ?? `${given.name}-backup-s3-secret` },
      },
    },
    resources: {
      requests: {
        cpu: resources.requests.cpu,
        memory: resources.requests.memory ?? resources.limits.memory,
        'ephemeral-storage': disk,
      },
      limits: { ...resources.limits, 'ephemeral-storage': disk },
    },
  };
}

const withoutUndefined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

/** What only shows when the rest of the environment is known. */
export function backupIssues({ backup, artifacts, storage, database }: ResolvedEnvironment): Issue[] {
  if (!backup) return [];
  const { claim, s3, prefix } = backup.destination;
  const into = `${prefix}/`;
  const from = artifacts.s3.prefix === undefined ? '' : `${artifacts.s3.prefix}/`;
  const sameBucket = s3?.bucket === artifacts.s3.bucket && s3.endpoint === artifacts.s3.endpoint;
  const others = [database.embedded?.claim, artifacts.embedded?.claim, storage.data];
  const taken = others.some((other) => other?.name === claim?.name);
  return violatedChecks([
    {
      path: ['backup', 'destination', 's3', 'bucket'],
      violated: sameBucket && (into.startsWith(from) || from.startsWith(into)),
      message: `is the artifacts' bucket, and one folder is within the other, so that backups would be artifacts (use another bucket, or give both a prefix)`,
    },
    {
      path: ['backup', 'destination', 'claim', 'name'],
      violated: claim?.create === true && taken,
      message: `is ${claim?.name}, which another claim has already (name another, or set create: false where that one is meant)`,
    },
    {
      path: ['backup', 'destination', 'claim', 'name'],
      violated:
        claim?.create === false &&
        (claim.name === database.embedded?.claim.name || claim.name === artifacts.embedded?.claim.name),
      message: `is ${claim?.name}, the claim of an embedded store, which would be lost together with its backup (name another)`,
    },
  ]);
}

/** The variables of the program that backs up. */
export function backupVariables(environment: ResolvedEnvironment, backup: Backup): Variable[] {
  const { retention } = backup;
  return [
    ...programVariables(environment, backup, 'mlflow-backup'),
    // A garbage collection that runs is waited for.
    { name: 'BACKUP_LOCK_TIMEOUT', value: String(Math.floor(backup.timeout / 2)) },
    { name: 'BACKUP_RETENTION_COUNT', value: String(retention.count) },
    ...(retention.days ? [{ name: 'BACKUP_RETENTION_SECONDS', value: String(retention.days * 86_400) }] : []),
  ];
}

/** The variables of the program that restores. The last ones are what a person changes in a Job made of it. */
export function restoreVariables(environment: ResolvedEnvironment, backup: Backup): Variable[] {
  return [
    ...programVariables(environment, backup, 'mlflow-restore'),
    ...(environment.database.create ? [{ name: 'BACKUP_CREATE_DATABASES', value: 'true' }] : []),
    ...(backup.artifacts && environment.artifacts.s3.createBucket
      ? [{ name: 'BACKUP_CREATE_BUCKET', value: 'true' }]
      : []),
    { name: 'BACKUP', value: 'latest' },
    { name: 'OVERWRITE', value: 'false' },
    { name: 'ARTIFACTS', value: String(backup.artifacts) },
  ];
}

/** The variables of PostgreSQL's programs. */
export function clientVariables(environment: ResolvedEnvironment): Variable[] {
  return [
    { name: 'HOME', value: '/tmp' },
    ...databaseVariables(environment, 'mlflow-backup-client'),
    { name: 'BACKUP_WORK', value: WORK_PATH },
  ];
}

function programVariables(environment: ResolvedEnvironment, backup: Backup, application: string): Variable[] {
  const { name, namespace, database, auth, artifacts } = environment;
  const { destination } = backup;
  const ownEndpoint = destination.s3?.endpoint ?? (backup.artifacts ? artifacts.s3.endpoint : undefined);
  return [
    ...processVariables(),
    ...databaseVariables(environment, application),
    { name: 'BACKUP_INSTANCE', value: `${namespace.name}/${name}` },
    { name: 'BACKUP_TRACKING_DATABASE', value: database.name },
    ...(auth.enabled ? [{ name: 'BACKUP_AUTH_DATABASE', value: database.authName }] : []),
    { name: 'BACKUP_TIMEOUT', value: String(database.timeout) },
    { name: 'BACKUP_WORK', value: WORK_PATH },
    ...(destination.s3
      ? storeVariables(destination.s3, destination.prefix)
      : [{ name: 'BACKUP_FOLDER', value: `${BACKUP_PATH}/${destination.prefix}` }]),
    ...(backup.artifacts ? artifactVariables(artifacts.s3) : []),
    ...(ownEndpoint
      ? [
          // As for the server: some compatible stores refuse the checksums of newer boto3.
          { name: 'AWS_REQUEST_CHECKSUM_CALCULATION', value: 'when_required' },
          { name: 'AWS_RESPONSE_CHECKSUM_VALIDATION', value: 'when_required' },
        ]
      : []),
  ];
}

function storeVariables(s3: NonNullable<Backup['destination']['s3']>, prefix: string): Variable[] {
  const { secret, accessKeyIdKey, secretAccessKeyKey } = s3.credentials;
  return [
    { name: 'BACKUP_BUCKET', value: s3.bucket },
    { name: 'BACKUP_PREFIX', value: prefix },
    ...(s3.endpoint ? [{ name: 'BACKUP_S3_ENDPOINT_URL', value: s3.endpoint }] : []),
    { name: 'BACKUP_AWS_DEFAULT_REGION', value: s3.region },
    { name: 'BACKUP_S3_ADDRESSING_STYLE', value: s3.addressingStyle },
    { name: 'BACKUP_AWS_ACCESS_KEY_ID', secret, key: accessKeyIdKey },
    { name: 'BACKUP_AWS_SECRET_ACCESS_KEY', secret, key: secretAccessKeyKey },
    ...(s3.tls.ca ? [{ name: 'BACKUP_AWS_CA_BUNDLE', value: `${BACKUP_CA_PATH}/${s3.tls.ca.key}` }] : []),
  ];
}

/** Not by AWS_CA_BUNDLE, which would hold for the store of the backups too. */
function artifactVariables(s3: DeepReadonly<ResolvedEnvironment['artifacts']['s3']>): Variable[] {
  const { secret, accessKeyIdKey, secretAccessKeyKey } = s3.credentials;
  return [
    { name: 'BACKUP_ARTIFACTS_BUCKET', value: s3.bucket },
    ...(s3.prefix ? [{ name: 'BACKUP_ARTIFACTS_PREFIX', value: s3.prefix }] : []),
    ...(s3.endpoint ? [{ name: 'MLFLOW_S3_ENDPOINT_URL', value: s3.endpoint }] : []),
    { name: 'AWS_DEFAULT_REGION', value: s3.region },
    { name: 'MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE', value: s3.addressingStyle },
    { name: 'AWS_ACCESS_KEY_ID', secret, key: accessKeyIdKey },
    { name: 'AWS_SECRET_ACCESS_KEY', secret, key: secretAccessKeyKey },
    ...(s3.tls.ca ? [{ name: 'BACKUP_ARTIFACTS_CA_BUNDLE', value: `${ARTIFACTS_CA_PATH}/${s3.tls.ca.key}` }] : []),
  ];
}

/** What each container runs. */
export const COMMANDS = {
  backup: ['python', `${SCRIPTS_PATH}/backup.py`],
  restore: ['python', `${SCRIPTS_PATH}/restore.py`],
  client: ['sh', `${SCRIPTS_PATH}/postgresql-client.sh`],
} as const;
