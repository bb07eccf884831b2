import { z } from 'zod';
import { certificateAuthority } from '../shared/sections/ca-certificate';
import { bytes, cpu, dataKey, objectName, section, text, volumeSize } from '../shared/sections/fields';
import { imageDigest, imageRepository, imageTag } from '../shared/sections/image';
import { s3Addressing, s3Bucket, s3Endpoint, s3Prefix } from '../shared/sections/s3';

export const embeddedObjectStore = section({
  /** Image with versitygw: the official one, or a copy of it. */
  image: section({
    /** Registry and repository, without tag. */
    repository: imageRepository().default('docker.io/versity/versitygw'),
    /** Tag. */
    tag: imageTag().default('v1.7.0'),
    /** Digest, which pins the exact image. */
    digest: imageDigest().optional(),
  }).prefault({}),
  /** The claim that holds the artifacts, on a file system with extended attributes (ext4, XFS; NFS has none). It outlives everything but its own deletion and the namespace's. */
  storage: section({
    /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-object-store`. */
    name: objectName().optional(),
    /** Size. It can grow where the storage class allows it, never shrink. */
    size: volumeSize().prefault('50Gi'),
    /** StorageClass; without it the cluster's default. */
    storageClass: objectName().optional(),
  }).prefault({}),
  /** CPU and memory. */
  resources: section({
    /** What the scheduler sets aside. */
    requests: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('50m'),
      /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
      memory: bytes().optional(),
    }).prefault({}),
    /** What the container may use at most. */
    limits: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('1'),
      /** Memory. */
      memory: bytes().prefault('256Mi'),
    }).prefault({}),
  }).prefault({}),
});

export const artifacts = section({
  /** `proxied`: clients send artifacts through the server, which alone has the S3 keys. `direct`: clients reach S3 with keys of their own. */
  access: z.enum(['proxied', 'direct']).default('proxied'),
  /** An S3 store of the instance's own (versitygw), one pod on a claim, for clusters that have none: `embedded: {}` takes all defaults. */
  embedded: embeddedObjectStore.optional(),
  /** The S3 bucket, of AWS or of any compatible store. */
  s3: section({
    /** Name of the bucket. Without it: `mlflow-artifacts` in an embedded store. */
    bucket: s3Bucket().optional(),
    /** Folder within the bucket; without it the bucket's root. */
    prefix: s3Prefix().optional(),
    /** URL of an S3-compatible store; without it AWS, or the embedded store. */
    endpoint: s3Endpoint().optional(),
    /** Region. Most compatible stores accept the default. */
    region: text().default('us-east-1'),
    /** Where the bucket's name goes in a URL: `path` for stores behind one host name, `virtual` for host names a bucket. */
    addressingStyle: s3Addressing().default('auto'),
    /** Where the access key comes from. */
    credentials: section({
      /** Secret in the namespace. Without it: the instance's name and `-s3-secret`. */
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
    /** Whether a missing bucket is created, where the key may. Without it: in an embedded store. */
    createBucket: z.boolean().optional(),
  }).prefault({}),
});
