import type { NetworkPolicyPeer } from '../../kubernetes/objects';
import type { Manifest } from '../manifest';
import type { GraphEdge, GraphNode } from './graph';
import { hostsBehind, hostsNamedBy, type Naming } from './names';
import { describePeers, othersOf } from './peers';
import type { Allowed, PolicyRule } from './policies';
import { ANY_PORT, covers, merged, onePort, type PortRange, portsOf } from './ports';
import type { Workload } from './workloads';

/** A workload with what its policies allow. */
export interface Restricted {
  readonly workload: Workload;
  readonly allowed: Allowed;
}

/** The direction of connections, as the pods see it. */
export type Direction = keyof Allowed;

/** The ports that DNS alone has. */
const DNS: readonly PortRange[] = [onePort(53, 'TCP'), onePort(53, 'UDP')];

/** What is at the other ends of connections and is no pod of the output, with the connections. */
export class Others {
  private readonly known = new Map<string, GraphNode>();
  private readonly drawn = new Map<string, GraphEdge>();

  constructor(
    private readonly workloads: readonly Workload[],
    private readonly objects: readonly Manifest[],
    private readonly naming: Naming,
  ) {}

  get nodes(): GraphNode[] {
    return [...this.known.values()];
  }

  get edges(): GraphEdge[] {
    return [...this.drawn.values()];
  }

  /** Adds the connections of a workload in one direction. */
  add({ workload, allowed }: Restricted, direction: Direction): void {
    const rules = allowed[direction];
    if (rules === undefined) this.connect(workload, direction, anything(direction, ANY_PORT), ANY_PORT);
    // Pods know the numbers of their own ports alone.
    const listening = direction === 'ingress' ? workload.pod.containers : undefined;
    for (const rule of rules ?? []) {
      const ports = portsOf(rule.ports, listening);
      if (ports.length === 0) continue;
      if (rule.peers === undefined) this.connect(workload, direction, anything(direction, ports), ports);
      else this.addPeers(workload, direction, rule, ports);
    }
  }

  private addPeers(workload: Workload, direction: Direction, rule: PolicyRule, ports: readonly PortRange[]): void {
    const pods = this.workloads.flatMap(({ members }) => members);
    const peers = othersOf(rule, pods, this.objects);
    if (peers.length === 0) return;
    const texts = describePeers(peers, rule.namespace);
    const node =
      direction === 'ingress' ? clients(texts) : destination(texts, ports, this.hostsOf(workload, peers, ports, rule));
    this.connect(workload, direction, node, ports);
  }

  private hostsOf(
    { members }: Workload,
    peers: readonly NetworkPolicyPeer[],
    ports: readonly PortRange[],
    { namespace }: PolicyRule,
  ): string[] {
    const named = members.flatMap((pod) => hostsNamedBy(pod, this.objects, this.naming.clusterDomain));
    return hostsBehind(named, peers, ports, { namespace, ...this.naming });
  }

  private connect({ id }: Workload, direction: Direction, node: GraphNode, added: readonly PortRange[]): void {
    this.known.set(node.id, node);
    const [from, to] = direction === 'ingress' ? [node.id, id] : [id, node.id];
    const ports = merged([...(this.drawn.get(`${from} ${to}`)?.ports ?? []), ...added]);
    const isOpen = node.kind === 'anything' && covers(ports, ANY_PORT);
    this.drawn.set(`${from} ${to}`, { from, to, kind: 'connects', ports, ...(isOpen ? { isOpen } : {}) });
  }
}

const CAPTIONS: Readonly<Record<Direction, string>> = { ingress: 'Allowed to connect', egress: 'Destination' };

/** What no policy, or a rule without peers, allows. Like other destinations it is told apart by its ports. */
const anything = (direction: Direction, ports: readonly PortRange[]): GraphNode => ({
  id: `anything ${direction}${direction === 'egress' ? ` ${JSON.stringify(ports)}` : ''}`,
  kind: 'anything',
  caption: CAPTIONS[direction],
  title: 'anything',
  ...(direction === 'egress' ? { ports } : {}),
  lines: ['in the cluster and outside'],
});

const clients = (peers: readonly string[]): GraphNode => ({
  id: `clients ${JSON.stringify(peers)}`,
  kind: 'clients',
  caption: CAPTIONS.ingress,
  ...titled(peers, peers.length > 1 ? 'Clients' : undefined),
});

/** A destination. Those with other ports, or other hosts in the settings of the pods, are other systems. */
const destination = (peers: readonly string[], ports: readonly PortRange[], hosts: readonly string[]): GraphNode =>
  withHosts(
    {
      id: `destination ${JSON.stringify([peers, ports, ...(hosts.length > 0 ? [hosts] : [])])}`,
      kind: 'destination',
      caption: CAPTIONS.egress,
      ports,
      ...titled(peers, covers(DNS, ports) ? 'DNS' : undefined),
    },
    hosts,
  );

/** Peers below a title, which is the first of them unless there is a better one. */
const titled = (peers: readonly string[], title?: string) => ({
  title: title ?? peers[0] ?? '',
  lines: title === undefined ? peers.slice(1) : peers,
});

/** Hosts that settings name come first; what the policy allows follows, because it may be more. */
function withHosts(node: GraphNode, hosts: readonly string[]): GraphNode {
  const peers = [node.title, ...node.lines];
  const [title] = hosts;
  if (title === undefined || hosts.every((host) => peers.includes(host))) return node;
  return { ...node, title, lines: [...hosts.slice(1), ...peers.map((peer) => `allowed: ${peer}`)] };
}
