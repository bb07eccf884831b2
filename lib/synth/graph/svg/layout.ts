import type { Graph, GraphEdge, GraphNode } from '../graph';
import { type Box, boxOf, FONTS, PADDING } from './boxes';
import { overlap, type Point, type Rectangle } from './geometry';
import { columnsOf, linesOf, type Run } from './lines';
import { type Arrangement, type Label, type Placement, place } from './place';
import { widthOf } from './text';

/** A graph with the place of everything in it. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly (Box & Rectangle)[];
  /** None if their boxes cannot be kept together; then each says its namespace. */
  readonly namespaces: readonly Namespace[];
  readonly edges: readonly { readonly edge: GraphEdge; readonly runs: readonly Run[]; readonly label?: Label }[];
}

type Namespace = Rectangle & { readonly name: string };

/** Between the border of a namespace and what is in it; at its top also the name. */
const INSIDE = { x: 14, top: 32, bottom: 14 } as const;

/** Around everything. */
const MARGIN = 20;

/** From the best to one that is always possible. */
const ARRANGEMENTS: readonly Arrangement[] = [
  { namespaces: true, outside: ['left', 'right'] },
  { namespaces: true, outside: ['left'] },
  { namespaces: true, outside: [] },
];

/** Places a graph in layers from left to right. The same graph has the same layout. */
export function layoutOf(graph: Graph): Layout {
  for (const arrangement of ARRANGEMENTS) {
    const placement = attempt(graph, arrangement);
    const namespaces = placement ? namespacesOf(placement) : [];
    if (placement && isClear(placement, namespaces)) return layoutOfPlacement(placement, namespaces);
  }
  const nodes = graph.nodes.map((node) => ({ ...node, lines: [...node.lines, ...namespaceLine(node)] }));
  return layoutOfPlacement(place(graph, nodes.map(boxOf), { namespaces: false, outside: [] }), []);
}

const namespaceLine = ({ namespace }: GraphNode): string[] =>
  namespace === undefined ? [] : [`namespace ${namespace}`];

function attempt(graph: Graph, arrangement: Arrangement): Placement | undefined {
  try {
    return place(graph, graph.nodes.map(boxOf), arrangement);
  } catch {
    return undefined;
  }
}

/** Whether nothing is in a namespace that it is not of, and no label is over a box. */
function isClear({ boxes, edges }: Placement, namespaces: readonly Namespace[]): boolean {
  const labels = edges.flatMap(({ label }) => label ?? []);
  return (
    namespaces.every(
      (namespace, index) =>
        boxes.every((box) => box.node.namespace === namespace.name || !overlap(box, namespace)) &&
        namespaces.slice(index + 1).every((other) => !overlap(namespace, other)),
    ) && labels.every((label) => !boxes.some((box) => overlap(label, box)))
  );
}

function namespacesOf({ boxes }: Placement): Namespace[] {
  const names = [...new Set(boxes.flatMap(({ node }) => node.namespace ?? []))].sort();
  return names.map((name) => {
    const inside = boxes.filter(({ node }) => node.namespace === name);
    return { name, ...around(inside, widthOf(`namespace ${name}`, FONTS.namespace)) };
  });
}

/** The rectangle around the boxes of a namespace, wide enough for its name. */
function around(boxes: readonly Rectangle[], name: number): Rectangle {
  const x = Math.min(...boxes.map((box) => box.x)) - INSIDE.x;
  const y = Math.min(...boxes.map((box) => box.y)) - INSIDE.top;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + INSIDE.x;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + INSIDE.bottom;
  return { x, y, width: Math.max(right - x, name + 2 * PADDING), height: bottom - y };
}

function layoutOfPlacement({ boxes, edges }: Placement, namespaces: readonly Namespace[]): Layout {
  const columns = columnsOf([...boxes, ...edges.flatMap(({ label }) => label ?? [])]);
  const lines = linesOf(edges, new Map(boxes.map((box) => [box.node.id, box])), columns);
  const drawn = edges.map(({ edge, label }, index) => ({
    edge,
    runs: lines[index] ?? [],
    ...(label ? { label } : {}),
  }));
  return bounded({ boxes, namespaces, edges: drawn });
}

/** The least and the most of some numbers; of none, nothing. */
const boundsOf = (numbers: readonly number[]): readonly [least: number, most: number] =>
  numbers.length > 0 ? [Math.min(...numbers), Math.max(...numbers)] : [0, 0];

/** Moves everything so that it begins at the margin. */
function bounded({ boxes, namespaces, edges }: Omit<Layout, 'width' | 'height'>): Layout {
  const rectangles = [...boxes, ...namespaces, ...edges.flatMap(({ label }) => label ?? [])];
  const runs = edges.flatMap((edge) => edge.runs);
  const xs = [...rectangles.flatMap(({ x, width }) => [x, x + width]), ...runs.flatMap(({ from, to }) => [from, to])];
  const ys = [...rectangles.flatMap(({ y, height }) => [y, y + height]), ...runs.map(({ y }) => y)];
  const [left, right] = boundsOf(xs);
  const [top, bottom] = boundsOf(ys);
  const move = <T extends Point>(each: T): T => ({ ...each, x: each.x - left + MARGIN, y: each.y - top + MARGIN });
  return {
    width: right - left + 2 * MARGIN,
    height: bottom - top + 2 * MARGIN,
    boxes: boxes.map(move),
    namespaces: namespaces.map(move),
    edges: edges.map(({ edge, runs: given, label }) => ({
      edge,
      runs: given.map(({ from, to, y }) => ({
        from: from - left + MARGIN,
        to: to - left + MARGIN,
        y: y - top + MARGIN,
      })),
      ...(label ? { label: move(label) } : {}),
    })),
  };
}
