import { printable } from '../../input/printable';
import { type EdgeKind, type Graph, type GraphNode, MARKER, type NodeKind } from './graph';
import { captionOf, edgeLabels } from './labels';

/** The brackets of each kind of node. */
const SHAPES: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  workload: ['[', ']'],
  service: ['([', '])'],
  route: ['[/', '/]'],
  claim: ['[(', ')]'],
  clients: ['(', ')'],
  destination: ['(', ')'],
  anything: ['{{', '}}'],
};

/** The arrow of each kind of edge. */
const ARROWS: Readonly<Record<EdgeKind, string>> = { connects: '-->', leads: '-.->', mounts: '---' };

/** How connections that no policy restricts look. */
const OPEN = 'stroke:#cf222e,stroke-width:2px';

/** The graph as a Mermaid flowchart, as GitHub and GitLab draw it in a block of `mermaid`. */
export function toMermaid(graph: Graph): string {
  const { name, nodes, edges } = graph;
  const labelOf = edgeLabels(graph);
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const namespaces = [...new Set(nodes.flatMap(({ namespace }) => namespace ?? []))].sort();
  const boxes = (namespace: string | undefined, indent: string) =>
    nodes.filter((node) => node.namespace === namespace).map((node) => `${indent}${ids.get(node.id)}${boxOf(node)}`);
  const open = edges.flatMap(({ isOpen }, index) => (isOpen ? [index] : []));
  return [
    `%% ${MARKER}`,
    'flowchart LR',
    `  accTitle: ${text(name)}`,
    '  accDescr: What the environment deploys, and what may connect to what',
    ...boxes(undefined, '  '),
    ...namespaces.flatMap((namespace, index) => [
      `  subgraph s${index + 1}["${text(`namespace ${namespace}`)}"]`,
      ...boxes(namespace, '    '),
      '  end',
    ]),
    ...edges.map((edge) => `  ${ids.get(edge.from)} ${arrow(edge.kind, labelOf(edge))} ${ids.get(edge.to)}`),
    ...(open.length > 0 ? [`  linkStyle ${open.join(',')} ${OPEN}`] : []),
    '',
  ].join('\n');
}

function boxOf(node: GraphNode): string {
  const [open, close] = SHAPES[node.kind];
  return `${open}"${[captionOf(node), node.title, ...node.lines].map(text).join('<br>')}"${close}`;
}

const arrow = (kind: EdgeKind, label: string): string => ARROWS[kind] + (label === '' ? '' : `|"${text(label)}"|`);

/**
 * A text within quotes. Whatever Mermaid, Markdown or HTML may read as more than a character is an entity: also the
 * beginning of what Markdown takes for a list.
 */
const text = (value: string): string =>
  printable(value).replace(
    /^\d(?=\d*[.)](?: |$))|^-(?= |$)|[^\p{L}\p{N} .,:/=()\-–]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
