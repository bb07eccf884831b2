import { z } from 'zod';
import { certificateAuthority } from './certificate-authority';
import { dataKey, objectName, section, text } from './common';

export const artifacts = section({
  /** `proxied`: clients send artifacts through the server, which alone has the S3 keys. `direct`: clients reach S3 with keys of their own. */
  access: z.enum(['proxied', 'direct']).default('proxied'),
  /** The S3 bucket, of AWS or of any compatible store. */
  s3: section({
    /** Name of the bucket. */
    bucket: z
      .string()
      .regex(/^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/, 'must be 3 to 63 lower case letters, digits, - and .')
      .optional(),
    /** Folder within the bucket; without it the bucket's root. */
    prefix: z
      .string()
      .regex(/^[^/\s$?#]([^\s$?#]*[^/\s$?#])?$/, 'must not start or end with /, nor hold blanks, $, ? or #')
      .optional(),
    /** URL of an S3-compatible store; without it AWS. */
    endpoint: z
      .string()
      .regex(
        /^https?:\/\/[^\s/?#@$]+\/?$/,
        'must be http:// or https://, a host and a port, such as http://minio.minio.svc.cluster.local:9000',
      )
      .refine(
        (url) => URL.canParse(url) && new URL(url).port !== '0',
        'must be a URL with a host, and a port from 1 to 65535 if any',
      )
      .transform((url) => url.replace(/\/$/, ''))
      .optional(),
    /** Region. Most compatible stores accept the default. */
    region: text().default('us-east-1'),
    /** Where the bucket's name goes in a URL: `path` for stores behind one host name, `virtual` for host names a bucket. */
    addressingStyle: z.enum(['auto', 'path', 'virtual']).default('auto'),
    /** Where the access key comes from. */
    credentials: section({
      /** Secret in the namespace. */
      secret: objectName().default('mlflow-s3-secret'),
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
    /** Whether a missing bucket is created, where the key may. */
    createBucket: z.boolean().default(false),
  }).prefault({}),
});
