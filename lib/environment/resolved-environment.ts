import type { ConnectionPool } from '../components/database/connections';
import type { Path } from '../input/issue';
import type { Release } from '../mlflow/releases';
import type { Environment } from './model';

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

/** What a Secret is for, in the words that name the Job that generates it. */
export type SecretPurpose = 'database' | 'object-store' | 'backup' | 'login' | 'metrics' | 'registry';

/** The program that reads a value in the end: it decides what the value may be. */
export type SecretReader =
  | 'database-username'
  | 'database-password'
  | 's3-access-key-id'
  | 's3-secret-access-key'
  | 'mlflow-username'
  | 'mlflow-password'
  | 'flask-secret-key'
  | 'registry-credentials';

/** A key of a Secret that the environment names. */
export type RequiredKey = {
  /** The section that names the Secret, and in it what names the key. */
  section: Path;
  keyName: string;
  purpose: SecretPurpose;
  key: string;
  reader: SecretReader;
  /** What may be generated. Not there where only somebody else can know the value. */
  generated?: GeneratedValue;
  /** The key of a Secret in the instance's own namespace that has the same value, where this is a client's copy. */
  copies?: { secret: string; key: string };
};

/** A Secret that the environment names, and every key of it that somebody reads. */
export type RequiredSecret = {
  namespace: string;
  name: string;
  type: 'Opaque' | 'kubernetes.io/dockerconfigjson';
  keys: RequiredKey[];
};

/** A key of a Secret in another namespace that gets the value of one of ours. */
export type SecretCopy = { namespace: string; name: string; keys: Record<string, string> };

/** A Secret that a Job in the cluster makes when it is missing, with the copies of it for the namespaces of clients. */
export type GeneratedSecret = {
  name: string;
  purpose: SecretPurpose;
  values: Record<string, GeneratedValue>;
  copies: SecretCopy[];
};

type Metrics = NonNullable<Environment['monitoring']['metrics']>;
type Named<T> = T & { secret: string };
type S3 = Environment['artifacts']['s3'] & {
  bucket: string;
  createBucket: boolean;
  credentials: Named<Environment['artifacts']['s3']['credentials']>;
};

type Sealed = NonNullable<Environment['secrets']['sealed']>;

type GivenBackup = NonNullable<Environment['backup']>;
type GivenBackupS3 = NonNullable<GivenBackup['destination']['s3']>;
type Backup = Omit<GivenBackup, 'destination' | 'image' | 'resources'> & {
  /** PostgreSQL's client programs. */
  image: string;
  destination: {
    prefix: string;
    claim?: NonNullable<GivenBackup['destination']['claim']> & { name: string };
    s3?: GivenBackupS3 & { credentials: Named<GivenBackupS3['credentials']> };
  };
  resources: Resources;
};

interface Resolved
  extends Omit<
    Environment,
    | 'extends'
    | 'mlflowVersion'
    | 'image'
    | 'server'
    | 'database'
    | 'artifacts'
    | 'auth'
    | 'secrets'
    | 'clients'
    | 'garbageCollection'
    | 'availability'
    | 'storage'
    | 'backup'
    | 'monitoring'
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
  monitoring: Omit<Environment['monitoring'], 'metrics'> & {
    metrics?: Omit<Metrics, 'credentials'> & { credentials: Named<Metrics['credentials']> };
  };
  secrets: Omit<Environment['secrets'], 'sealed'> & { sealed: Sealed };
  clients: (Environment['clients'][number] & { configMap: string; secret: string })[];
  /** Every Secret that the environment names by its keys, whoever makes it. */
  requiredSecrets: RequiredSecret[];
  /** None unless the environment asks for one. */
  garbageCollection?: Omit<NonNullable<Environment['garbageCollection']>, 'resources'> & { resources: Resources };
  /** The Secrets that Jobs in the cluster make; none unless the provider is `generated`. */
  generatedSecrets: GeneratedSecret[];
  availability: Required<Environment['availability']>;
  backup?: Backup;
  storage: { data?: NonNullable<Environment['storage']['data']> & { name: string } };
  /** How a password found right is remembered: by the release itself, by our module, or not at all. */
  authenticationCache: 'release' | 'module' | 'none';
}

/** An environment in which nothing is left open: what the constructs see. */
export type ResolvedEnvironment = DeepReadonly<Resolved>;
