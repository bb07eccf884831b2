import { z } from 'zod';
import { type Check, formatPath, type Path } from '../../../input/issue';
import { dataKey, objectName } from '../../../kubernetes/fields';
import { caCertificate, sourceChecks } from './ca-certificate';
import { section, text } from './fields';
import { endpointChecks } from './s3-endpoint';
import { identityChecks, type S3Identity, s3Identity } from './s3-identity';
import { storeEndpoint } from './store-location';

/**
 * Name of a bucket on AWS, or an alias of an access point, which ends as no bucket may. It can be part of a host name.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const AWS_BUCKET = /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/;

/** What such a name consists of. */
const AWS_FORM = '3 to 63 lowercase letters, digits, - and ., without two dots in a row, and no IP address';

/** Name of a bucket. boto3 accepts more than AWS, and so do other stores. */
export const s3Bucket = () =>
  z
    .string()
    .regex(
      /^(?!\.+$)[-._a-zA-Z0-9]{3,255}$/,
      `must be ${AWS_FORM}; stores with an endpoint may also allow capitals and _`,
    );

/** URL of an S3-compatible store. */
export const s3Endpoint = () => storeEndpoint('http://minio.minio.svc.cluster.local:9000');

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
    .describe('Access key of the bucket. Not used with `identity`.'),
  identity: s3Identity()
    .optional()
    .describe(
      'Identity of the pods on AWS or in a compatible store, in place of keys: no Secret is read or created then.',
    ),
  tls: section({
    ca: caCertificate()
      .optional()
      .describe('CA certificates of the endpoint, required if no publicly trusted CA signs its certificate.'),
  })
    .prefault({})
    .describe('TLS to an https endpoint.'),
});

interface GivenS3 {
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly addressingStyle: string;
  readonly identity?: S3Identity;
  readonly credentials: { readonly secret?: string };
  readonly tls: { readonly ca?: { readonly configMap?: string; readonly secret?: string } };
}

/** A bucket has a name that its store allows, and that can be part of a host name where it has to be. */
export function bucketChecks(
  path: Path,
  { bucket, endpoint, addressingStyle }: Pick<GivenS3, 'bucket' | 'endpoint' | 'addressingStyle'>,
  isStrict: boolean,
): Check[] {
  const isOther = bucket !== undefined && !AWS_BUCKET.test(bucket);
  return [
    {
      path: [...path, 'bucket'],
      dependsOn: [[...path, 'endpoint']],
      violated: isOther && isStrict,
      message: `must be ${AWS_FORM}${endpoint === undefined ? ` (buckets of other stores need ${formatPath([...path, 'endpoint'])})` : ''}`,
    },
    {
      path: [...path, 'addressingStyle'],
      dependsOn: [[...path, 'bucket']],
      violated: isOther && !isStrict && addressingStyle === 'virtual',
      message: `is virtual, but ${bucket} cannot be part of a host name, so clients would use a path all the same (use path)`,
    },
  ];
}

/** CA certificates have one source, and an endpoint that uses them. */
export function s3Checks(path: Path, s3: GivenS3 | undefined): Check[] {
  const at = [...path, 'tls', 'ca'];
  const ca = s3?.tls.ca;
  return [
    ...(s3
      ? [...bucketChecks(path, s3, s3.endpoint === undefined), ...endpointChecks(path, s3), ...identityChecks(path, s3)]
      : []),
    ...sourceChecks(at, ca),
    {
      path: at,
      violated: ca !== undefined && !(s3?.endpoint ?? 'https://').startsWith('https://'),
      message: 'has no effect on an http endpoint (use https, or remove it)',
    },
  ];
}
