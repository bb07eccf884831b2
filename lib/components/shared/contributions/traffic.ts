import { isIP } from 'node:net';
import type { Construct } from 'constructs';
import { type ObjectOwner, objectMetadata, type Role, selectorLabels } from '../../../kubernetes/metadata';
import {
  IntOrString,
  KubeNetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyIngressRule,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type NetworkPolicySpec,
} from '../../../kubernetes/objects';
import { withoutMetadata } from './metadata-services';

/** What the pods of one role may connect to, and who may connect to them. Several components may add to one role. */
export interface PodTraffic {
  readonly role: Role;
  /** Name of the policy. */
  readonly policy: string;
  /** Targets by name, in the order of the rules. @default none */
  readonly uses?: readonly string[];
  /** Further connections to these pods. @default none */
  readonly ingress?: readonly NetworkPolicyIngressRule[];
}

/** Something that pods connect to: how their policies reach it. */
export interface Target {
  readonly name: string;
  readonly egress: readonly NetworkPolicyEgressRule[];
  /** The role of the pods behind it if these are ours: they admit every role that uses the target. */
  readonly role?: Role;
}

/** The policy of a role's pods: what it does not allow is refused, in both directions. */
export function podPolicy(
  scope: Construct,
  owner: ObjectOwner,
  role: Role,
  name: string,
  rules: Pick<NetworkPolicySpec, 'ingress' | 'egress'>,
): KubeNetworkPolicy {
  return new KubeNetworkPolicy(scope, `${name}-NetworkPolicy`, {
    metadata: objectMetadata(owner, role, name),
    spec: { podSelector: podSelector(owner, role), policyTypes: ['Ingress', 'Egress'], ...rules },
  });
}

function podSelector(owner: ObjectOwner, role: Role) {
  const { 'app.kubernetes.io/instance': name, ...others } = selectorLabels(owner, role);
  return {
    // One label here and the rest as expressions: a common scanner takes no policy with more for the pod's own.
    matchLabels: { 'app.kubernetes.io/instance': name ?? owner.name },
    matchExpressions: Object.entries(others).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
  };
}

/** The pods of a role. */
export const podPeer = (owner: Pick<ObjectOwner, 'name'>, role: Role): NetworkPolicyPeer => ({
  podSelector: { matchLabels: selectorLabels(owner, role) },
});

/** All pods of a namespace. */
export const namespacePeer = (name: string): NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

const ALL_ADDRESSES = ['0.0.0.0/0', '::/0'];

/** Every address, as a client. */
export const ANYONE: readonly NetworkPolicyPeer[] = ALL_ADDRESSES.map((cidr) => ({ ipBlock: { cidr } }));

/** Every address that pods may connect to: all but those of metadata services. */
const ANYWHERE: readonly NetworkPolicyPeer[] = ALL_ADDRESSES.map(withoutMetadata);

/** A TCP port of a policy. */
export const tcp = (port: number): NetworkPolicyPort => ({ port: IntOrString.fromNumber(port), protocol: 'TCP' });

/** A UDP port of a policy. */
export const udp = (port: number): NetworkPolicyPort => ({ port: IntOrString.fromNumber(port), protocol: 'UDP' });

/**
 * What is behind a host name, as far as a policy can express it: an address is itself, the name of a Service is its
 * namespace's pods, any other name may be anywhere. `minio.minio` may be a Service or a machine of a home network, so
 * it is both; the longer `minio.minio.svc` narrows it down.
 *
 * @param namespace the namespace in which a name of one word is looked up
 */
export function peersOf(host: string, namespace: string): NetworkPolicyPeer[] {
  const version = isIP(host);
  if (version) return [{ ipBlock: { cidr: `${host}/${version === 4 ? 32 : 128}` } }];
  const [name, named, ...rest] = host.replace(/\.$/, '').split('.');
  const isService = named && /^(svc|svc\.cluster\.local)$/.test(rest.join('.'));
  if (name && !named) return [namespacePeer(namespace)];
  if (isService) return [namespacePeer(named)];
  return named && rest.length === 0 ? [namespacePeer(named), ...ANYWHERE] : [...ANYWHERE];
}

/**
 * The way to an S3 store.
 *
 * @param endpoint URL of the store; AWS if undefined
 */
export function storeEgress(endpoint: string | undefined, namespace: string): NetworkPolicyEgressRule {
  const store = new URL(endpoint ?? 'https://s3.amazonaws.com');
  return {
    to: peersOf(store.hostname.replace(/^\[|\]$/g, ''), namespace),
    ports: [tcp(Number(store.port) || (store.protocol === 'https:' ? 443 : 80))],
  };
}

/**
 * Ports of API servers, as a policy sees them: behind the Service, not at it. Only ports identify one, because no
 * policy can name what is neither a pod nor at a known address. 6443 kubeadm, kind and k3s, 8443 minikube, 16443
 * MicroK8s, 443 most managed clusters.
 */
const API_SERVER_PORTS = [443, 6443, 8443, 16443];

/** Allows egress only to the API server. */
export const apiServerEgress = (): NetworkPolicyEgressRule[] => [{ ports: API_SERVER_PORTS.map(tcp) }];
