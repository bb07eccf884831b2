import type { Destination } from './contributions/destination';
import type { PodIdentity } from './pod-identity';
import type { GoogleIdentity } from './sections/google-identity';

/** The annotation of a ServiceAccount by which GKE knows the service account of Google Cloud. */
export const SERVICE_ACCOUNT_ANNOTATION = 'iam.gke.io/gcp-service-account';

/**
 * The metadata server of GKE, as pods name it, and the same as a policy sees it where the dataplane replaces addresses
 * first.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity
 */
const METADATA_SERVER: readonly Destination[] = [
  { host: '169.254.169.254', port: 80 },
  { host: '169.254.169.252', port: 988 },
];

/** The name by which clients of Google ask for it. */
const METADATA_NAME = 'metadata.google.internal';

/** The identity of a pod on GKE, which clients of Google find by themselves: it is no file and no variable. */
export const googlePodIdentity = ({ workloadIdentity: { serviceAccount } }: GoogleIdentity): PodIdentity => ({
  issuer: 'Google Cloud',
  principal: serviceAccount
    ? { path: ['identity', 'workloadIdentity', 'serviceAccount'], value: serviceAccount, kind: 'service account' }
    : undefined,
  variables: [],
  mounts: [],
  volumes: [],
  accountAnnotations: serviceAccount ? { [SERVICE_ACCOUNT_ANNOTATION]: serviceAccount } : {},
  podLabels: {},
  podAnnotations: () => ({}),
  destinations: METADATA_SERVER,
  unproxied: [METADATA_NAME, ...METADATA_SERVER.map(({ host }) => host)],
});
