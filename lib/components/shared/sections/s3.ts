import { z } from 'zod';
import type { Check, Path } from '../../../input/issue';
import { dataKey, objectName } from '../../../kubernetes/fields';
import { caCertificate, sourceChecks } from './ca-certificate';
import { section, text } from './fields';

/**
 * Name of a bucket, or an alias of an access point, which ends as no bucket may.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const s3Bucket = () =>
  z
    .string()
    .regex(
      /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/,
      'must be 3 to 63 lowercase letters, digits, - and ., without two dots in a row, and no IP address',
    );

/** Folder within a bucket. */
export const s3Prefix = () =>
  z.string().regex(/^[^/\s$?#]([^\s$?#]*[^/\s$?#])?$/, 'must not start or end with /, or contain spaces, $, ? or #');

/** URL of an S3-compatible store. */
export const s3Endpoint = () =>
  z
    .string()
    .regex(
      /^https?:\/\/[^\s/?#@$]+\/?$/,
      'must be http:// or https://, a host and a port, such as http://minio.minio.svc.cluster.local:9000',
    )
    .refine(
      (url) => URL.canParse(url) && new URL(url).port !== '0',
      'must be a URL with a host and, optionally, a port from 1 to 65535',
    )
    .transform((url) => url.replace(/\/$/, ''));

/**
 * The keys of a bucket on AWS or in an S3-compatible store; `secret` is the derived default of its Secret, as Markdown.
 */
export const s3Keys = ({ secret }: { readonly secret: string }) => ({
  endpoint: s3Endpoint().optional().describe('URL of an S3-compatible store. If unset, AWS.'),
  region: text().default('us-east-1').describe('Region. Most compatible stores accept the default.'),
  addressingStyle: z
    .enum(['auto', 'path', 'virtual'])
    .default('auto')
    .describe(
      'Where the bucket appears in a URL: `path` if all buckets share a host name, `virtual` if each bucket has its own.',
    ),
  credentials: section({
    secret: objectName().optional().meta({ description: 'Secret in the namespace.', derived: secret }),
    accessKeyIdKey: dataKey()
      .default('AWS_ACCESS_KEY_ID')
      .describe('Key of the Secret that contains the access key ID.'),
    secretAccessKeyKey: dataKey()
      .default('AWS_SECRET_ACCESS_KEY')
      .describe('Key of the Secret that contains the secret access key.'),
  })
    .prefault({})
    .describe('Access key of the bucket.'),
  tls: section({
    ca: caCertificate()
      .optional()
      .describe('CA certificates of the endpoint, required if no publicly trusted CA signs its certificate.'),
  })
    .prefault({})
    .describe('TLS to an https endpoint.'),
});

interface GivenS3 {
  readonly endpoint?: string;
  readonly tls: { readonly ca?: { readonly configMap?: string; readonly secret?: string } };
}

/** CA certificates have one source, and an endpoint that uses them. */
export function s3Checks(path: Path, s3: GivenS3 | undefined): Check[] {
  const at = [...path, 'tls', 'ca'];
  const ca = s3?.tls.ca;
  return [
    ...sourceChecks(at, ca),
    {
      path: at,
      violated: ca !== undefined && !(s3?.endpoint ?? 'https://').startsWith('https://'),
      message: 'has no effect on an http endpoint (use https, or remove it)',
    },
  ];
}
