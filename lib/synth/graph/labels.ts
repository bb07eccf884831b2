import type { Graph, GraphEdge, GraphNode } from './graph';
import { describePorts } from './ports';

/** What a node is, with the ports that it is reached at. */
export const captionOf = ({ caption, ports = [] }: GraphNode): string =>
  ports.length > 0 ? `${caption}, ${describePorts(ports)}` : caption;

/** The ports of an edge, unless a node at one of its ends says the same. */
export function edgeLabels({ nodes }: Graph): (edge: GraphEdge) => string {
  const saidBy = new Map(nodes.map(({ id, ports = [] }) => [id, describePorts(ports)]));
  return ({ from, to, ports }) => {
    const label = describePorts(ports);
    return [saidBy.get(from), saidBy.get(to)].includes(label) ? '' : label;
  };
}
