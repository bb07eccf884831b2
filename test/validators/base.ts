import type { EnvironmentInput } from '../../lib/environment/model';

/** Any digest: nothing here is pulled. */
export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** A complete environment, pinned and with a second pod. */
export const BASE = {
  image: {
    repository: 'registry.example.com/mlflow/mlflow',
    tag: 'v3.18.0-full',
    digest: DIGEST,
    pullPolicy: 'IfNotPresent',
  },
  server: { replicas: 2, logLevel: 'INFO' },
  database: { host: 'postgres.example.com' },
  artifacts: { s3: { bucket: 'artifacts' } },
} as const satisfies EnvironmentInput;
