import type { EnvironmentInput } from '../../lib/environment/model';
import { DIGEST } from './base';

const ROLE = 'arn:aws:iam::123456789012:role/mlflow';
const AUTHORITY = { configMap: 'company-ca' };
const SECRET_AUTHORITY = { secret: 'company-ca', key: 'ca.pem' };
const EMBEDDED = { image: { digest: DIGEST } };

/** Rows of the matrix about where things are stored: the database, the artifacts, and stores of the instance's own. */
export const STORES: Readonly<Record<string, EnvironmentInput>> = {
  // The database.
  'database-address': { database: { host: '192.168.1.100', port: 15432, tls: { mode: 'disable' } } },
  'database-service': {
    database: { host: 'postgres.db.svc.cluster.local', tls: { mode: 'prefer' }, migration: 'auto' },
  },
  'database-short-name': { database: { host: 'postgres.db' } },
  'database-names': {
    database: {
      name: 'runs of "all" teams',
      authName: 'users',
      migration: 'check',
      credentials: { secret: 'postgres-user', usernameKey: 'user', passwordKey: 'pass.word' },
    },
  },
  'database-verified': { database: { tls: { mode: 'verify-full', ca: AUTHORITY } } },
  'database-verified-by-public-ca': {
    database: { host: 'db.example.com', tls: { mode: 'verify-full' } },
    backup: { destination: { claim: {} }, image: { digest: DIGEST } },
  },
  'database-verified-by-secret': { database: { tls: { mode: 'verify-ca', ca: SECRET_AUTHORITY } } },
  'database-made': { database: { create: true, migration: 'create', timeout: 600 } },

  // Artifacts without keys.
  'with-a-role': {
    artifacts: { access: 'direct', s3: { region: 'eu-central-1', identity: { irsa: { roleArn: ROLE } } } },
    backup: {
      artifacts: true,
      destination: { s3: { bucket: 'copies', identity: { irsa: { roleArn: `${ROLE}-backup`, audience: 'aws' } } } },
      image: { digest: DIGEST },
    },
    garbageCollection: {},
    smokeTest: { enabled: true },
  },
  'with-pod-identity': {
    artifacts: { s3: { identity: { podIdentity: true } } },
    backup: {
      artifacts: true,
      destination: { s3: { bucket: 'copies', identity: { podIdentity: true } } },
      image: { digest: DIGEST },
    },
    garbageCollection: {},
  },
  'with-a-role-for-backups': {
    backup: {
      artifacts: true,
      destination: {
        s3: {
          bucket: 'copies',
          endpoint: 'https://minio.minio.svc',
          tls: { ca: AUTHORITY },
          identity: { irsa: { roleArn: ROLE, stsEndpoint: 'https://minio.minio.svc' } },
        },
      },
      image: { digest: DIGEST },
    },
  },
  'with-a-role-of-minio': {
    artifacts: {
      s3: {
        endpoint: 'https://minio.minio.svc',
        identity: {
          irsa: {
            roleArn: 'arn:minio:iam:::role/mlflow',
            audience: 'minio',
            stsEndpoint: 'https://minio.minio.svc',
          },
        },
      },
    },
    server: { serviceAccount: { create: false, name: 'tracker' } },
    backup: { artifacts: true, destination: { claim: {} }, image: { digest: DIGEST } },
  },

  // Artifacts.
  'artifacts-direct': { artifacts: { access: 'direct', s3: { addressingStyle: 'auto' } } },
  'artifacts-below-a-path': {
    artifacts: { s3: { bucket: 'Team_Models', endpoint: 'https://project.example.com/storage/v1/s3' } },
  },
  'artifacts-proxied': { artifacts: { access: 'proxied', s3: { endpoint: 'http://minio.minio.svc:9000' } } },
  'artifacts-settings': {
    artifacts: {
      s3: {
        prefix: 'mlflow/prod',
        region: 'eu-central-1',
        addressingStyle: 'virtual',
        credentials: { secret: 'minio', accessKeyIdKey: 'access-key', secretAccessKeyKey: 'secret-key' },
        createBucket: true,
      },
    },
  },
  'artifacts-verified': {
    artifacts: { s3: { endpoint: 'https://s3.example.com:9443', addressingStyle: 'path', tls: { ca: AUTHORITY } } },
  },

  // Copies.
  'backup-claim': { backup: { destination: { claim: {} }, image: { digest: DIGEST } } },
  'backup-claim-of-others': {
    storage: { data: { name: 'files', accessMode: 'ReadWriteMany' } },
    backup: {
      destination: { claim: { name: 'files', create: false }, prefix: 'backups/mlflow' },
      retention: { count: 7, days: 30 },
      image: { digest: DIGEST },
    },
  },
  'backup-claim-in-full': {
    backup: {
      schedule: '@weekly',
      timeZone: 'Europe/Berlin',
      destination: {
        claim: {
          name: 'copies',
          create: true,
          size: '200Gi',
          storageClass: 'slow',
          accessMode: 'ReadWriteOncePod',
        },
      },
      artifacts: true,
      image: { repository: 'registry.example.com/library/postgres', tag: '18.1-trixie', digest: DIGEST },
      timeout: 3600,
      resources: { requests: { cpu: '200m', memory: '1Gi' }, limits: { cpu: 2, memory: '1Gi' } },
    },
  },
  'backup-claim-shared': {
    backup: { destination: { claim: { accessMode: 'ReadWriteMany' } }, verification: {}, image: { digest: DIGEST } },
  },
  'backup-claim-of-one-node': {
    backup: { destination: { claim: { accessMode: 'ReadWriteOnce', size: '1Ti' } }, image: { digest: DIGEST } },
  },
  'backup-bucket': {
    backup: { destination: { s3: { bucket: 'copies' } }, artifacts: false, image: { digest: DIGEST } },
  },
  'backup-bucket-in-full': {
    backup: {
      schedule: '0 */6 * * *',
      destination: {
        s3: {
          bucket: 'copies',
          endpoint: 'https://copies.example.com:9443',
          region: 'eu-central-1',
          addressingStyle: 'path',
          credentials: { secret: 'copies', accessKeyIdKey: 'id', secretAccessKeyKey: 'key' },
          tls: { ca: AUTHORITY },
          serverSideEncryption: 'aws:kms',
          kmsKeyId: 'alias/backups',
        },
        prefix: 'mlflow/prod',
      },
      artifacts: true,
      temporaryStorage: '50Gi',
      verification: { schedule: '@monthly', timeZone: 'Asia/Tokyo', artifactPercentage: 10, temporaryStorage: '200Gi' },
      image: { digest: DIGEST },
    },
  },
  'backup-bucket-by-secret': {
    backup: {
      destination: {
        s3: {
          bucket: 'copies',
          addressingStyle: 'virtual',
          tls: { ca: SECRET_AUTHORITY },
          serverSideEncryption: 'AES256',
        },
      },
      image: { digest: DIGEST },
    },
  },
  'backup-bucket-any-style': {
    backup: {
      destination: { s3: { bucket: 'copies', addressingStyle: 'auto', region: 'eu-west-1' } },
      image: { digest: DIGEST },
    },
  },

  // Stores and Secrets of its own.
  'embedded-database': { database: { host: undefined, embedded: EMBEDDED } },
  'embedded-store': { artifacts: { s3: { bucket: undefined }, embedded: EMBEDDED } },
  'embedded-stores': {
    database: { host: undefined, embedded: EMBEDDED },
    artifacts: { embedded: EMBEDDED },
    secrets: { provider: 'existing' },
  },
  'embedded-stores-in-full': {
    database: {
      host: undefined,
      embedded: {
        image: { repository: 'registry.example.com/library/postgres', tag: '16.4-bookworm', digest: DIGEST },
        storage: { name: 'runs', size: '100Gi', storageClass: 'fast' },
        resources: { requests: { cpu: 1, memory: '4Gi' }, limits: { cpu: 4, memory: '4Gi' } },
      },
    },
    artifacts: {
      embedded: {
        image: { repository: 'registry.example.com/versity/versitygw', tag: 'v1.7.0', digest: DIGEST },
        storage: { name: 'models', size: '1Ti', storageClass: 'slow' },
        resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: 2, memory: '1Gi' } },
      },
      s3: { bucket: 'models', region: 'eu-central-1' },
    },
  },
  'embedded-stores-backed-up': {
    database: { host: undefined, embedded: EMBEDDED },
    artifacts: { embedded: EMBEDDED },
    backup: { destination: { claim: {} }, artifacts: true },
  },
  'generated-login': { secrets: { provider: 'generated' } },
  'generated-secrets': {
    database: { host: undefined, embedded: EMBEDDED },
    artifacts: { embedded: EMBEDDED },
    secrets: { provider: 'generated' },
  },
};
