import type { Environment } from '../environment/schema';
import type { ConnectionPool } from './connections';
import type { Release } from './releases';

/** All of a type and of what it holds, read only. */
export type DeepReadonly<T> = T extends (...given: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Amounts of CPU, memory and disk, all of them said. */
export type Resources = { requests: Amounts; limits: Amounts };
type Amounts = { cpu: string; memory: string; 'ephemeral-storage': string };

/** A store of the instance's own. */
export type StoreSettings = {
  /** The image as a pod names it. */
  image: string;
  /** Its tag, for the version label. */
  version: string;
  claim: Claim;
  resources: Resources;
};

/** A volume claim with its name. */
export type Claim = { name: string; size: string; storageClass?: string; accessMode: AccessMode };
type AccessMode = NonNullable<Environment['storage']['data']>['accessMode'];

/** A value of a generated Secret: a fixed text, or so many random letters and digits. */
export type GeneratedValue = { text: string } | { random: number };

/** What a generated Secret is for, in the words that name its Job. */
export type SecretPurpose = 'database' | 'object-store' | 'login';

/** A Secret that a Job in the cluster makes when it is missing. */
export type GeneratedSecret = { name: string; purpose: SecretPurpose; values: Record<string, GeneratedValue> };

type Named<T> = T & { secret: string };
type S3 = Environment['artifacts']['s3'] & {
  bucket: string;
  createBucket: boolean;
  credentials: Named<Environment['artifacts']['s3']['credentials']>;
};

interface Resolved
  extends Omit<
    Environment,
    'extends' | 'mlflowVersion' | 'image' | 'server' | 'database' | 'artifacts' | 'auth' | 'availability' | 'storage'
  > {
  /** The MLflow release in the image. */
  release: Release;
  /** The image with tag and digest as a pod names it. */
  image: { reference: string; pullPolicy: Environment['image']['pullPolicy']; pullSecret?: string };
  server: Omit<Environment['server'], 'workers' | 'rollout' | 'resources'> & {
    workers: number;
    rollout: 'RollingUpdate' | 'Recreate';
    resources: Resources;
  };
  /** With the host of the embedded one, where there is one. */
  database: Omit<Environment['database'], 'embedded'> & {
    host: string;
    create: boolean;
    credentials: Named<Environment['database']['credentials']>;
    pool: ConnectionPool;
    embedded?: StoreSettings;
  };
  /** With bucket and endpoint of the embedded store, where there is one. */
  artifacts: Omit<Environment['artifacts'], 's3' | 'embedded'> & { s3: S3; embedded?: StoreSettings };
  auth: Named<Omit<Environment['auth'], 'users'>> & { users: Named<Environment['auth']['users'][number]>[] };
  /** The Secrets that Jobs in the cluster make; none unless the provider is `generated`. */
  generatedSecrets: GeneratedSecret[];
  availability: Required<Environment['availability']>;
  storage: { data?: NonNullable<Environment['storage']['data']> & { name: string } };
  /** How a password found right is remembered: by the release itself, by our module, or not at all. */
  authenticationCache: 'release' | 'module' | 'none';
}

/** An environment in which nothing is left open: what the constructs see. */
export type ResolvedEnvironment = DeepReadonly<Resolved>;
