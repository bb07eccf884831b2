import { resolution, SMALLEST } from '../../support/support';

/** What is wrong with the endpoint of a bucket, for artifacts and for backups. */
function messages(endpoint: string, bucket = 'models'): string[] {
  const artifacts = resolution({ ...SMALLEST, artifacts: { s3: { bucket, endpoint } } });
  const backup = resolution({
    ...SMALLEST,
    backup: { schedule: '0 3 * * *', destination: { s3: { bucket, endpoint, prefix: 'backups' } } },
  });
  const of = ({ issues }: typeof artifacts) =>
    issues.filter(({ path }) => path.at(-1) === 'endpoint').map(({ message }) => message);
  expect(of(backup).map((text) => text.replace('backup.destination', 'artifacts'))).toEqual(of(artifacts));
  return of(artifacts);
}

test.each([
  [
    'https://account.blob.core.windows.net',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure in its place)',
  ],
  [
    'https://account.dfs.core.windows.net/',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure in its place)',
  ],
  [
    'https://account.blob.core.chinacloudapi.cn',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure in its place)',
  ],
  [
    'https://account.z01.blob.storage.azure.net',
    'is Azure Blob Storage, which does not speak S3 (use artifacts.azure in its place)',
  ],
  [
    'https://storage.cloud.google.com',
    "is Google's console, not the interface of its storage (use artifacts.gcs in its place)",
  ],
  [
    'https://models.s3.eu-central-1.amazonaws.com',
    'names the bucket, which requests add once more (use https://s3.eu-central-1.amazonaws.com)',
  ],
  [
    'https://models.s3.example.com:9000/',
    'names the bucket, which requests add once more (use https://s3.example.com:9000)',
  ],
  ['http://minio:9000/models', 'names the bucket, which requests add once more (use http://minio:9000)'],
  [
    'https://gateway.example.com/s3/models/',
    'names the bucket, which requests add once more (use https://gateway.example.com/s3)',
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
])('%s is an endpoint', (endpoint) => {
  expect(messages(endpoint)).toEqual([]);
});
