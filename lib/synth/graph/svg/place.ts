import { graphlib, layout } from '@dagrejs/dagre';
import type { Graph, GraphEdge, GraphNode } from '../graph';
import { edgeLabels } from '../labels';
import { alignOuterColumns } from './align';
import { type Box, FONTS } from './boxes';
import type { Point, Rectangle } from './geometry';
import type { Passing } from './lines';
import { widthOf } from './text';

/** What a layout keeps together. */
export interface Arrangement {
  /** Whether the boxes of a namespace are in one frame. */
  readonly namespaces: boolean;
  /** On which sides of the frames everything else is. */
  readonly outside: readonly ('left' | 'right')[];
}

/** The label of an edge with its place. */
export type Label = Rectangle & { readonly text: string };

/** The place of every box and label, with the points by which edges pass. */
export interface Placement {
  readonly boxes: readonly (Box & Rectangle)[];
  readonly edges: readonly (Passing & { readonly label?: Label })[];
}

/** Between everything. */
const SPACE = { nodesep: 40, ranksep: 44, edgesep: 14 } as const;

/** Of a label with its margins. */
const LABEL_HEIGHT = 16;

/**
 * Places boxes in columns from left to right.
 *
 * @throws Error for a few graphs with cycles between namespaces, which dagre cannot place together
 */
export function place(graph: Graph, boxes: readonly Box[], { namespaces, outside }: Arrangement): Placement {
  const dagre = new graphlib.Graph({ compound: true, multigraph: true });
  dagre.setGraph({ rankdir: 'LR', ...SPACE });
  for (const { node, width, height } of boxes) dagre.setNode(node.id, { width, height });
  for (const { id, namespace } of namespaces ? graph.nodes : []) {
    if (namespace === undefined) continue;
    dagre.setNode(clusterOf(namespace), {});
    dagre.setParent(id, clusterOf(namespace));
  }
  const labelOf = edgeLabels(graph);
  for (const edge of graph.edges) dagre.setEdge(edge.from, edge.to, sizeOf(labelOf(edge)), edge.kind);
  for (const side of outside) {
    const [first, second] = ORDERS[side](graph);
    if (first.length === 0 || second.length === 0) continue;
    // Between them, because an edge for each pair takes minutes.
    const between = `order ${side}`;
    dagre.setNode(between, { width: 0, height: 0 });
    const half = { ...sizeOf(''), weight: 0 };
    for (const from of first) dagre.setEdge(from, between, { ...half }, 'order');
    for (const to of second) dagre.setEdge(between, to, { ...half }, 'order');
  }
  layout(dagre);
  const edges = graph.edges.map((edge: GraphEdge) => {
    const { points, ...middle } = dagre.edge(edge.from, edge.to, edge.kind);
    const text = labelOf(edge);
    const label = text === '' ? undefined : { text, ...aroundMiddle(middle, sizeOf(text)) };
    // The first and the last are at the boxes.
    return { edge, points: (points as Point[]).slice(1, -1), ...(label ? { label } : {}) };
  });
  const placed = boxes.map((box) => ({ ...box, ...aroundMiddle(dagre.node(box.node.id), box) }));
  return { boxes: alignOuterColumns(placed, edges), edges };
}

/** Not the id of any node. */
const clusterOf = (namespace: string): string => `namespace ${namespace}`;

const sizeOf = (label: string) =>
  label === ''
    ? { width: 0, height: 0, labelpos: 'c' }
    : { width: widthOf(label, FONTS.label) + 8, height: LABEL_HEIGHT, labelpos: 'c' };

function aroundMiddle({ x, y }: Point, { width, height }: { width: number; height: number }): Rectangle {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

type Order = (graph: Graph) => readonly [first: readonly string[], second: readonly string[]];

/** Boxes of which the first are all left of the second: those outside, and those at the border of a namespace. */
const ORDERS: Readonly<Record<Arrangement['outside'][number], Order>> = {
  left: ({ nodes, edges }) => {
    const ends = new Set(edges.map(({ to }) => to));
    return byNamespace(nodes.filter(({ id }) => !ends.has(id)));
  },
  right: ({ nodes, edges }) => {
    const [outside, inside] = byNamespace(nodes);
    const beginnings = new Set(edges.filter(({ to }) => inside.includes(to)).map(({ from }) => from));
    const last = inside.filter((id) => !beginnings.has(id));
    const destinations = outside.filter((id) => !edges.some(({ from }) => from === id));
    return [last, destinations];
  },
};

/** The ids of what is in no namespace, and of what is in one. */
const byNamespace = (nodes: readonly GraphNode[]): readonly [outside: string[], inside: string[]] => [
  nodes.filter(({ namespace }) => namespace === undefined).map(({ id }) => id),
  nodes.filter(({ namespace }) => namespace !== undefined).map(({ id }) => id),
];
