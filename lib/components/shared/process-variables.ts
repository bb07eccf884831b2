import type { PlainVariable } from '../../kubernetes/variables';

/** What any MLflow process needs in a container whose only writable folder is /tmp. */
export const processVariables = (): PlainVariable[] => [
  { name: 'HOME', value: '/tmp' },
  // Below HOME, which is writable: nothing there is ever imported.
  { name: 'PYTHONNOUSERSITE', value: '1' },
  { name: 'PYTHONUNBUFFERED', value: '1', adjustable: true },
  { name: 'GIT_PYTHON_REFRESH', value: 'quiet', adjustable: true },
  { name: 'MPLCONFIGDIR', value: '/tmp/matplotlib', adjustable: true },
  { name: 'MLFLOW_DISABLE_TELEMETRY', value: 'true', adjustable: true },
];

/**
 * Some S3-compatible stores refuse the checksums of newer boto3.
 *
 * @see https://github.com/boto/boto3/issues/4392 (boto3 1.36)
 */
export const checksumVariables = (): PlainVariable[] => [
  { name: 'AWS_REQUEST_CHECKSUM_CALCULATION', value: 'when_required', adjustable: true },
  { name: 'AWS_RESPONSE_CHECKSUM_VALIDATION', value: 'when_required', adjustable: true },
];
