import { z } from 'zod';
import type { Check, Path } from '../../../input/issue';
import { section, text } from './fields';

/** What tokens for AWS STS are for. */
export const STS_AUDIENCE = 'sts.amazonaws.com';

/** An IAM role, in any partition. Compatible stores have roles without an account. */
const ROLE_ARN = /^arn:[a-z][-a-z0-9]*:iam::(\d{12})?:role\/[\w+=,.@/-]{1,576}$/;

/** Hosts of AWS, in all of its partitions. */
const AWS_HOST = /(^|\.)(amazonaws\.(com(\.cn)?|eu)|api\.aws)$/;

/** URL of an STS. */
const stsEndpoint = () =>
  z
    .string()
    .regex(
      /^https?:\/\/[^\s/?#@$]+\/?$/,
      'must be http:// or https://, a host and a port, such as https://minio.minio.svc:9000',
    )
    .refine(
      (url) => URL.canParse(url) && new URL(url).port !== '0',
      'must be a URL with a host and, optionally, a port',
    )
    .transform((url) => url.replace(/\/$/, ''));

/** How pods log in to S3 without keys: one of these. */
export const s3Identity = () =>
  section({
    irsa: section({
      roleArn: z
        .string()
        .regex(ROLE_ARN, 'must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/mlflow')
        .describe('ARN of the IAM role, whose trust policy names the ServiceAccount.'),
      audience: text().default(STS_AUDIENCE).describe('Audience of the token: that of the identity provider in IAM.'),
      stsEndpoint: stsEndpoint()
        .optional()
        .describe(
          'URL of the STS of an S3-compatible store, such as MinIO or Ceph. If unset, that of AWS in `region`.',
        ),
    })
      .optional()
      .describe(
        'IAM role for the ServiceAccount (IRSA): the pods exchange a token of their ServiceAccount, which is mounted for ' +
          'this alone, for short-lived keys of a role.',
      ),
    podIdentity: z
      .boolean()
      .default(false)
      .describe(
        'Whether to use EKS Pod Identity: the agent on the node provides short-lived keys of the role that an association of the ' +
          'cluster gives the ServiceAccount.',
      ),
  });

/** An identity as a user wrote it. */
export interface S3Identity {
  readonly irsa?: { readonly roleArn: string; readonly audience: string; readonly stsEndpoint?: string };
  readonly podIdentity: boolean;
}

interface GivenStore {
  readonly endpoint?: string;
  readonly identity?: S3Identity;
  readonly credentials: { readonly secret?: string };
}

/** Whether a URL is one of AWS, which needs none. */
export const isAws = (url: string | undefined): boolean => url === undefined || AWS_HOST.test(new URL(url).hostname);

/** An identity is of one kind, is in place of keys, and is that of the store. */
export function identityChecks(path: Path, { identity, endpoint, credentials }: GivenStore): Check[] {
  if (!identity) return [];
  const { irsa, podIdentity } = identity;
  const at = [...path, 'identity'];
  return [
    {
      path: at,
      violated: (irsa !== undefined) === podIdentity,
      message: 'must be of exactly one kind (set either irsa, or podIdentity: true)',
    },
    {
      path: [...path, 'credentials', 'secret'],
      dependsOn: [at],
      violated: credentials.secret !== undefined,
      message: `is set beside ${path.join('.')}.identity, which needs no keys (remove one of the two)`,
    },
    {
      path: [...at, 'podIdentity'],
      dependsOn: [[...path, 'endpoint']],
      violated: podIdentity && !isAws(endpoint),
      message: `is for AWS alone, but the endpoint is ${endpoint} (use irsa with the stsEndpoint of the store, or credentials)`,
    },
    {
      path: [...at, 'irsa', 'stsEndpoint'],
      dependsOn: [[...path, 'endpoint']],
      violated: irsa !== undefined && irsa.stsEndpoint === undefined && !isAws(endpoint),
      message: `is missing: ${endpoint} does not know keys of the STS of AWS (set the URL of the store's STS, or use credentials)`,
    },
    {
      path: [...at, 'irsa', 'stsEndpoint'],
      dependsOn: [[...path, 'endpoint']],
      violated: irsa !== undefined && irsa.stsEndpoint !== undefined && !isAws(irsa.stsEndpoint) && isAws(endpoint),
      message: `is ${irsa?.stsEndpoint}, whose keys AWS does not know (remove it, or set the endpoint of the store)`,
    },
    {
      path: [...at, 'irsa', 'roleArn'],
      dependsOn: [[...at, 'irsa', 'stsEndpoint']],
      violated: irsa !== undefined && isAws(irsa.stsEndpoint) && /:iam:::/.test(irsa.roleArn),
      message: 'has no account, which roles of AWS have (use arn:aws:iam::ACCOUNT:role/NAME)',
    },
  ];
}
