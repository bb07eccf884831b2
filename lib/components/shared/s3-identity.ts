import type { Variable } from '../../kubernetes/variables';
import { awsUrl } from './aws-hosts';
import type { Destination } from './contributions/destination';
import { destinationsIn } from './contributions/destinations';
import type { PodIdentity } from './pod-identity';
import type { S3Identity } from './sections/s3-identity';

/** A store that knows an identity. */
export interface IdentifiedStore {
  readonly identity: S3Identity;
  /** Where AWS gives the keys. */
  readonly region: string;
  readonly tls: { readonly ca?: { readonly key: string } };
}

/** The identity of a pod in a store, if it has one there. */
export const identityIn = (store: Omit<IdentifiedStore, 'identity'> & { readonly identity?: S3Identity }) =>
  store.identity && podIdentity({ ...store, identity: store.identity });

/** The names that the webhook of EKS would use: what has them already, it leaves alone. */
const TOKEN_VOLUME = 'aws-iam-token';
const TOKEN_FOLDER = '/var/run/secrets/eks.amazonaws.com/serviceaccount';

/** The annotation of a ServiceAccount by which the webhook of EKS knows its role. */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** Seconds that a token is valid, as with the webhook. The kubelet replaces it after 80 % of them. */
const TOKEN_SECONDS = 86_400;

/**
 * The agent of EKS Pod Identity, the same on every node.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
const AGENTS: readonly Destination[] = ['169.254.170.23', 'fd00:ec2::23'].map((host) => ({ host, port: 80 }));

/**
 * What every such identity has, most of it nothing. By the annotation, the webhook of EKS gives other containers of a
 * pod nothing.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook#skip-containers
 */
const COMMON = {
  mounts: [],
  volumes: [],
  accountAnnotations: {},
  podLabels: {},
  podAnnotations: (others: readonly string[]): Record<string, string> =>
    others.length > 0 ? { 'eks.amazonaws.com/skip-containers': others.join(',') } : {},
};

/**
 * The identity of a pod, by the variables that the SDK of AWS reads by itself. For IRSA all of it is rendered, so that
 * clusters without the webhook of EKS give it too; Pod Identity is the webhook's own.
 *
 * @see https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/handler/handler.go
 */
export function podIdentity({ identity: { irsa }, region, tls }: IdentifiedStore): PodIdentity {
  // Without keys the SDK would ask the node for its own.
  const common: Variable[] = [{ name: 'AWS_EC2_METADATA_DISABLED', value: 'true' }];
  if (!irsa) return { ...COMMON, issuer: 'AWS', variables: common, destinations: AGENTS };
  const { roleArn, audience, stsEndpoint } = irsa;
  return {
    ...COMMON,
    issuer: stsEndpoint ?? 'AWS',
    principal: { path: ['identity', 'irsa', 'roleArn'], value: roleArn, kind: 'role' },
    variables: [
      { name: 'AWS_ROLE_ARN', value: roleArn },
      { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${TOKEN_FOLDER}/token` },
      // Older SDKs would ask us-east-1 for the keys of every region.
      { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
      ...(stsEndpoint ? [{ name: 'AWS_ENDPOINT_URL_STS', value: stsEndpoint }] : []),
      ...common,
    ],
    mounts: [{ name: TOKEN_VOLUME, mountPath: TOKEN_FOLDER, readOnly: true }],
    volumes: [
      {
        name: TOKEN_VOLUME,
        projected: {
          sources: [{ serviceAccountToken: { audience, expirationSeconds: TOKEN_SECONDS, path: 'token' } }],
        },
      },
    ],
    accountAnnotations: { [ROLE_ANNOTATION]: roleArn },
    ca: stsEndpoint && tls.ca?.key,
    destinations: destinationsIn(stsEndpoint ?? awsUrl('sts', region)),
  };
}
