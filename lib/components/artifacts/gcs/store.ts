import type { Variable } from '../../../kubernetes/variables';
import { PREPARE } from '../../shared/constants';
import { keysOf, type SecretKey } from '../../shared/contributions/secret-keys';
import { gcsDestinations, gcsFolder, gcsIdentity, keyFile, keyFileVariable } from '../../shared/gcs-store';
import { gcsRisks } from '../../shared/risks/gcs';
import type { ArtifactStore } from '../store';
import type { ArtifactGcs } from './resolve';

/** Where MLflow's own client has the key file. */
const KEY_PATH = '/etc/mlflow/gcs';

/** Where backup and restore have it, besides that of the store of backups. */
const BACKUP_KEY_PATH = '/etc/mlflow/artifacts-gcs';

/** Bytes that MLflow sends and receives at once, and has in memory: its own default is a hundred million. */
const CHUNK_BYTES = 16 * 2 ** 20;

/** A bucket of Google Cloud Storage. */
export const gcsStore = (gcs: ArtifactGcs): ArtifactStore => ({
  uri: `gs://${gcs.bucket}${gcs.prefix ? `/${gcs.prefix}` : ''}`,
  identity: gcsIdentity(gcs),
  mlflow: { variables: mlflowVariables(gcs), files: [keyFile(gcs, 'gcs-key', KEY_PATH)] },
  backup: { variables: backupVariables(gcs), files: [keyFile(gcs, 'artifacts-gcs-key', BACKUP_KEY_PATH)] },
  prepareVariables: [
    { name: `${PREPARE}GCS_BUCKET`, value: gcs.bucket },
    ...(gcs.prefix ? [{ name: `${PREPARE}BUCKET_PREFIX`, value: `${gcs.prefix}/` }] : []),
    ...(gcs.createBucket ? [{ name: `${PREPARE}CREATE_BUCKET`, value: 'true' }] : []),
  ],
  restoreVariables: gcs.createBucket ? [{ name: 'BACKUP_CREATE_BUCKET', value: 'true' }] : [],
  clientVariables: gcs.endpoint ? { API_ENDPOINT_OVERRIDE: gcs.endpoint } : {},
  hosts: gcs.endpoint ? [gcs.endpoint] : [],
  folder: () => gcsFolder(gcs, gcs.prefix),
  risks: () => gcsRisks(['artifacts', 'gcs'], gcs.endpoint, 'artifacts can be read and changed on the way'),
  secretKeys: secretKeys(gcs),
  provided: [],
  claims: [],
  destinations: gcsDestinations(gcs),
});

/** The variables of MLflow's client, which is Google's. */
const mlflowVariables = (gcs: ArtifactGcs): Variable[] => [
  ...keyFileVariable(gcs, 'GOOGLE_APPLICATION_CREDENTIALS', KEY_PATH),
  ...projectVariable(gcs),
  ...(gcs.endpoint ? [{ name: 'API_ENDPOINT_OVERRIDE', value: gcs.endpoint }] : []),
  { name: 'MLFLOW_GCS_UPLOAD_CHUNK_SIZE', value: String(CHUNK_BYTES), adjustable: true },
  { name: 'MLFLOW_GCS_DOWNLOAD_CHUNK_SIZE', value: String(CHUNK_BYTES), adjustable: true },
];

const backupVariables = (gcs: ArtifactGcs): Variable[] => [
  { name: 'BACKUP_ARTIFACTS_GCS_BUCKET', value: gcs.bucket },
  ...(gcs.prefix ? [{ name: 'BACKUP_ARTIFACTS_PREFIX', value: gcs.prefix }] : []),
  ...keyFileVariable(gcs, 'BACKUP_ARTIFACTS_GCS_KEY_FILE', BACKUP_KEY_PATH),
  ...(gcs.endpoint ? [{ name: 'BACKUP_ARTIFACTS_GCS_ENDPOINT', value: gcs.endpoint }] : []),
  ...projectVariable(gcs),
];

const projectVariable = ({ project }: ArtifactGcs): Variable[] =>
  project ? [{ name: 'GOOGLE_CLOUD_PROJECT', value: project, adjustable: true }] : [];

const secretKeys = ({ credentials }: ArtifactGcs): SecretKey[] =>
  credentials
    ? keysOf(
        {
          section: ['artifacts', 'gcs', 'credentials'],
          purpose: 'object-store',
          secret: credentials.secret,
          isOurs: false,
        },
        [['key', credentials.key, 'google-key-file', { random: 40 }]],
      )
    : [];
