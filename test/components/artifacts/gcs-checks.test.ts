import type { EnvironmentInput } from '../../../lib/environment/model';
import { testChecks } from '../../support/checks';
import { resolution, SMALLEST } from '../../support/support';
import { ACCOUNT, identity } from './gcs';

/** Google Cloud Storage: what is refused. */

const gcs = (more: object): EnvironmentInput => ({ ...SMALLEST, artifacts: { gcs: { bucket: 'artifacts', ...more } } });
const copied = (more: object): EnvironmentInput => ({
  ...SMALLEST,
  backup: { destination: { gcs: { bucket: 'copies', ...more } } },
});
const KEY_FILE_OF_USER: EnvironmentInput = {
  server: { env: { GOOGLE_APPLICATION_CREDENTIALS: '/a' } },
  allow: ['plain-secrets'],
};

testChecks([
  [
    'a Secret beside an identity',
    gcs({ ...identity(), credentials: { secret: 'keys' } }),
    /^artifacts\.gcs\.credentials\.secret: is set beside artifacts\.gcs\.identity, which needs no key file/,
    gcs({ credentials: { secret: 'keys' } }),
  ],
  [
    'what is no service account',
    gcs(identity('mlflow@example.com')),
    /serviceAccount: is invalid \(must be the address of a service account/,
    gcs(identity('123-compute@developer.gserviceaccount.com')),
  ],
  ...['ab', 'Artifacts', '-ab', 'ab-', 'a..b', '1.2.3.4', 'googles', `${'x'.repeat(64)}`, 'a b'].map(
    (bucket): [string, EnvironmentInput, RegExp, EnvironmentInput] => [
      `the bucket ${bucket}`,
      gcs({ bucket }),
      /^artifacts\.gcs\.bucket: is invalid \(must be 3 to 63 lowercase letters/,
      gcs({ bucket: `x_1.${'x'.repeat(63)}` }),
    ],
  ),
  [
    'the service account twice',
    {
      ...gcs(identity(ACCOUNT)),
      server: { serviceAccount: { annotations: { 'iam.gke.io/gcp-service-account': 'a' } } },
    },
    /annotations.*: is another service account than that of artifacts\.gcs\.identity/,
    { ...gcs({}), server: { serviceAccount: { annotations: { 'iam.gke.io/gcp-service-account': 'a' } } } },
  ],
  [
    'a key file of the user’s beside an identity',
    { ...gcs(identity()), ...KEY_FILE_OF_USER },
    /^server\.env\.GOOGLE_APPLICATION_CREDENTIALS: would be used in place of artifacts\.gcs\.identity/,
    gcs(identity()),
  ],
  [
    'a key file of the user’s beside an identity of backups',
    { ...copied(identity()), ...KEY_FILE_OF_USER },
    /^server\.env\.GOOGLE_APPLICATION_CREDENTIALS: would be used in place of backup\.destination\.gcs\.identity/,
    { ...copied({}), ...KEY_FILE_OF_USER },
  ],
  [
    'an endpoint without a scheme',
    gcs({ endpoint: 'storage-of-mine.p.googleapis.com' }),
    /^artifacts\.gcs\.endpoint: is invalid \(must be http.* such as https:\/\/storage-of-mine\.p\.googleapis\.com\)/,
    gcs({ endpoint: 'https://storage-of-mine.p.googleapis.com' }),
  ],
  [
    'a project of backups, which create no bucket',
    copied({ project: 'project-1' }),
    /^backup\.destination\.gcs\.project: is not a known key/,
    { ...gcs({ project: 'project-1' }), ...copied({}) },
  ],
  [
    'backups in the bucket of the artifacts, by S3 too or not',
    { ...gcs({}), backup: { destination: { gcs: { bucket: 'artifacts' } } } },
    /^backup\.destination\.gcs\.bucket: is the bucket of the artifacts, and one prefix contains the other/,
    { ...gcs({}), backup: { destination: { gcs: { bucket: 'copies' } } } },
  ],
  [
    'backups by its S3 endpoint in the same bucket',
    {
      ...gcs({}),
      backup: { destination: { s3: { bucket: 'artifacts', endpoint: 'https://storage.googleapis.com' } } },
    },
    /^backup\.destination\.s3\.bucket: is the bucket of the artifacts/,
    { ...gcs({}), backup: { destination: { s3: { bucket: 'artifacts' } } } },
  ],
  ...["team's", 'a:b', 'a\\b'].flatMap((prefix): [string, EnvironmentInput, RegExp, EnvironmentInput][] =>
    ['gcs', 's3'].map((store) => {
      const input = (access: 'direct' | 'proxied') => ({
        ...SMALLEST,
        artifacts: { access, [store]: { bucket: 'artifacts', prefix } },
      });
      return [
        `the folder ${prefix} in ${store} with direct access`,
        input('direct'),
        /^artifacts\.(gcs|s3)\.prefix: contains ', : or \\, with which MLflow would not start/,
        input('proxied'),
      ];
    }),
  ),
  [
    'two destinations',
    { ...gcs({}), backup: { destination: { claim: {}, gcs: { bucket: 'copies' } } } },
    /^backup\.destination: must have exactly one destination/,
    { ...gcs({}), backup: { destination: { claim: {} } } },
  ],
  [
    'identities of two clouds in one pod',
    {
      ...gcs(identity()),
      backup: { artifacts: true, destination: { s3: { bucket: 'copies', identity: { podIdentity: true } } } },
    },
    /^backup\.destination\.s3\.identity: gets its keys from AWS, and the artifacts from Google Cloud, but a pod has one/,
    {
      ...gcs({}),
      backup: { artifacts: true, destination: { s3: { bucket: 'copies', identity: { podIdentity: true } } } },
    },
  ],
]);

test.each(['s3', 'embedded', 'volume'] as const)('artifacts are in no other store as well: %s', (other) => {
  const more = other === 's3' ? { s3: { bucket: 'other' } } : { [other]: {} };
  const paths = resolution({ ...SMALLEST, artifacts: { gcs: { bucket: 'artifacts' }, ...more } }).issues.map(
    ({ path }) => path.join('.'),
  );
  expect(paths).toEqual([other === 's3' ? 'artifacts.s3.bucket' : `artifacts.${other === 'volume' ? 'gcs' : other}`]);
});
