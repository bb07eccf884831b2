import type { EnvironmentInput } from '../../../lib/environment/model';
import { type CheckCase, issuesOf, testChecks } from '../../support/checks';
import { SMALLEST } from '../../support/support';

type Artifacts = EnvironmentInput['artifacts'];
const artifacts = (more: Artifacts): EnvironmentInput => ({ ...SMALLEST, artifacts: more });
const embedded = {};
const bucket = 'artifacts';
const authority = { configMap: 'authorities' };
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
/** The resources of a store with one amount beside what is said by default. */
const asking = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });

testChecks([
  ...(
    [
      ['s3', { bucket }, 's3\\.bucket: has no effect with artifacts\\.volume, .*remove one of the two'],
      ['embedded', {}, 'embedded: cannot be combined with artifacts\\.volume, .*remove one of the two'],
      ['access', 'direct', 'access: is direct, but only the server mounts artifacts\\.volume \\(use proxied, '],
    ] as const
  ).map(
    ([key, value, message]): CheckCase => [
      `${key} beside a volume`,
      artifacts({ volume: {}, [key]: value }),
      new RegExp(`^artifacts\\.${message}`),
      artifacts({ volume: {} }),
    ],
  ),
  [
    'a claim that exists, without a name',
    artifacts({ volume: { create: false } }),
    /^artifacts\.volume\.name: is missing \(set the name of the existing claim\)/,
    artifacts({ volume: { create: false, name: 'files' } }),
  ],
  ...(['ReadWriteOnce', 'ReadWriteOncePod'] as const).flatMap((accessMode): CheckCase[] =>
    (
      [
        [{ replicas: 2 }, 'replicas: is 2'],
        [{ autoscaling: { maxReplicas: 3 } }, 'autoscaling\\.maxReplicas: is 3'],
        [{ rollout: 'RollingUpdate' }, 'rollout: is RollingUpdate'],
      ] as const
    ).map(([server, message]) => [
      `${JSON.stringify(server)} on a volume that is ${accessMode}`,
      { ...artifacts({ volume: { accessMode } }), server },
      new RegExp(`^server\\.${message}, but artifacts\\.volume is ${accessMode} \\(use .*ReadWriteMany`),
      { ...artifacts({ volume: { accessMode: 'ReadWriteMany' } }), server },
    ]),
  ),
  [
    'a backup of a volume for one pod',
    {
      ...artifacts({ volume: { accessMode: 'ReadWriteOncePod' } }),
      backup: { destination: { claim: {} }, artifacts: true },
    },
    /^artifacts\.volume\.accessMode: is ReadWriteOncePod, so a backup cannot mount the volume .*\(use ReadWriteOnce, /,
    { ...artifacts({ volume: { accessMode: 'ReadWriteOncePod' } }), backup: { destination: { claim: {} } } },
  ],
  [
    'a backup on the claim of the artifacts',
    {
      ...artifacts({ volume: { create: false, name: 'files' } }),
      backup: { destination: { claim: { create: false, name: 'files' } } },
    },
    /^backup\.destination\.claim\.name: is files, the claim of the artifacts: .*\(use another claim\)/,
    {
      ...artifacts({ volume: { create: false, name: 'files' } }),
      backup: { destination: { claim: { create: false, name: 'copies' } } },
    },
  ],
  ...['/files', 'a/../b', '.', 'a//b', 'a b', 'a%20b', ''].map(
    (prefix): CheckCase => [
      `the folder ${JSON.stringify(prefix)} of a volume`,
      artifacts({ volume: { prefix } }),
      /^artifacts\.volume\.prefix: .*must be a relative path/,
      artifacts({ volume: { prefix: 'team-a/.files_1' } }),
    ],
  ),
  [
    'no bucket at all',
    { database: SMALLEST.database },
    /^artifacts\.s3\.bucket: is missing \(.*artifacts\.embedded: \{\}/,
    artifacts({ embedded }),
  ],
  [
    'an endpoint beside an embedded store',
    artifacts({ embedded, s3: { endpoint: 'http://minio:9000' } }),
    /^artifacts\.s3\.endpoint: .*remove one of the two/,
    artifacts({ s3: { bucket, endpoint: 'http://minio:9000' } }),
  ],
  [
    'certificates for an embedded store',
    artifacts({ embedded, s3: { tls: { ca: authority } } }),
    /^artifacts\.s3\.tls\.ca: .*no TLS \(remove it\)/,
    artifacts({ s3: { bucket, tls: { ca: authority } } }),
  ],
  ...['My_Bucket', 'Models', 'a'.repeat(64), 'a..b', '-ab'].flatMap((name): CheckCase[] => [
    [
      `a bucket ${name} on AWS`,
      artifacts({ s3: { bucket: name } }),
      /^artifacts\.s3\.bucket: must be 3 to 63 lowercase .* \(buckets of other stores need artifacts\.s3\.endpoint\)$/,
      artifacts({ s3: { bucket: name, endpoint: 'http://minio:9000' } }),
    ],
    [
      `a bucket ${name} in an embedded store`,
      artifacts({ embedded, s3: { bucket: name } }),
      /^artifacts\.s3\.bucket: must be 3 to 63 lowercase /,
      artifacts({ embedded, s3: { bucket } }),
    ],
    [
      `a bucket ${name} as part of a host name`,
      artifacts({ s3: { bucket: name, endpoint: 'http://minio:9000', addressingStyle: 'virtual' } }),
      /^artifacts\.s3\.addressingStyle: is virtual, but .* cannot be part of a host name, .*\(use path\)/,
      artifacts({ s3: { bucket, endpoint: 'http://minio:9000', addressingStyle: 'virtual' } }),
    ],
  ]),
  ...['http://minio/..', 'http://minio//a', 'http://minio/a?b', 'http://minio/a b'].map(
    (endpoint): CheckCase => [
      `an endpoint ${endpoint}`,
      artifacts({ s3: { bucket, endpoint } }),
      /^artifacts\.s3\.endpoint: .*if the store needs it, a path/,
      artifacts({ s3: { bucket, endpoint: 'https://project.supabase.co/storage/v1/s3/' } }),
    ],
  ),
  [
    'a host name for each bucket of an embedded store',
    artifacts({ embedded, s3: { addressingStyle: 'virtual' } }),
    /^artifacts\.s3\.addressingStyle: is virtual, .*use path/,
    artifacts({ embedded, s3: { addressingStyle: 'path', bucket: 'models', prefix: 'a', region: 'eu-west-1' } }),
  ],
  [
    'clients that should reach an embedded store themselves',
    artifacts({ embedded, access: 'direct' }),
    /^artifacts\.access: is direct, .*use proxied/,
    artifacts({ embedded, access: 'proxied' }),
  ],
  [
    'more memory asked for than an embedded store may use',
    artifacts({ embedded: asking('10m', '64Gi') }),
    /^artifacts\.embedded\.resources\.requests\.memory: exceeds the limit of /,
    artifacts({ embedded: { resources: { requests: { memory: '64Mi' }, limits: { memory: '64Mi' } } } }),
  ],
  [
    'a tag of the object store that is moved on',
    artifacts({ embedded: { image: { tag: 'latest' } } }),
    /^artifacts\.embedded\.image\.tag: latest can change between pulls /,
    artifacts({ embedded: { image: { tag: 'latest', digest } } }),
  ],
]);

test('a key that an embedded store refuses twice is reported once', () => {
  const s3 = { endpoint: 'http://minio:9000', tls: { ca: authority } };
  expect(issuesOf(artifacts({ embedded, s3 })).map((line) => line.split(':')[0])).toEqual([
    'artifacts.s3.endpoint',
    'artifacts.s3.tls.ca',
  ]);
});
