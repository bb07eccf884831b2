import type { Variable } from '../../../../kubernetes/variables';
import { awsUrl } from '../../../shared/aws-hosts';
import { destinationsIn } from '../../../shared/contributions/destinations';
import { keysOf, type SecretKey } from '../../../shared/contributions/secret-keys';
import { fileReferences } from '../../../shared/mounted-files';
import { s3StoreAt } from '../../../shared/object-folder';
import { identityIn } from '../../../shared/s3-identity';
import { BACKUP_CA_PATH } from '../../paths';
import type { BackupDestination } from '../destination';
import { DESTINATION } from '../resolve';
import type { BackupBucket } from './resolve';
import { s3Risks } from './risks';

const PATH = [...DESTINATION, 's3'];

/** The variable that names the CA certificates of the bucket. */
const CA_VARIABLE = 'BACKUP_AWS_CA_BUNDLE';

/** A folder of a bucket. */
export function s3Destination(s3: BackupBucket, prefix: string): BackupDestination {
  const identity = identityIn(s3);
  return {
    path: PATH,
    variables: variables(s3, prefix),
    files: [{ name: 'backup-ca', path: BACKUP_CA_PATH, source: s3.tls.ca }],
    publicCaVariable: s3.tls.ca ? undefined : CA_VARIABLE,
    endpoint: s3.endpoint,
    hosts: s3.endpoint ? [s3.endpoint] : [],
    folder: (surroundings) => ({ store: s3StoreAt(s3.endpoint, surroundings), bucket: s3.bucket, prefix }),
    identity,
    risks: () => s3Risks(s3),
    secretKeys: secretKeys(s3),
    provided: fileReferences(s3.tls.ca),
    claims: [],
    destinations: [...destinationsIn(s3.endpoint ?? awsUrl('s3', s3.region)), ...(identity?.destinations ?? [])],
  };
}

function variables(s3: BackupBucket, prefix: string) {
  const { bucket, endpoint, region, addressingStyle, credentials, tls, serverSideEncryption, kmsKeyId } = s3;
  const found: Variable[] = [
    { name: 'BACKUP_BUCKET', value: bucket },
    { name: 'BACKUP_PREFIX', value: prefix },
    ...(endpoint ? [{ name: 'BACKUP_S3_ENDPOINT_URL', value: endpoint }] : []),
    { name: 'BACKUP_AWS_DEFAULT_REGION', value: region },
    { name: 'BACKUP_S3_ADDRESSING_STYLE', value: addressingStyle },
    ...(credentials
      ? [
          { name: 'BACKUP_AWS_ACCESS_KEY_ID', secret: credentials.secret, key: credentials.accessKeyIdKey },
          { name: 'BACKUP_AWS_SECRET_ACCESS_KEY', secret: credentials.secret, key: credentials.secretAccessKeyKey },
        ]
      : []),
    ...(serverSideEncryption ? [{ name: 'BACKUP_S3_ENCRYPTION', value: serverSideEncryption }] : []),
    ...(kmsKeyId ? [{ name: 'BACKUP_S3_KMS_ID', value: kmsKeyId }] : []),
    ...(tls.ca ? [{ name: CA_VARIABLE, value: `${BACKUP_CA_PATH}/${tls.ca.key}` }] : []),
  ];
  return found;
}

function secretKeys({ credentials }: BackupBucket): SecretKey[] {
  if (!credentials) return [];
  const section = [...PATH, 'credentials'];
  return keysOf({ section, purpose: 'backup', secret: credentials.secret, isOurs: false }, [
    ['accessKeyIdKey', credentials.accessKeyIdKey, 's3-access-key-id', { random: 20 }],
    ['secretAccessKeyKey', credentials.secretAccessKeyKey, 's3-secret-access-key', { random: 40 }],
  ]);
}
