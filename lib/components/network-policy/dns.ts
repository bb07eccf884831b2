import type { NetworkPolicyEgressRule, NetworkPolicyPeer } from '../../kubernetes/objects';
import { withoutMetadata } from '../shared/contributions/metadata-services';
import { namespacePeer, tcp, udp } from '../shared/contributions/traffic';
import type { NetworkPolicySection } from './resolve';

/** What a rule of the section names: pods of a namespace, or a block. Neither is an issue of its own, and opens nothing. */
export const peersOf = ({ namespace, cidr }: { namespace?: string; cidr?: string }): NetworkPolicyPeer[] => {
  if (namespace) return [namespacePeer(namespace)];
  return cidr ? [withoutMetadata(cidr)] : [];
};

/** The ways to the DNS of the cluster: one rule for each port. */
export function dnsEgress({ dns }: Pick<NetworkPolicySection, 'dns'>): NetworkPolicyEgressRule[] {
  const ports = [...new Set(dns.map(({ port }) => port))];
  return ports.map((port) => ({
    to: dns.filter((server) => server.port === port).flatMap(peersOf),
    ports: [tcp(port), udp(port)],
  }));
}
