import { resolution, SMALLEST } from '../../support/support';

/** What is wrong with the endpoint of a bucket, for artifacts and for backups. */
function messages(endpoint: string, kind: 'issues' | 'warnings' = 'issues', bucket = 'models'): string[] {
  const artifacts = resolution({ ...SMALLEST, artifacts: { s3: { bucket, endpoint } } });
  const backup = resolution({
    ...SMALLEST,
    backup: { schedule: '0 3 * * *', destination: { prefix: 'backups', s3: { bucket, endpoint } } },
  });
  const of = ({ [kind]: found }: typeof artifacts) =>
    found.filter(({ path }) => path.at(-1) === 'endpoint').map(({ message }) => message);
  expect(of(backup).map((text) => text.replace('backup.destination', 'artifacts'))).toEqual(of(artifacts));
  return of(artifacts);
}

test.each([
  [
    'https://account.blob.core.windows.net',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure instead)',
  ],
  [
    'https://account.dfs.core.windows.net/',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure instead)',
  ],
  [
    'https://account.blob.core.chinacloudapi.cn',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure instead)',
  ],
  [
    'https://account.z01.blob.storage.azure.net',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure instead)',
  ],
  [
    'https://storage.cloud.google.com',
    "is Google's console, not the interface of its storage (use artifacts.gcs instead)",
  ],
  [
    'https://models.s3.eu-central-1.amazonaws.com',
    'already contains the bucket, which every request adds (use https://s3.eu-central-1.amazonaws.com)',
  ],
  [
    'https://models.s3-fips.us-east-1.amazonaws.com',
    'already contains the bucket, which every request adds (use https://s3-fips.us-east-1.amazonaws.com)',
  ],
  [
    'https://models.s3.cn-north-1.amazonaws.com.cn/',
    'already contains the bucket, which every request adds (use https://s3.cn-north-1.amazonaws.com.cn)',
  ],
  [
    'https://s3.eu-central-1.amazonaws.com/models',
    'already contains the bucket, which every request adds (use https://s3.eu-central-1.amazonaws.com)',
  ],
  [
    'https://account.blob.core.usgovcloudapi.net',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure instead)',
  ],
])('%s', (endpoint, message) => {
  expect(messages(endpoint)).toEqual([message]);
});

test.each([
  'https://s3.eu-central-1.amazonaws.com',
  'https://storage.googleapis.com',
  'http://minio.minio.svc.cluster.local:9000',
  'https://models.example.com',
  'http://models:9000',
  'https://gateway.example.com/models/s3',
  // The Service models in the namespace s3, and others whose names begin like the bucket.
  'http://models.s3.svc.cluster.local:9000',
  'https://models.s3.example.com:9000/',
  'https://models.storage.s3.example.com',
  'https://minio.blob.core.example.com',
  'https://minio.dfs.storage.example.com',
  'https://models2.s3.eu-central-1.amazonaws.com',
])('%s is an endpoint', (endpoint) => {
  expect(messages(endpoint)).toEqual([]);
  expect(messages(endpoint, 'warnings')).toEqual([]);
});

test.each([
  ['http://minio:9000/models', 'http://minio:9000'],
  ['https://gateway.example.com/s3/models/', 'https://gateway.example.com/s3'],
])('%s may have this path, and is a warning', (endpoint, without) => {
  expect(messages(endpoint)).toEqual([]);
  expect(messages(endpoint, 'warnings')).toEqual([
    `ends with the name of the bucket, which every request adds (use ${without}, unless the store has this path)`,
  ]);
});
