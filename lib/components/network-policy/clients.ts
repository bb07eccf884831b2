import type { NetworkPolicyIngressRule, NetworkPolicyPeer } from '../../kubernetes/objects';
import { type EdgeSections, edgesOf } from '../exposure/edge';
import { clientPort, type ProxiedSections } from '../service/hosts';
import { isOutside, type ServiceSection } from '../service/resolve';
import { ANYONE, namespacePeer, tcp } from '../shared/contributions/traffic';
import type { NetworkPolicySection } from './resolve';

/** The sections that determine the clients of the server. */
export interface ClientSections extends EdgeSections, ProxiedSections {
  readonly namespace: { readonly name: string };
  readonly networkPolicy: NetworkPolicySection;
  readonly service: ServiceSection;
  readonly clients: readonly { readonly namespace: string }[];
}

/** The clients of the server: pods of the cluster, and addresses outside. */
export function clientIngress({
  namespace,
  networkPolicy,
  service,
  clients,
  auth,
  ...edges
}: ClientSections): NetworkPolicyIngressRule {
  const { namespaces, pods, cidrs } = networkPolicy.clients;
  const admitted = new Set([...namespaces, ...clients.map((client) => client.namespace)]);
  const from = [
    namespacePeer(namespace.name),
    ...[...admitted].filter((name) => name !== namespace.name).map(namespacePeer),
    ...pods.map((pod) => ({
      ...namespacePeer(pod.namespace ?? namespace.name),
      podSelector: { matchLabels: { ...pod.labels } },
    })),
    ...edgesOf(edges).flatMap(({ from }) => from),
    ...outside(cidrs, service),
  ];
  return { from, ports: [tcp(clientPort({ auth }))] };
}

/**
 * Clients outside the cluster: the configured ones, or all that the Service admits. Its source ranges only help if the
 * client's address is preserved: with policy Cluster the pod sees the address of a node, and the load balancer filters.
 */
function outside(cidrs: readonly string[], service: ServiceSection): NetworkPolicyPeer[] {
  if (cidrs.length > 0) return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
  if (!isOutside(service)) return [];
  const keepsAddress = service.externalTrafficPolicy === 'Local';
  const blocks = keepsAddress ? service.sourceRanges : [];
  return blocks.length > 0 ? blocks.map((cidr) => ({ ipBlock: { cidr } })) : [...ANYONE];
}
