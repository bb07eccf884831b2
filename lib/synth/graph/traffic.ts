import type { Manifest } from '../manifest';
import type { GraphEdge, GraphNode } from './graph';
import type { Naming } from './names';
import { type Direction, Others, type Restricted } from './others';
import { allowedFor, isPeer, type PolicyRule } from './policies';
import { ANY_PORT, covers, intersection, merged, type PortRange, portsOf } from './ports';
import type { Workload } from './workloads';

/** Connections that policies allow, with what is at their other ends. */
export interface Traffic {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * The connections that the policies of an output allow: between its pods, if both ends allow them, and with others. What
 * both may connect to anything, and is admitted from anything, is not drawn once more.
 */
export function trafficOf(workloads: readonly Workload[], objects: readonly Manifest[], naming: Naming): Traffic {
  const restricted = workloads.map((workload) => ({ workload, allowed: allowedFor(workload.pod, objects) }));
  const between = restricted.flatMap((from) =>
    restricted.flatMap((to): GraphEdge[] => {
      if (from === to) return [];
      const ports = portsBetween(from, to, objects);
      const known = intersection(portsWithAnything(from, 'egress', to), portsWithAnything(to, 'ingress', to));
      if (ports.length === 0 || covers(known, ports)) return [];
      return [{ from: from.workload.id, to: to.workload.id, kind: 'connects', ports }];
    }),
  );
  const others = new Others(workloads, objects, naming);
  for (const each of restricted) {
    others.add(each, 'ingress');
    others.add(each, 'egress');
  }
  return { nodes: others.nodes, edges: [...between, ...others.edges] };
}

/** The ports on which pods of one workload may connect to those of another: what both ends allow. */
function portsBetween(from: Restricted, to: Restricted, objects: readonly Manifest[]): PortRange[] {
  const listening = to.workload.pod.containers;
  const portsIn = (rules: readonly PolicyRule[] | undefined, peer: Workload): readonly PortRange[] =>
    rules === undefined
      ? ANY_PORT
      : rules
          .filter(({ peers, namespace }) => peers?.some((each) => isPeer(each, namespace, peer.pod, objects)) ?? true)
          .flatMap(({ ports }) => portsOf(ports, listening));
  return intersection(
    merged(portsIn(from.allowed.egress, to.workload)),
    merged(portsIn(to.allowed.ingress, from.workload)),
  );
}

/** The ports on which a workload may be connected with anything. */
function portsWithAnything({ allowed }: Restricted, direction: Direction, listener: Restricted): readonly PortRange[] {
  const rules = allowed[direction];
  if (rules === undefined) return ANY_PORT;
  const { containers } = listener.workload.pod;
  return merged(rules.flatMap(({ peers, ports }) => (peers ? [] : portsOf(ports, containers))));
}
