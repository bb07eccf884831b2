import type { ObjectData } from './schema';

/** Kinds of Kubernetes and of common add-ons whose objects are in no namespace. */
const CLUSTER_KINDS = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'GatewayClass',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeSnapshotClass',
]);

/**
 * Whether objects of a kind are in no namespace. Of custom resources only the name can tell: by convention that of a
 * cluster-scoped one begins with `Cluster`, as in `ClusterIssuer`.
 */
export const isClusterScoped = ({ apiVersion, kind }: ObjectData): boolean =>
  CLUSTER_KINDS.has(kind) || (/^Cluster[A-Z]/.test(kind) && apiVersion.includes('.'));
