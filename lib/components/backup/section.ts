import { z } from 'zod';
import { certificateAuthority } from '../shared/sections/ca-certificate';
import {
  bytes,
  cpu,
  dataKey,
  objectName,
  schedule,
  section,
  text,
  timeZone,
  volumeSize,
  wholeNumber,
} from '../shared/sections/fields';
import { imageDigest, imageRepository, imageTag } from '../shared/sections/image';
import { s3Addressing, s3Bucket, s3Endpoint, s3Prefix } from '../shared/sections/s3';

export const backupClaim = section({
  /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-backup`. */
  name: objectName().optional(),
  /** Whether the claim is made. `false` for one that is there already, or that `storage.data` makes. */
  create: z.boolean().default(true),
  /** Size, for as many backups as `retention` keeps and one more. It can grow where the storage class allows it, never shrink. */
  size: volumeSize().prefault('10Gi'),
  /** StorageClass; without it the cluster's default. */
  storageClass: objectName().optional(),
  /** Who may mount it: one node, or many at once. */
  accessMode: z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod']).default('ReadWriteOnce'),
});

export const backupS3 = section({
  /** Name of the bucket, which exists already. */
  bucket: s3Bucket(),
  /** URL of an S3-compatible store; without it AWS. Best not the store that the artifacts are in. */
  endpoint: s3Endpoint().optional(),
  /** Region. Most compatible stores accept the default. */
  region: text().default('us-east-1'),
  /** Where the bucket's name goes in a URL: `path` for stores behind one host name, `virtual` for host names a bucket. */
  addressingStyle: s3Addressing().default('auto'),
  /** Where the access key comes from. */
  credentials: section({
    /** Secret in the namespace. Without it: the instance's name and `-backup-s3-secret`. */
    secret: objectName().optional(),
    /** Its key with the access key ID. */
    accessKeyIdKey: dataKey().default('AWS_ACCESS_KEY_ID'),
    /** Its key with the secret access key. */
    secretAccessKeyKey: dataKey().default('AWS_SECRET_ACCESS_KEY'),
  }).prefault({}),
  /** Encryption on the way to an https endpoint. */
  tls: section({
    /** Certificates that sign the endpoint's, where they are not publicly known. */
    ca: certificateAuthority.optional(),
  }).prefault({}),
});

export const backup = section({
  /** When a backup is made: minute, hour, day of the month, month, day of the week. */
  schedule: schedule().default('30 2 * * *'),
  /** Time zone of the schedule, as in `Europe/Berlin`. */
  timeZone: timeZone().default('Etc/UTC'),
  /** Where backups are kept: a claim or a bucket. */
  destination: section({
    /** A volume: `claim: {}` takes all defaults. */
    claim: backupClaim.optional(),
    /** A bucket of AWS or of any compatible store. */
    s3: backupS3.optional(),
    /** Folder in the claim or the bucket, of this instance alone. Without it: the instance's name. */
    prefix: s3Prefix().optional(),
  }),
  /** Whether the artifacts are copied too, after the databases. What was copied once is not copied again. */
  artifacts: z.boolean().default(false),
  /** Which backups stay. The newest complete one always does. */
  retention: section({
    /** How many are kept at most. */
    count: wholeNumber(1, 10_000).default(14),
    /** Days after which one is removed. Without it: age does not matter. */
    days: wholeNumber(1, 36_500).optional(),
  }).prefault({}),
  /** Image with PostgreSQL's client programs, of the server's major release or a newer one. Without repository and tag: that of an embedded PostgreSQL, or the one that was tested. */
  image: section({
    /** Registry and repository, without tag. */
    repository: imageRepository().optional(),
    /** Tag, of an image on Debian. */
    tag: imageTag().optional(),
    /** Digest, which pins the exact image. */
    digest: imageDigest().optional(),
  }).prefault({}),
  /** Seconds after which a backup or a restore that still runs is ended. */
  timeout: wholeNumber(60, 604_800).default(21_600),
  /** Room of the pod for the dumps of a backup on its way to or from a bucket. */
  temporaryStorage: bytes().prefault('5Gi'),
  /** CPU and memory of the program that checks, copies and restores; PostgreSQL's programs beside it have 256Mi. */
  resources: section({
    /** What the scheduler sets aside. */
    requests: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('100m'),
      /** Memory. Without it: the limit. */
      memory: bytes().optional(),
    }).prefault({}),
    /** What the container may use at most. */
    limits: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('1'),
      /** Memory. A million artifacts take about 1Gi. */
      memory: bytes().prefault('512Mi'),
    }).prefault({}),
  }).prefault({}),
});
