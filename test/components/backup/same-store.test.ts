import { isSameStore } from '../../../lib/components/backup/same-store';
import { expectLinear } from '../../support/linear';

test.each([
  [undefined, 'https://s3.eu-central-1.amazonaws.com', true],
  [undefined, 'https://s3.dualstack.us-east-1.amazonaws.com', true],
  [undefined, 'https://s3-fips.us-east-1.amazonaws.com', true],
  // Partitions have names of buckets of their own.
  [undefined, 'https://s3.cn-north-1.amazonaws.com.cn', false],
  [undefined, 'https://s3.us-gov-west-1.amazonaws.com', false],
  ['https://s3.cn-north-1.amazonaws.com.cn', 'https://s3.cn-northwest-1.amazonaws.com.cn', true],
  [undefined, 'https://s3.example.com', false],
  ['http://minio', 'http://minio.ml.svc.cluster.local:80', true],
  ['http://minio', 'http://minio.other.svc', false],
  ['http://s3.example.com/a', 'http://s3.example.com/a/', true],
  ['http://s3.example.com/a', 'http://s3.example.com/b', false],
])('%s and %s are the same store: %s', (one, other, isSame) => {
  expect([
    isSameStore(one, other, { namespace: 'ml', clusterDomain: 'cluster.local' }),
    isSameStore(other, one, { namespace: 'ml', clusterDomain: 'cluster.local' }),
  ]).toEqual([isSame, isSame]);
});

test('the time for a long host grows with it alone', () => {
  expectLinear((count) =>
    isSameStore(
      `http://s3${'-'.repeat(count)}a.example`,
      `http://s3${'-a'.repeat(count)}.${'a-'.repeat(count)}a.example`,
      {
        namespace: 'ml',
        clusterDomain: 'cluster.local',
      },
    ),
  );
});
