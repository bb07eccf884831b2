import { z } from 'zod';

/** Name of a bucket. */
export const s3Bucket = () =>
  z.string().regex(/^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/, 'must be 3 to 63 lower case letters, digits, - and .');

/** Folder within a bucket. */
export const s3Prefix = () =>
  z.string().regex(/^[^/\s$?#]([^\s$?#]*[^/\s$?#])?$/, 'must not start or end with /, nor hold blanks, $, ? or #');

/** Address of a store. */
export const s3Endpoint = () =>
  z
    .string()
    .regex(
      /^https?:\/\/[^\s/?#@$]+\/?$/,
      'must be http:// or https://, a host and a port, such as http://minio.minio.svc.cluster.local:9000',
    )
    .refine(
      (url) => URL.canParse(url) && new URL(url).port !== '0',
      'must be a URL with a host, and a port from 1 to 65535 if any',
    )
    .transform((url) => url.replace(/\/$/, ''));

/** Where the name of a bucket goes in a URL. */
export const s3Addressing = () => z.enum(['auto', 'path', 'virtual']);
