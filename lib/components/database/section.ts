import { z } from 'zod';
import { certificateAuthority } from '../shared/sections/ca-certificate';
import {
  bytes,
  cpu,
  dataKey,
  isHost,
  objectName,
  port,
  section,
  volumeSize,
  wholeNumber,
} from '../shared/sections/fields';
import { imageDigest, imageRepository, imageTag } from '../shared/sections/image';

// PostgreSQL cuts longer names silently; SQLAlchemy 2.0 and 2.1 read % and ? differently in a URI; the kubelet would
// replace $(NAME) in an argument.
const databaseName = () =>
  z
    .string()
    .regex(/^[^\p{Cc}%?$]+$/u, 'must not be empty, nor hold %, ?, $ or control characters')
    .refine((name) => Buffer.byteLength(name) <= 63, 'must be at most 63 bytes');

export const embeddedDatabase = section({
  /** Image with PostgreSQL's programs: the official one, or a copy of it. */
  image: section({
    /** Registry and repository, without tag. */
    repository: imageRepository().default('docker.io/library/postgres'),
    /** Tag of PostgreSQL 15 or newer, on Debian. A newer minor release may follow; data of another major release is not read. */
    tag: imageTag().default('17.11-trixie'),
    /** Digest, which pins the exact image. */
    digest: imageDigest().optional(),
  }).prefault({}),
  /** The claim that holds the databases. It outlives everything but its own deletion and the namespace's. */
  storage: section({
    /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-database`. */
    name: objectName().optional(),
    /** Size. It can grow where the storage class allows it, never shrink. */
    size: volumeSize().prefault('10Gi'),
    /** StorageClass; without it the cluster's default. */
    storageClass: objectName().optional(),
  }).prefault({}),
  /** CPU and memory. */
  resources: section({
    /** What the scheduler sets aside. */
    requests: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('100m'),
      /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
      memory: bytes().optional(),
    }).prefault({}),
    /** What the container may use at most. */
    limits: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('1'),
      /** Memory. A quarter of it becomes PostgreSQL's shared buffers. */
      memory: bytes().prefault('512Mi'),
    }).prefault({}),
  }).prefault({}),
});

export const database = section({
  /** Host name or address of PostgreSQL. Both databases are on it. Give this or `embedded`. */
  host: z.string().refine(isHost, 'must be a host name or an address, without port').optional(),
  /** A PostgreSQL of the instance's own, one pod on a claim, for clusters that have none: `embedded: {}` takes all defaults. */
  embedded: embeddedDatabase.optional(),
  /** Port of PostgreSQL. */
  port: port().default(5432),
  /** Database of experiments, runs and models. */
  name: databaseName().default('mlflow'),
  /** Database of users and permissions. From MLflow 3.6.0 on it may be the same as `name`; two are easier to restore apart. Another name is another, empty database: no users move. */
  authName: databaseName().default('mlflow_auth'),
  /** Where user name and password come from. Any character may be in them. */
  credentials: section({
    /** Secret in the namespace. Without it: the instance's name and `-db-credentials`. */
    secret: objectName().optional(),
    /** Its key with the user name. */
    usernameKey: dataKey().default('username'),
    /** Its key with the password. */
    passwordKey: dataKey().default('password'),
  }).prefault({}),
  /** Encryption on the way to PostgreSQL. */
  tls: section({
    /** libpq's sslmode. `prefer` encrypts where the server can; `verify-full` also checks who it is. */
    mode: z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']).default('prefer'),
    /** Certificates that sign the server's, for the verify modes. */
    ca: certificateAuthority.optional(),
  }).prefault({}),
  /** Connections that PostgreSQL has for this instance, all pods together, also while a rollout doubles them. An embedded one is set up for so many. */
  maxConnections: wholeNumber(10, 100_000).default(100),
  /** Whether missing databases are created, where the user may. Without it: in an embedded PostgreSQL. */
  create: z.boolean().optional(),
  /** What happens to the schema when a pod starts: `auto` creates and upgrades, `create` only creates, `check` does neither and stops with a message. */
  migration: z.enum(['auto', 'create', 'check']).default('auto'),
  /** Seconds that a starting pod waits for PostgreSQL, for the lock of another pod and for the bucket. */
  timeout: wholeNumber(10, 3600).default(300),
});
