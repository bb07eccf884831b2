import { overlap, s3StoreAt } from '../../../lib/components/shared/object-folder';
import { expectLinear } from '../../support/linear';

const storeAt = (endpoint: string | undefined) =>
  s3StoreAt(endpoint, { namespace: 'ml', clusterDomain: 'cluster.local' });

test.each([
  [undefined, 'https://s3.eu-central-1.amazonaws.com', true],
  [undefined, 'https://s3.dualstack.us-east-1.amazonaws.com', true],
  [undefined, 'https://s3-fips.us-east-1.amazonaws.com', true],
  // Partitions have names of buckets of their own.
  [undefined, 'https://s3.cn-north-1.amazonaws.com.cn', false],
  [undefined, 'https://s3.us-gov-west-1.amazonaws.com', false],
  ['https://s3.cn-north-1.amazonaws.com.cn', 'https://s3.cn-northwest-1.amazonaws.com.cn', true],
  [undefined, 'https://s3.example.com', false],
  ['https://storage.googleapis.com', 'https://STORAGE.googleapis.com:443/', true],
  ['http://minio', 'http://minio.ml.svc.cluster.local:80', true],
  ['http://minio', 'http://minio.other.svc', false],
  ['http://s3.example.com/a', 'http://s3.example.com/a/', true],
  ['http://s3.example.com/a', 'http://s3.example.com/b', false],
])('%s and %s are the same store: %s', (one, other, isSame) => {
  expect(storeAt(one) === storeAt(other)).toBe(isSame);
});

test.each([
  [undefined, undefined, true],
  [undefined, 'a', true],
  ['a', 'a', true],
  ['a', 'a/b', true],
  ['a', 'ab', false],
  ['a/b', 'a/c', false],
])('%s and %s overlap in one bucket, and never in two: %s', (one, other, isOverlap) => {
  const folder = (store: string, bucket: string, prefix?: string) => ({ store, bucket, prefix });
  expect([
    overlap(folder('aws', 'b', one), folder('aws', 'b', other)),
    overlap(folder('aws', 'b', other), folder('aws', 'b', one)),
    overlap(folder('aws', 'b', one), folder('aws', 'c', other)),
    overlap(folder('aws', 'b', one), folder('gcs', 'b', other)),
  ]).toEqual([isOverlap, isOverlap, false, false]);
  expect(overlap(undefined, folder('aws', 'b', one))).toBe(false);
});

test('the time for a long host grows with it alone', () => {
  expectLinear((count) => [
    storeAt(`http://s3${'-'.repeat(count)}a.example`),
    storeAt(`http://s3${'-a'.repeat(count)}.${'a-'.repeat(count)}a.example`),
  ]);
});
