import { type Check, type Issue, violatedChecks } from '../../input/issue';
import { addressesOf, comparableHost, isOutsideName, type NamingSections } from '../shared/contributions/destinations';
import { isWithinMetadata } from '../shared/contributions/metadata-services';
import type { PodTraffic, Target } from '../shared/contributions/traffic';
import { isEverywhere } from '../shared/risks/addresses';
import type { NetworkPolicySection } from './resolve';

/** The sections that the addresses of hosts are checked with. */
export interface AddressSections extends NamingSections {
  readonly networkPolicy: NetworkPolicySection;
}

/** What the pods of all components connect to. */
export interface Connections {
  readonly traffic: readonly PodTraffic[];
  readonly targets: readonly Target[];
}

const PATH = ['networkPolicy', 'addresses'];

/** The name of the target that `networkPolicy.egress` is. */
export const FURTHER = 'further';

/** Hosts that are in the list twice, and blocks that would open the way to the credentials of a node. */
export function addressChecks({ addresses }: Pick<NetworkPolicySection, 'addresses'>): Check[] {
  const names = Object.keys(addresses).map(comparableHost);
  return Object.entries(addresses).flatMap(([host, blocks], index) => [
    {
      path: [...PATH, host],
      violated: names.indexOf(comparableHost(host)) < index,
      message: 'is the same host as another one here (keep one)',
    },
    ...blocks.map((block, at) => ({
      path: [...PATH, host, at],
      violated: isWithinMetadata(block),
      message: `is ${block}, where clouds have metadata services (use the addresses of the host)`,
    })),
  ]);
}

/** Hosts that no pod connects to: a typing error would leave the real one open to every address. */
export function addressIssues(sections: AddressSections, connections: Connections): Issue[] {
  const known = outsideHosts(sections, connections);
  const names = new Set(known.map(comparableHost));
  return violatedChecks(
    Object.keys(sections.networkPolicy.addresses).map((host) => ({
      path: [...PATH, host],
      // Any section may name a host.
      dependsOn: [[]],
      violated: !names.has(comparableHost(host)),
      message: `is a host outside the cluster that no pod connects to (${known.length > 0 ? `use ${known.join(' or ')}` : 'remove it'})`,
    })),
  );
}

/** Addresses that narrow nothing, and further destinations that open nothing more. */
export function addressWarnings(sections: AddressSections, connections: Connections): Issue[] {
  const { networkPolicy } = sections;
  if (!networkPolicy.enabled) return [];
  const opened = openPorts(sections, connections);
  return [
    ...Object.keys(networkPolicy.addresses).flatMap((host) => sharedPorts(host, opened, sections, connections)),
    ...uselessEgress(networkPolicy, opened, connections),
  ];
}

/** A port that pods of a role may connect to at any address, and the setting or host that it is open for. */
interface OpenPort {
  readonly role: string;
  readonly port: number;
  readonly by: string;
}

function openPorts(sections: AddressSections, connections: Connections): OpenPort[] {
  const { addresses } = sections.networkPolicy;
  return usedDestinations(connections)
    .filter(({ host }) => isOutsideName(host, sections) && !addressesOf(host, addresses))
    .map(({ role, host, port }) => ({ role, port, by: host }));
}

/** The ports of a host that its addresses do not narrow, because another host has the same. */
function sharedPorts(
  host: string,
  opened: readonly OpenPort[],
  { networkPolicy }: AddressSections,
  connections: Connections,
): Issue[] {
  const own = usedDestinations(connections).filter((each) => comparableHost(each.host) === comparableHost(host));
  const everywhere = networkPolicy.egress.flatMap(({ cidr, ports }, index) =>
    cidr && isEverywhere(cidr) ? [{ ports, by: `networkPolicy.egress[${index}]` }] : [],
  );
  const ports = [...new Set(own.map(({ port }) => port))];
  return ports.flatMap((port) => {
    const roles = own.filter((each) => each.port === port).map(({ role }) => role);
    const others = opened.filter((each) => each.port === port && roles.includes(each.role));
    const rules = everywhere.filter(({ ports: narrowed }) => narrowed.length === 0 || narrowed.includes(port));
    const by = [...new Set([...others, ...rules].map((each) => each.by))];
    if (by.length === 0) return [];
    const pods = others.length > 0 ? ` of ${unique(others.map(({ role }) => role)).join(', ')}` : '';
    const message = `does not narrow port ${port}${pods}, which is open to any address for ${by.join(' and ')} (narrow ${by.length > 1 ? 'these' : 'that'} too)`;
    return [{ path: [...PATH, host], message }];
  });
}

/** Further destinations to which the ports of the server are open anyway. Other pods that may use them may need them. */
function uselessEgress(
  { egress }: NetworkPolicySection,
  opened: readonly OpenPort[],
  { traffic }: Connections,
): Issue[] {
  const users = unique(traffic.filter(({ uses = [] }) => uses.includes(FURTHER)).map(({ role }) => role));
  return egress.flatMap(({ cidr, ports }, index) => {
    if (cidr === undefined || ports.length === 0 || isWithinMetadata(cidr)) return [];
    const openFor = (role: string) =>
      ports.map((port) => opened.filter((each) => each.role === role && each.port === port).map(({ by }) => by));
    const isNeededBy = (role: string) => openFor(role).some((by) => by.length === 0);
    if (isNeededBy('server')) return [];
    const others = users.filter(isNeededBy);
    const unless = others.length > 0 ? ` if ${others.join(', ')} ${others.length > 1 ? 'do' : 'does'} not need it` : '';
    const message = `adds nothing for the server, which may connect to any address on ${ports.length > 1 ? 'ports' : 'port'} ${ports.join(', ')} for ${unique(openFor('server').flat()).join(' and ')} (set networkPolicy.addresses for that, or remove it${unless})`;
    return [{ path: ['networkPolicy', 'egress', index], message }];
  });
}

/** The hosts that pods of a role connect to. */
const usedDestinations = ({ traffic, targets }: Connections) =>
  traffic.flatMap(({ role, uses = [] }) =>
    targets
      .filter(({ name }) => uses.includes(name))
      .flatMap(({ destinations = [] }) => destinations.map((destination) => ({ role, ...destination }))),
  );

/** The hosts outside the cluster that pods connect to, each once. */
const outsideHosts = (sections: AddressSections, connections: Connections): string[] =>
  unique(
    usedDestinations(connections)
      .map(({ host }) => comparableHost(host))
      .filter((host) => isOutsideName(host, sections)),
  ).sort();

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
