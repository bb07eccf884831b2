import type { Construct } from 'constructs';
import {
  notEmptyList,
  type ObjectOwner,
  objectMetadata,
  type Role,
  selectorLabels,
} from '../../../kubernetes/metadata';
import {
  IntOrString,
  KubeNetworkPolicy,
  type NetworkPolicyEgressRule,
  type NetworkPolicyIngressRule,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type NetworkPolicySpec,
} from '../../../kubernetes/objects';
import type { Destination } from './destination';
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
  /** The hosts that it is, as settings name them or programs know them. @default pods, or blocks of addresses */
  readonly destinations?: readonly Destination[];
  /** The role of the pods behind it if these are ours: they admit every role that uses the target. */
  readonly role?: Role;
}

/**
 * The ways to targets, each once: two settings may name the same.
 *
 * @throws Error if no component contributes one of them.
 */
export function egressOf(names: readonly string[], targets: readonly Target[]): NetworkPolicyEgressRule[] {
  const rules = names.flatMap((name) => {
    const target = targets.find((each) => each.name === name);
    if (!target) throw new Error(`no component contributes the target ${name}`);
    return target.egress;
  });
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** The policy of a role's pods: what it does not allow is refused, in both directions. */
export function podPolicy(
  scope: Construct,
  owner: ObjectOwner,
  role: Role,
  name: string,
  { ingress = [], egress = [] }: Pick<NetworkPolicySpec, 'ingress' | 'egress'>,
): KubeNetworkPolicy {
  const rules = {
    ingress: notEmptyList(ingress.filter(({ from }) => isNotNone(from))),
    egress: notEmptyList(egress.filter(({ to }) => isNotNone(to))),
  };
  return new KubeNetworkPolicy(scope, `${name}-NetworkPolicy`, {
    metadata: objectMetadata(owner, role, name),
    spec: { podSelector: podSelector(owner, role), policyTypes: ['Ingress', 'Egress'], ...rules },
  });
}

/** An empty list is everything to the API server, but here it is a target that nothing is behind. */
const isNotNone = (peers: readonly NetworkPolicyPeer[] | undefined): boolean => peers === undefined || peers.length > 0;

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

/** The label that the API server gives to each namespace. */
export const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** All pods of a namespace. */
export const namespacePeer = (name: string): NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: name } },
});

const ALL_ADDRESSES = ['0.0.0.0/0', '::/0'];

/** Every address, as a client. */
export const ANYONE: readonly NetworkPolicyPeer[] = ALL_ADDRESSES.map((cidr) => ({ ipBlock: { cidr } }));

/** Every address that pods may connect to: all but those of metadata services. */
export const ANYWHERE: readonly NetworkPolicyPeer[] = ALL_ADDRESSES.map(withoutMetadata);

/** A TCP port of a policy. */
export const tcp = (port: number): NetworkPolicyPort => ({ port: IntOrString.fromNumber(port), protocol: 'TCP' });

/** Every TCP port. */
export const ANY_TCP: NetworkPolicyPort = { protocol: 'TCP' };

/** A UDP port of a policy. */
export const udp = (port: number): NetworkPolicyPort => ({ port: IntOrString.fromNumber(port), protocol: 'UDP' });

/**
 * Ports of API servers, as a policy sees them: behind the Service, not at it. Only ports identify one, because no
 * policy can name what is neither a pod nor at a known address. 6443 kubeadm, kind and k3s, 8443 minikube, 16443
 * MicroK8s, 443 most managed clusters.
 */
const API_SERVER_PORTS = [443, 6443, 8443, 16443];

/** Allows egress only to the API server. */
export const apiServerEgress = (): NetworkPolicyEgressRule[] => [{ ports: API_SERVER_PORTS.map(tcp) }];
