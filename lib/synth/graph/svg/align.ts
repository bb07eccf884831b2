import type { Box } from './boxes';
import type { Rectangle } from './geometry';
import type { Passing } from './lines';

/** Between boxes of a column. */
const GAP = 24;

type Placed = Box & Rectangle;

/**
 * Moves the boxes of the first and the last column up or down to where their lines go on, if none of them is in a
 * namespace: nothing else is in these columns, and a namespace above or below keeps them far away without a need.
 */
export function alignOuterColumns(boxes: readonly Placed[], edges: readonly Passing[]): readonly Placed[] {
  const lefts = boxes.map(({ x, width }) => x + width / 2);
  const isIn = (middle: number) => (box: Placed) => Math.abs(box.x + box.width / 2 - middle) < 1;
  const columns = [Math.min(...lefts), Math.max(...lefts)].map((middle) => boxes.filter(isIn(middle)));
  const moved = new Map(
    columns
      .filter((column) => column.every(({ node }) => node.namespace === undefined))
      .flatMap((column) => stacked(column, edges))
      .map((box) => [box.node.id, box]),
  );
  return boxes.map((box) => moved.get(box.node.id) ?? box);
}

/** The boxes of a column, one below the other, each as near to the middle of its lines as the others let it. */
function stacked(column: readonly Placed[], edges: readonly Passing[]): Placed[] {
  const wanted = column
    .map((box) => ({ box, middle: middleOfLines(box, edges) }))
    .toSorted((a, b) => a.middle - b.middle || (a.box.node.id < b.box.node.id ? -1 : 1));
  const height = wanted.reduce((sum, { box }) => sum + box.height + GAP, -GAP);
  const middle = wanted.reduce((sum, each) => sum + each.middle, 0) / wanted.length;
  let top = Math.min(middle - height / 2, ...wanted.slice(0, 1).map((each) => each.middle - each.box.height / 2));
  return wanted.map(({ box, middle: own }) => {
    const y = Math.max(top, own - box.height / 2);
    top = y + box.height + GAP;
    return { ...box, y };
  });
}

function middleOfLines({ node, y, height }: Placed, edges: readonly Passing[]): number {
  const heights = edges.flatMap(({ edge, points }) => {
    const next = edge.from === node.id ? points[0] : edge.to === node.id ? points.at(-1) : undefined;
    return next ? [next.y] : [];
  });
  return heights.length > 0 ? heights.reduce((sum, each) => sum + each, 0) / heights.length : y + height / 2;
}
