import type { EnvironmentInput } from '../../lib/environment/model';
import { DIGEST } from './base';

const GOOGLE_ACCOUNT = 'mlflow@project-1.iam.gserviceaccount.com';

/** Rows of the matrix about stores of clouds other than S3. */
export const CLOUDS: Readonly<Record<string, EnvironmentInput>> = {
  'with-workload-identity': {
    artifacts: {
      s3: undefined,
      gcs: { bucket: 'mlflow', identity: { workloadIdentity: { serviceAccount: GOOGLE_ACCOUNT } } },
    },
    backup: {
      artifacts: true,
      destination: { gcs: { bucket: 'copies', identity: { workloadIdentity: { serviceAccount: GOOGLE_ACCOUNT } } } },
      image: { digest: DIGEST },
    },
    garbageCollection: {},
    smokeTest: { enabled: true },
  },
  'with-google-key-files': {
    artifacts: {
      access: 'direct',
      s3: undefined,
      gcs: {
        bucket: 'a_b.example.com',
        prefix: 'mlflow',
        project: 'project-1',
        endpoint: 'https://storage-of-mine.p.googleapis.com',
        credentials: { secret: 'key-file', key: 'a.json' },
        createBucket: true,
      },
    },
    backup: {
      artifacts: true,
      destination: {
        gcs: {
          bucket: 'copies',
          endpoint: 'https://storage-of-mine.p.googleapis.com',
          credentials: { secret: 'key-file-of-copies', key: 'a.json' },
        },
      },
      image: { digest: DIGEST },
    },
    garbageCollection: {},
    smokeTest: { enabled: true },
  },
};
