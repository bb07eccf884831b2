import type { ObjectData } from './schema';

/** Kinds of Kubernetes and of common add-ons whose objects are in no namespace. */
const CLUSTER_KINDS = new Set([
  'APIService',
  'CSIDriver',
  'CSINode',
  'CiliumClusterwideNetworkPolicy',
  'CertificateSigningRequest',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'GatewayClass',
  'GlobalNetworkPolicy',
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
  'SecurityContextConstraints',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttachment',
  'VolumeSnapshotClass',
]);

/** Kinds that are in a namespace although their names begin with `Cluster`. */
const NAMESPACED_KINDS = new Set(['ClusterClass', 'ClusterServiceVersion', 'ClusterResourceSet']);

/**
 * Whether objects of a kind are in no namespace. Of custom resources only the name can tell: by convention that of a
 * cluster-scoped one begins with `Cluster`, as in `ClusterIssuer`.
 */
export const isClusterScoped = ({ apiVersion, kind }: ObjectData): boolean =>
  CLUSTER_KINDS.has(kind) || (/^Cluster[A-Z]/.test(kind) && apiVersion.includes('.') && !NAMESPACED_KINDS.has(kind));

/** Groups of Kubernetes whose names have a dot, and whose kinds users write. */
const BUILT_IN_GROUPS = new Set(['networking.k8s.io', 'rbac.authorization.k8s.io']);

/** Whether a group is one of Kubernetes itself, and not of an add-on. */
export const isBuiltIn = (apiVersion: string): boolean => {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return !group.includes('.') || BUILT_IN_GROUPS.has(group);
};
