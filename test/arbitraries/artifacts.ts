import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, pick, some } from './shared/record';
import { atLeast } from './shared/releases';
import {
  azureContainer,
  caCertificate,
  embedded,
  fitted,
  gcsBucket,
  s3Identity,
  withAzureLogin,
  withOneLogin,
} from './shared/sections';
import { key, objectName } from './shared/values';

type Artifacts = Optional<EnvironmentInput['artifacts']>;
type S3 = Optional<Artifacts['s3']>;
type Gcs = Optional<Artifacts['gcs']>;
type Azure = Optional<Artifacts['azure']>;
type Volume = Optional<Artifacts['volume']>;

export const artifacts: ComponentArbitrary<'artifacts'> = {
  sections: {
    artifacts: withOneStore(
      some<Artifacts>(
        {
          access: pick('proxied', 'direct'),
          azure: some<Azure>(
            {
              ...azureContainer('artifacts', '000', 'a'.repeat(24)),
              prefix: pick('mlflow', 'team=1/a+b@!~', '_.'),
              createContainer: fc.boolean(),
            },
            'account',
            'container',
          ),
          embedded: embedded('versitygw', 'models', 'v1.7.0', '16', '_edge.', 'x'.repeat(128)),
          volume: some<Volume>(
            {
              name: pick('files', 'shared.files'),
              create: fc.boolean(),
              size: pick<string | number>('100Gi', 1e12),
              storageClass: objectName,
              accessMode: pick('ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'),
              prefix: pick('files', 'team/a.b', '_x'),
            },
            'accessMode',
          ),
          gcs: some<Gcs>(
            {
              ...gcsBucket('artifacts', 'a_b.example.com', '000'),
              prefix: pick('mlflow', 'team=1/1+1', '_.'),
              project: pick('project-1', 'example.com:project'),
              createBucket: fc.boolean(),
            },
            'bucket',
          ),
          s3: some<S3>(
            {
              bucket: pick('artifacts', 'b-1.x', '000'),
              prefix: pick('mlflow', 'a/b', 'with=sign'),
              endpoint: pick(
                ...[
                  'http://minio.minio.svc.cluster.local:9000',
                  'https://s3.example.com',
                  'https://s3.example.com:9443/',
                  'https://project.example.com/storage/v1/s3',
                ],
                ...['http://minio:9000', 'http://[fd00::9]:9000', 'https://192.168.1.9'],
              ),
              region: pick('eu-central-1', 'us-east-1'),
              addressingStyle: pick('auto', 'path', 'virtual'),
              credentials: some<Optional<S3['credentials']>>({
                secret: objectName,
                accessKeyIdKey: key,
                secretAccessKeyKey: key,
              }),
              identity: s3Identity,
              tls: some<Optional<S3['tls']>>({ ca: caCertificate }),
              createBucket: fc.boolean(),
            },
            'bucket',
          ),
        },
        'azure',
        'embedded',
        'gcs',
        's3',
        'volume',
      ),
    ),
  },
  required: ['artifacts'],
  settle: (given, version) => ({ ...given, artifacts: artifactsOf(given.artifacts, version) }),
};

/** The settings of one store, and not of several. */
function withOneStore(arbitrary: fc.Arbitrary<Artifacts>): fc.Arbitrary<Artifacts> {
  // As often as they are named.
  const kinds = pick('azure', 'embedded', 'embedded', 'gcs', 's3', 's3', 'volume');
  return fc.tuple(arbitrary, kinds).map(([{ access, s3, ...given }, kind]) => ({
    ...(access === undefined ? {} : { access }),
    ...(kind === 's3' || kind === 'embedded' ? { s3 } : {}),
    ...(kind === 's3' ? {} : { [kind]: given[kind] }),
  }));
}

/** Settings that fit the store. */
function artifactsOf({ azure, embedded, gcs, s3 = {}, volume, ...artifacts }: Artifacts, version: string): Artifacts {
  if (volume) return { volume: volume.create === false ? { name: 'claim-of-files', ...volume } : volume };
  if (azure) return { ...artifacts, azure: inCloud(withAzureLogin(azure), version) };
  if (gcs) return { ...artifacts, gcs: withOneLogin(gcs) };
  const { tls: _, ...untrusted } = s3;
  if (!embedded) return { ...artifacts, s3: fitted(s3.endpoint?.startsWith('http:') ? untrusted : s3) };
  const { endpoint: __, identity: ___, addressingStyle, bucket, ...rest } = untrusted;
  const style = addressingStyle === 'auto' || addressingStyle === 'path' ? { addressingStyle } : {};
  // An embedded store has a bucket by default.
  const named = rest.prefix === undefined ? {} : { bucket };
  return { embedded, s3: { ...rest, ...style, ...named } };
}

/** A container in a cloud that the release knows. */
const inCloud = ({ cloud, ...azure }: Azure, version: string): Azure =>
  cloud === undefined || (cloud === 'usgovernment' && !atLeast(version, '3.11.1')) ? azure : { ...azure, cloud };
