import fc from 'fast-check';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { type Optional, oneOf, pick, some } from './record';
import { key, objectName } from './values';

type Artifacts = Optional<EnvironmentInput['artifacts']>;
type Database = Optional<EnvironmentInput['database']>;
type Embedded = Optional<Database['embedded']> & Optional<Artifacts['embedded']>;
type CaCertificate = Optional<Optional<Database['tls']>['ca']>;

/** CPU and memory. */
export interface Amounts {
  cpu?: string | number;
  memory?: string | number;
}

/** CA certificates from a ConfigMap or a Secret. */
export const caCertificate = some<CaCertificate>({
  configMap: objectName,
  // Never one that is sealed: it would lack the key.
  secret: objectName.map((name) => `ca.${name}`),
  key,
}).map(oneOf<CaCertificate>('configMap', 'secret', { configMap: 'authorities' }));

/** An embedded store. Its requests are below every limit, the default ones too. */
export const embedded = (repository: string, name: string, ...tags: readonly string[]) =>
  some<Embedded>({
    image: some<Optional<Embedded['image']>>({
      repository: pick(`registry.example.com:5000/copies/${repository}`, `docker.io/library/${repository}`),
      tag: pick(...tags),
      digest: pick(`sha256:${'fedcba9876543210'.repeat(4)}`),
    }),
    storage: some<Optional<Embedded['storage']>>({
      name: pick(name),
      size: pick<string | number>('20Gi', '1.5Ti', 1e10),
      storageClass: objectName,
    }),
    resources: some<Optional<Embedded['resources']>>({
      requests: some<Amounts>({ cpu: pick<string | number>('25m', 0.05), memory: pick<string | number>('64Mi', 1e8) }),
      limits: some<Amounts>({
        cpu: pick<string | number>(1, '1500m', 0.5),
        memory: pick<string | number>('512Mi', '3Gi', 1e9, '700M'),
      }),
    }),
  });

type Identity = Optional<Optional<Optional<EnvironmentInput['artifacts']>['s3']>['identity']>;

/** An identity in place of keys. */
export const s3Identity = some<Identity>({
  irsa: some<Optional<Identity['irsa']>>(
    {
      roleArn: pick(
        'arn:aws:iam::123456789012:role/mlflow',
        'arn:aws-us-gov:iam::123456789012:role/team/a+b=c,d.e@f-g',
      ),
      audience: pick('sts.amazonaws.com', 'minio'),
      stsEndpoint: pick(
        'http://minio.minio.svc.cluster.local:9000',
        'https://sts.example.com/',
        'http://[fd00::9]:9000',
      ),
    },
    'roleArn',
  ),
  podIdentity: fc.boolean(),
});

type Gcs = Optional<Artifacts['gcs']>;

/** What a bucket of Google Cloud Storage for artifacts has in common with one for backups. */
export type GcsBucket = Omit<Gcs, 'prefix' | 'project' | 'createBucket'>;

/** The keys of such a bucket; its names tell one store from the other. */
export const gcsBucket = (...names: readonly string[]) => ({
  bucket: pick(...names),
  // Never one that is generated.
  credentials: some<Optional<Gcs['credentials']>>({ secret: pick('key-file', 'key.file'), key }),
  identity: some<Optional<Gcs['identity']>>(
    {
      workloadIdentity: some<Optional<Optional<Gcs['identity']>['workloadIdentity']>>({
        serviceAccount: pick('mlflow@project-1.iam.gserviceaccount.com', '1-compute@developer.gserviceaccount.com'),
      }),
    },
    'workloadIdentity',
  ),
  endpoint: pick('https://storage-of-mine.p.googleapis.com', 'http://fake-gcs.storage:4443', 'http://[fd00::9]:9000/'),
});

/** A bucket with one login. */
export function withOneLogin<Given extends GcsBucket>(gcs: Given): Given {
  const { credentials, identity, ...others } = gcs;
  if (!identity) return gcs;
  return { ...others, ...(credentials?.secret && credentials.key ? { credentials } : { identity }) } as Given;
}

type Azure = Optional<Artifacts['azure']>;
/** What a container for artifacts has in common with one for backups. */
export type Container = Omit<Azure, 'prefix' | 'createContainer'>;

/** The keys of a container, as few as there can be; `accounts` tells one of two stores from the other. */
export const azureContainer = (...accounts: readonly string[]) => ({
  account: pick(...accounts),
  container: pick('mlflow', '000', 'a-b-c', 'x'.repeat(63)),
  cloud: pick('public', 'china', 'usgovernment'),
  credentials: some<Optional<Azure['credentials']>>({
    secret: objectName,
    accountKeyKey: key,
    sasTokenKey: key,
  }),
  identity: some<Optional<Azure['identity']>>(
    {
      workloadIdentity: some<Optional<Azure['identity']>['workloadIdentity']>(
        {
          clientId: pick('3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b', '00000000-0000-0000-0000-00000000000E'),
          tenantId: pick('9c8b7a6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d'),
        },
        'clientId',
        'tenantId',
      ),
    },
    'workloadIdentity',
  ),
});

/** A container with one login. */
export function withAzureLogin<Given extends Container>({ credentials, identity, ...others }: Given): Given {
  if (!credentials?.secret) return { ...others, ...(identity ? { identity } : {}) } as Given;
  const { accountKeyKey, sasTokenKey, secret } = credentials;
  const login = accountKeyKey === undefined && sasTokenKey !== undefined ? { sasTokenKey } : { accountKeyKey };
  return { ...others, credentials: { secret, ...login } } as Given;
}

/** A store whose identity, if it has one, is of one kind, without keys beside it, and that of the store. */
export function fitted<
  Store extends { endpoint?: string | undefined; identity?: Identity | undefined; credentials?: object | undefined },
>(store: Store): Store {
  const { identity, credentials: _, ...others } = store;
  if (!identity) return store;
  const { irsa, podIdentity } = identity;
  if (!irsa) return { ...others, endpoint: undefined, identity: { podIdentity: true } } as Store;
  const { stsEndpoint = 'https://sts.example.com', ...role } = irsa;
  const fitting = store.endpoint === undefined ? role : { ...role, stsEndpoint };
  return { ...others, identity: { irsa: fitting, ...(podIdentity === false ? { podIdentity } : {}) } } as Store;
}
