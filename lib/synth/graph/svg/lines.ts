import type { GraphEdge } from '../graph';
import type { Point, Rectangle } from './geometry';

/** A horizontal part of a line. Curves join the parts, and are between columns, where no box is. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

/** An edge with the points that it passes, one in each column between its ends. */
export interface Passing {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
}

/** The columns of a layout: how far what is in one reaches from its middle, by that. */
export function columnsOf(rectangles: readonly Rectangle[]): ReadonlyMap<number, number> {
  const columns = new Map<number, number>();
  for (const rectangle of rectangles) {
    const x = middleOf(rectangle);
    columns.set(x, Math.max(columns.get(x) ?? 0, rectangle.width / 2));
  }
  return columns;
}

const middleOf = ({ x, width }: Rectangle): number => Math.round((x + width / 2) * 100) / 100;

/** The lines of edges: from side to side of boxes, spread over each side, and around all boxes between. */
export function linesOf(
  edges: readonly Passing[],
  boxes: ReadonlyMap<string, Rectangle>,
  columns: ReadonlyMap<number, number>,
): (readonly Run[])[] {
  const ends = edges.map(({ edge, points }) => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (!from || !to) throw new Error(`edge from ${edge.from} to ${edge.to} ends at no box`);
    const direction = middleOf(from) < middleOf(to) ? 1 : -1;
    const side = (id: string, right: boolean) => `${right ? 'right' : 'left'} ${id}`;
    return {
      ...{ from, to, direction, points },
      out: side(edge.from, direction > 0),
      in: side(edge.to, direction < 0),
    };
  });
  const spread = new Spread(
    ends.flatMap(({ from, to, points, out, in: into }, index) => [
      { side: out, index, box: from, next: (points[0] ?? centre(to)).y },
      { side: into, index, box: to, next: (points.at(-1) ?? centre(from)).y },
    ]),
  );
  return ends.map(({ from, to, direction, points, out, in: into }, index) => {
    const reach = (x: number) => (columns.get(Math.round(x * 100) / 100) ?? 0) * direction;
    const edgeOf = (box: Rectangle, towards: number) => box.x + box.width / 2 + (box.width / 2) * towards;
    return [
      { from: edgeOf(from, direction), to: middleOf(from) + reach(middleOf(from)), y: spread.at(out, index) },
      ...points.map(({ x, y }) => ({ from: x - reach(x), to: x + reach(x), y })),
      { from: middleOf(to) - reach(middleOf(to)), to: edgeOf(to, -direction), y: spread.at(into, index) },
    ];
  });
}

const centre = ({ x, y, width, height }: Rectangle): Point => ({ x: x + width / 2, y: y + height / 2 });

/** An end of a line at a side of a box. */
interface End {
  readonly side: string;
  readonly index: number;
  readonly box: Rectangle;
  /** How high the line goes on. */
  readonly next: number;
}

/** The heights of the ends of lines at the sides of boxes, in the order in which the lines go on. */
class Spread {
  private readonly heights = new Map<string, number>();

  constructor(ends: readonly End[]) {
    for (const side of new Set(ends.map((end) => end.side))) {
      const sorted = ends.filter((end) => end.side === side).toSorted((a, b) => a.next - b.next || a.index - b.index);
      sorted.forEach(({ box, index }, position) => {
        this.heights.set(`${index} ${side}`, box.y + (box.height * (position + 1)) / (sorted.length + 1));
      });
    }
  }

  at(side: string, index: number): number {
    return this.heights.get(`${index} ${side}`) ?? 0;
  }
}
