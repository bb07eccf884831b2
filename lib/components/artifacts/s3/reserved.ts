import type { ReservedVariables } from '../../shared/contributions/reserved-variables';

/** Variables by which the S3 client or MLflow would use another store or other keys. */
export const RESERVED_S3_VARIABLES: readonly ReservedVariables[] = [
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
  {
    names: [
      'AWS_ROLE_ARN',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_CONTAINER_CREDENTIALS_*',
      'AWS_CONTAINER_AUTHORIZATION_*',
      'AWS_ENDPOINT_URL_STS',
    ],
    instead: 'use artifacts.s3.identity',
  },
];
