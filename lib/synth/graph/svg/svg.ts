import { printable } from '../../../input/printable';
import { type EdgeKind, type Graph, type GraphEdge, type GraphNode, MARKER } from '../graph';
import { captionOf } from '../labels';
import { describePorts } from '../ports';
import { FONTS, PADDING } from './boxes';
import type { Rectangle } from './geometry';
import { type Layout, layoutOf } from './layout';
import type { Run } from './lines';
import { ROOT, STYLE } from './style';
import { widthOf } from './text';

/** What each kind of line means, for the legend and for screen readers. */
const MEANING: Readonly<Record<EdgeKind, string>> = {
  connects: 'may connect',
  leads: 'leads to',
  mounts: 'mounts',
};

/** The height of the heading and of the legend. */
const [HEADING, LEGEND] = [34, 34];

/** Between the border of the picture and its texts. */
const MARGIN = 20;

/** The graph as an SVG that is readable in light and in dark surroundings. It needs nothing from elsewhere. */
export function toSvg(graph: Graph): string {
  const layout = layoutOf(graph);
  const idOf = idsOf(graph.name);
  const heading = `${graph.name}: what is deployed, and what may connect to what`;
  const legend = legendOf(
    layout.edges.some(({ edge }) => edge.isOpen),
    idOf,
  );
  const width = Math.ceil(Math.max(layout.width, legend.width, widthOf(heading, FONTS.heading) + 2 * MARGIN));
  const height = Math.ceil(layout.height + HEADING + LEGEND);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${ROOT}" role="img" aria-labelledby="${idOf('title')} ${idOf('description')}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<!-- ${MARKER} -->`,
    `<title id="${idOf('title')}">${escaped(heading)}</title>`,
    `<desc id="${idOf('description')}">${escaped(describe(graph))}</desc>`,
    `<style>${STYLE}</style>`,
    '<defs>',
    ...['head', 'open-head'].map(
      (name) =>
        `<marker id="${idOf(name)}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="${name}" d="M0 0.5 8 4 0 7.5z"/></marker>`,
    ),
    '</defs>',
    `<rect class="background" width="${width}" height="${height}" rx="8"/>`,
    `<text class="heading" x="${MARGIN}" y="${MARGIN + 12}">${escaped(heading)}</text>`,
    `<g transform="translate(0 ${HEADING})">`,
    ...drawn(layout, idOf),
    '</g>',
    ...legend.lines(height - LEGEND / 2),
    '</svg>',
    '',
  ].join('\n');
}

function drawn({ boxes, namespaces, edges }: Layout, idOf: IdOf): string[] {
  return [
    ...namespaces.flatMap((namespace) => [
      `<rect class="namespace" ${frame(namespace)} rx="8"/>`,
      `<text class="name" x="${round(namespace.x + PADDING)}" y="${round(namespace.y + 19)}">${escaped(`namespace ${namespace.name}`)}</text>`,
    ]),
    ...edges.map(({ edge, runs }) => line(edge, pathOf(runs), idOf)),
    ...edges.flatMap(({ label }) =>
      label
        ? [
            `<rect class="behind" ${frame(label)} rx="3"/>`,
            `<text class="label" text-anchor="middle" x="${round(label.x + label.width / 2)}" y="${round(label.y + 12)}">${escaped(label.text)}</text>`,
          ]
        : [],
    ),
    ...boxes.flatMap((box) => [
      `<g class="${box.node.kind}">`,
      `<rect ${frame(box)} rx="${box.node.kind === 'service' ? 14 : 6}"/>`,
      ...box.lines.map(
        ({ text, style, y }) =>
          `<text class="${style}" x="${round(box.x + PADDING)}" y="${round(box.y + y)}">${escaped(text)}</text>`,
      ),
      '</g>',
    ]),
  ];
}

function line({ kind, isOpen = false }: Pick<GraphEdge, 'kind' | 'isOpen'>, path: string, idOf: IdOf): string {
  const head = kind === 'mounts' ? '' : ` marker-end="url(#${idOf(isOpen ? 'open-head' : 'head')})"`;
  return `<path class="line ${kind}${isOpen ? ' open' : ''}" d="${path}"${head}/>`;
}

/** A line of horizontal parts, joined by curves. */
const pathOf = (runs: readonly Run[]): string =>
  runs
    .map(({ from, to, y }, index) => {
      const before = runs[index - 1];
      if (!before) return `M${at(from, y)}H${round(to)}`;
      const middle = (before.to + from) / 2;
      return `C${at(middle, before.y)} ${at(middle, y)} ${at(from, y)}H${round(to)}`;
    })
    .join('');

/** What the lines mean. */
function legendOf(hasOpen: boolean, idOf: IdOf) {
  const kinds = [
    ...(Object.keys(MEANING) as EdgeKind[]).map((kind) => ({ kind, isOpen: false, text: MEANING[kind] })),
    ...(hasOpen ? [{ kind: 'connects' as const, isOpen: true, text: 'not restricted by a NetworkPolicy' }] : []),
  ];
  let x = MARGIN;
  const placed = kinds.map((each) => {
    const start = x;
    x += 38 + widthOf(each.text, FONTS.label) + 22;
    return { ...each, start };
  });
  return {
    width: x,
    lines: (y: number): string[] =>
      placed.flatMap(({ start, text, ...edge }) => [
        line(edge, `M${start} ${round(y)}H${start + 30}`, idOf),
        `<text class="legend" x="${start + 38}" y="${round(y + 4)}">${escaped(text)}</text>`,
      ]),
  };
}

/** The id of a part of the picture. */
type IdOf = (part: string) => string;

/** Ids with the name of the environment, because a page may contain several pictures. */
const idsOf =
  (name: string): IdOf =>
  (part) =>
    `graph-${name.replace(/[^\w-]/g, '-')}-${part}`;

/** The picture in words. */
function describe({ nodes, edges }: Graph): string {
  const nameOf = (node: GraphNode) => `${captionOf(node)}: ${[node.title, ...node.lines].join('; ')}`;
  const named = new Map(nodes.map((node) => [node.id, `${node.caption} ${node.title}`]));
  return [
    ...nodes.map(nameOf),
    ...edges.map(({ from, to, kind, ports }) => {
      const on = ports.length > 0 ? ` (${describePorts(ports)})` : '';
      return `${named.get(from)} ${MEANING[kind]} ${named.get(to)}${on}`;
    }),
  ]
    .map((sentence) => `${sentence}.`)
    .join(' ');
}

const frame = ({ x, y, width, height }: Rectangle): string =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;

const at = (x: number, y: number): string => `${round(x)} ${round(y)}`;

const round = (value: number): string => String(Math.round(value * 10) / 10);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as XML has it; what has no sign is an escape, because XML has no place for it. */
const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
