import type { Variable } from '../../../kubernetes/variables';
import { awsUrl } from '../../shared/aws-hosts';
import { PREPARE, S3_CA_PATH } from '../../shared/constants';
import { destinationsIn } from '../../shared/contributions/destinations';
import { keysOf, type SecretKey } from '../../shared/contributions/secret-keys';
import { fileReferences } from '../../shared/mounted-files';
import { s3StoreAt } from '../../shared/object-folder';
import type { PodIdentity } from '../../shared/pod-identity';
import { checksumVariables } from '../../shared/process-variables';
import { identityIn } from '../../shared/s3-identity';
import type { ArtifactStore } from '../store';
import type { S3 } from './resolve';
import { s3Risks } from './risks';

/** Where backup and restore mount the CA certificate, besides that of the store of backups. */
export const BACKUP_CA_PATH = '/etc/mlflow/artifacts-ca';

/** The variable that names it there. */
const BACKUP_CA_VARIABLE = 'BACKUP_ARTIFACTS_CA_BUNDLE';

/** A bucket outside the environment. */
export function s3Store(s3: S3): ArtifactStore {
  const identity = identityIn(s3);
  return {
    identity,
    uri: `s3://${s3.bucket}${s3.prefix ? `/${s3.prefix}` : ''}`,
    mlflow: {
      variables: mlflowVariables(s3, identity),
      files: [{ name: 's3-ca', path: S3_CA_PATH, source: s3.tls.ca }],
    },
    backup: {
      variables: backupVariables(s3),
      files: [{ name: 'artifacts-ca', path: BACKUP_CA_PATH, source: s3.tls.ca }],
      publicCaVariable: s3.tls.ca ? undefined : BACKUP_CA_VARIABLE,
    },
    prepareVariables: [
      { name: `${PREPARE}BUCKET`, value: s3.bucket },
      ...(s3.prefix ? [{ name: `${PREPARE}BUCKET_PREFIX`, value: `${s3.prefix}/` }] : []),
      ...(s3.createBucket ? [{ name: `${PREPARE}CREATE_BUCKET`, value: 'true' }] : []),
    ],
    restoreVariables: s3.createBucket ? [{ name: 'BACKUP_CREATE_BUCKET', value: 'true' }] : [],
    clientVariables: {
      AWS_DEFAULT_REGION: s3.region,
      ...(s3.endpoint ? { MLFLOW_S3_ENDPOINT_URL: s3.endpoint } : {}),
    },
    endpoint: s3.endpoint,
    hosts: s3.endpoint ? [s3.endpoint] : [],
    folder: (surroundings) => ({ store: s3StoreAt(s3.endpoint, surroundings), bucket: s3.bucket, prefix: s3.prefix }),
    risks: () => s3Risks(s3),
    secretKeys: s3Keys(s3, false),
    provided: fileReferences(s3.tls.ca),
    claims: [],
    destinations: [...destinationsIn(s3.endpoint ?? awsUrl('s3', s3.region)), ...(identity?.destinations ?? [])],
  };
}

/** The access key; none with an identity. @param isOurs whether a random one would work */
export const s3Keys = ({ credentials }: S3, isOurs: boolean): SecretKey[] =>
  credentials
    ? keysOf(
        { section: ['artifacts', 's3', 'credentials'], purpose: 'object-store', secret: credentials.secret, isOurs },
        [
          ['accessKeyIdKey', credentials.accessKeyIdKey, 's3-access-key-id', { random: 20 }],
          ['secretAccessKeyKey', credentials.secretAccessKeyKey, 's3-secret-access-key', { random: 40 }],
        ],
      )
    : [];

/** The variables of MLflow's S3 client. */
const mlflowVariables = (s3: S3, identity: PodIdentity | undefined): Variable[] => [
  ...accessKey(s3),
  ...(identity?.variables ?? []),
  { name: 'AWS_DEFAULT_REGION', value: s3.region, adjustable: true },
  { name: 'MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE', value: s3.addressingStyle, adjustable: true },
  ...(s3.endpoint ? [{ name: 'MLFLOW_S3_ENDPOINT_URL', value: s3.endpoint }, ...checksumVariables()] : []),
  ...(s3.tls.ca ? [{ name: 'AWS_CA_BUNDLE', value: `${S3_CA_PATH}/${s3.tls.ca.key}` }] : []),
];

/** Neither AWS_CA_BUNDLE nor keys by their usual names, which would apply to the store of backups too. */
const backupVariables = (s3: S3): Variable[] => [
  { name: 'BACKUP_ARTIFACTS_BUCKET', value: s3.bucket },
  ...(s3.prefix ? [{ name: 'BACKUP_ARTIFACTS_PREFIX', value: s3.prefix }] : []),
  ...(s3.endpoint ? [{ name: 'MLFLOW_S3_ENDPOINT_URL', value: s3.endpoint }] : []),
  { name: 'AWS_DEFAULT_REGION', value: s3.region, adjustable: true },
  { name: 'MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE', value: s3.addressingStyle },
  ...accessKey(s3, 'BACKUP_ARTIFACTS_'),
  ...(s3.tls.ca ? [{ name: BACKUP_CA_VARIABLE, value: `${BACKUP_CA_PATH}/${s3.tls.ca.key}` }] : []),
];

function accessKey({ credentials }: S3, prefix = ''): Variable[] {
  if (!credentials) return [];
  const { secret, accessKeyIdKey, secretAccessKeyKey } = credentials;
  return [
    { name: `${prefix}AWS_ACCESS_KEY_ID`, secret, key: accessKeyIdKey },
    { name: `${prefix}AWS_SECRET_ACCESS_KEY`, secret, key: secretAccessKeyKey },
  ];
}
