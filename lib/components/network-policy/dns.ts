import type { NetworkPolicyEgressRule } from '../../kubernetes/objects';
import { withoutMetadata } from '../shared/contributions/metadata-services';
import { namespacePeer, tcp, udp } from '../shared/contributions/traffic';
import type { NetworkPolicySection } from './resolve';

/** The ways to the DNS of the cluster: one rule for each port. */
export function dnsEgress({ dns }: Pick<NetworkPolicySection, 'dns'>): NetworkPolicyEgressRule[] {
  const ports = [...new Set(dns.map(({ port }) => port))];
  return ports.map((port) => ({
    to: dns
      .filter((server) => server.port === port)
      .map(({ namespace, cidr = '' }) => (namespace ? namespacePeer(namespace) : withoutMetadata(cidr))),
    ports: [tcp(port), udp(port)],
  }));
}
