import type { EnvironmentInput } from '../../lib/environment/model';
import { OWN_STORES } from '../support/embedded-fixtures';
import { SMALLEST } from '../support/support';
import type { RiskCase } from './risks.cases';

const ROLE = 'arn:aws:iam::123456789012:role/mlflow';

const s3 = SMALLEST.artifacts.s3;
const destination = (given: object): EnvironmentInput => ({ ...SMALLEST, backup: { destination: given } });

/** Settings by which backups are lost or readable, or deleted data is soon gone. */
export const RISKS_OF_KEPT_DATA: readonly RiskCase[] = [
  [
    'backups elsewhere over http',
    destination({ s3: { bucket: 'backups', endpoint: 'http://s3.example.com:9000' } }),
    'backup.destination.s3.endpoint',
    'plain-connections',
  ],
  [
    'backups in the bucket of the artifacts',
    {
      ...SMALLEST,
      artifacts: { s3: { ...s3, prefix: 'artifacts' } },
      backup: { destination: { s3: { bucket: s3.bucket }, prefix: 'backups' } },
    },
    'backup.destination.s3.bucket',
    'exposed-backups',
  ],
  [
    'backups with the key of the artifacts',
    destination({ s3: { bucket: 'backups', credentials: { secret: 'mlflow-s3-secret' } } }),
    'backup.destination.s3.credentials.secret',
    'exposed-backups',
  ],
  [
    'backups with the role of the artifacts',
    {
      ...SMALLEST,
      artifacts: { s3: { ...s3, identity: { irsa: { roleArn: ROLE } } } },
      backup: { destination: { s3: { bucket: 'backups', identity: { irsa: { roleArn: ROLE } } } } },
    },
    'backup.destination.s3.identity.irsa.roleArn',
    'exposed-backups',
  ],
  [
    'backups in the account that the server has a key of',
    {
      ...SMALLEST,
      artifacts: { azure: { account: 'models', container: 'artifacts' } },
      backup: {
        destination: { azure: { account: 'models', container: 'backups', credentials: { sasTokenKey: 'sas' } } },
      },
    },
    'backup.destination.azure.account',
    'exposed-backups',
  ],
  [
    'backups in the embedded store',
    {
      ...OWN_STORES,
      backup: { destination: { s3: { bucket: 'backups', endpoint: 'http://mlflow-object-store:7070' } } },
    },
    'backup.destination.s3.endpoint',
    'exposed-backups',
  ],
  ...[
    'mlflow-object-store.mlflow',
    'MLFLOW-object-store.mlflow.svc',
    'mlflow-object-store.mlflow.svc.cluster.local.',
  ].map(
    (host): RiskCase => [
      `backups in the embedded store by the name ${host}`,
      { ...OWN_STORES, backup: { destination: { s3: { bucket: 'backups', endpoint: `http://${host}:7070` } } } },
      'backup.destination.s3.endpoint',
      'exposed-backups',
    ],
  ),
  ...(
    [
      [undefined, 'https://s3.eu-central-1.amazonaws.com'],
      ['https://s3.amazonaws.com', 'https://s3.amazonaws.com:443'],
      ['http://minio.minio:9000', 'http://minio.minio.svc.cluster.local:9000'],
      ['http://minio.minio.svc', 'http://minio.minio:80'],
    ] as const
  ).map(
    ([store, endpoint]): RiskCase => [
      `backups in the bucket of the artifacts, ${store} as ${endpoint}`,
      {
        ...SMALLEST,
        artifacts: { s3: { ...s3, endpoint: store, prefix: 'artifacts' } },
        backup: { destination: { s3: { bucket: s3.bucket, endpoint }, prefix: 'backups' } },
      },
      'backup.destination.s3.bucket',
      'exposed-backups',
    ],
  ),
  [
    'backups on a volume of the server',
    {
      ...destination({ claim: { name: 'mlflow-data', create: false } }),
      storage: { data: { mountPath: '/data' } },
    },
    'backup.destination.claim.name',
    'exposed-backups',
  ],
  [
    'one backup',
    { ...SMALLEST, backup: { destination: { claim: {} }, retention: { count: 1 } } },
    'backup.retention.count',
    'early-deletion',
  ],
  ...[
    ['* * * * *', 1440],
    ['0 * * * *', 24],
    ['*/30 8-17 * * 1-5', 20],
  ].map(
    ([schedule, count]): RiskCase => [
      `${count} backups at ${schedule}`,
      {
        ...SMALLEST,
        backup: { schedule: String(schedule), destination: { claim: {} }, retention: { count: Number(count) } },
      },
      'backup.retention.count',
      'early-deletion',
    ],
  ),
  [
    'backups of one day',
    { ...SMALLEST, backup: { destination: { claim: {} }, retention: { days: 1 } } },
    'backup.retention.days',
    'early-deletion',
  ],
  ...['0d', '23h59m', '0s'].map(
    (olderThan): RiskCase => [
      `garbage of ${olderThan}`,
      { ...SMALLEST, garbageCollection: { olderThan } },
      'garbageCollection.olderThan',
      'early-deletion',
    ],
  ),
];
