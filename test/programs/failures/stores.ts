import type { Environment } from '../process';
import type { Release } from '../tools';
import type { Failures, Situation } from './situation';

/** What is wrong with the artifact store. */
export function storeSituations(release: Release, failures: Failures): Situation[] {
  const at = (changes: Environment) => (name: string) => failures.bucket(release, name, changes);
  const web = (name: string, changes: Environment = {}) =>
    failures.bucket(release, name, { MLFLOW_S3_ENDPOINT_URL: `http://127.0.0.1:${failures.webPort}`, ...changes });
  return [
    {
      title: 'S3 does not answer',
      code: 30,
      kind: 's3-unreachable',
      message: /bucket 'artifacts' at http:\/\/127\.0\.0\.1:\d+: Could not connect to the endpoint URL/,
      // The key and the secret as part of the endpoint are a mistake that must not be repeated aloud.
      arrange: (name) =>
        failures.bucket(release, name, {
          MLFLOW_S3_ENDPOINT_URL: `http://someone:${failures.lab.store.credentials.AWS_SECRET_ACCESS_KEY.replace(/\W/g, '')}@127.0.0.1:${failures.closedPort}`,
        }),
    },
    {
      title: 'a wrong S3 secret',
      code: 31,
      kind: 's3-login',
      message: /refuses bucket 'artifacts' to this access key \(HTTP 403, SignatureDoesNotMatch\)/,
      arrange: at({ AWS_SECRET_ACCESS_KEY: 'not the secret of anyone' }),
    },
    {
      title: 'an unknown S3 access key',
      code: 31,
      kind: 's3-login',
      message: /refuses bucket 'artifacts' to this access key \(HTTP \d+, \w+\): wrong key,/,
      arrange: at({ AWS_ACCESS_KEY_ID: 'nobody' }),
    },
    {
      title: 'no S3 credentials',
      code: 31,
      kind: 's3-login',
      message: /no S3 credentials/,
      arrange: at({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }),
    },
    {
      title: 'a missing bucket',
      code: 32,
      kind: 's3-bucket-missing',
      message: /bucket 'missing' does not exist at http:/,
      options: [], // the last thing that is looked at, so that nothing which is imported has more to say
      arrange: at({ PREPARE_BUCKET: 'missing' }),
    },
    {
      title: 'a web console at the endpoint',
      code: 30,
      kind: 's3-unreachable',
      message: /\(the answer is a web page; is this the address of the S3 API\?\)/,
      arrange: (name) => web(name),
    },
    {
      title: 'something else at the endpoint that is not S3',
      code: 33,
      kind: 's3-other',
      message: /what answers at http:.* is not an S3 server/,
      arrange: (name) => web(name, { PREPARE_BUCKET: 'feed' }),
    },
    {
      title: 'an endpoint that answers with another error',
      code: 33,
      kind: 's3-other',
      message: /bucket 'refused' at http:.*405/,
      arrange: (name) => web(name, { PREPARE_BUCKET: 'refused' }),
    },
    {
      title: 'a connection that breaks while the bucket is created',
      code: 30,
      kind: 's3-unreachable',
      message: /cannot create the bucket: bucket 'dropped' at http:.*Connection was closed/,
      arrange: (name) => web(name, { PREPARE_BUCKET: 'dropped', PREPARE_CREATE_BUCKET: 'true' }),
    },
    {
      title: 'a bucket name that the server does not take',
      code: 33,
      kind: 's3-other',
      message: /bucket 'Not_A-Bucket' at http:.*InvalidBucketName/,
      arrange: at({ PREPARE_BUCKET: 'Not_A-Bucket', PREPARE_CREATE_BUCKET: 'true' }),
    },
    {
      title: 'a bucket name that cannot be one',
      code: 64,
      kind: 'configuration',
      message: /Invalid bucket name "s3:\/\/artifacts"/,
      arrange: at({ PREPARE_BUCKET: 's3://artifacts' }),
    },
  ];
}
