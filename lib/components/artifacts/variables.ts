import type { Variable } from '../../kubernetes/variables';
import type { MountedCa } from '../shared/ca-volumes';
import { S3_CA_PATH } from '../shared/constants';
import type { ReservedVariables } from '../shared/contributions/reserved-variables';
import { checksumVariables } from '../shared/process-variables';
import type { Artifacts, S3 } from './resolve';

/** How MLflow reaches the artifact store: the variables of its S3 client. */
export function artifactVariables({ s3 }: Artifacts): Variable[] {
  return [
    { name: 'AWS_ACCESS_KEY_ID', secret: s3.credentials.secret, key: s3.credentials.accessKeyIdKey },
    { name: 'AWS_SECRET_ACCESS_KEY', secret: s3.credentials.secret, key: s3.credentials.secretAccessKeyKey },
    { name: 'AWS_DEFAULT_REGION', value: s3.region, adjustable: true },
    { name: 'MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE', value: s3.addressingStyle, adjustable: true },
    ...(s3.endpoint ? [{ name: 'MLFLOW_S3_ENDPOINT_URL', value: s3.endpoint }, ...checksumVariables()] : []),
    ...(s3.tls.ca ? [{ name: 'AWS_CA_BUNDLE', value: `${S3_CA_PATH}/${s3.tls.ca.key}` }] : []),
  ];
}

/** The root of all artifacts. */
export const artifactUri = ({ bucket, prefix }: S3): string => `s3://${bucket}${prefix ? `/${prefix}` : ''}`;

/** The CA certificate of the store, mounted where the variables name it. */
export const artifactsCa = ({ s3 }: Artifacts): MountedCa => ({ name: 's3-ca', path: S3_CA_PATH, ca: s3.tls.ca });

/** Variables by which the S3 client or MLflow would use another store or other keys. */
export const RESERVED_ARTIFACT_VARIABLES: readonly ReservedVariables[] = [
  {
    names: ['MLFLOW_S3_ENDPOINT_URL', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'],
    instead: 'use artifacts.s3.endpoint',
  },
  {
    names: [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_SECURITY_TOKEN',
      'AWS_PROFILE',
      'AWS_DEFAULT_PROFILE',
      'AWS_CONFIG_FILE',
      'AWS_SHARED_CREDENTIALS_FILE',
    ],
    instead: 'use artifacts.s3.credentials',
  },
];
