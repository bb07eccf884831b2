import fc from 'fast-check';
import { printable } from '../../../lib/input/printable';
import type { Graph } from '../../../lib/synth/graph/graph';
import { captionOf, edgeLabels } from '../../../lib/synth/graph/labels';
import { toMermaid } from '../../../lib/synth/graph/mermaid';
import { sampleSize } from '../../support/sample-size';
import { anyGraph } from './any-graph';

/** What stands in quotes: neither quotes, nor a sign that Mermaid, Markdown or HTML reads as more than itself. */
const TEXT = '((?:[^"<>`*_&;\\[\\]{}|#\\\\~$%@!?^+\\n]|#\\d+;|<br>)*)';
const NODE = new RegExp(
  `^ {2,4}(n\\d+)(?:\\["${TEXT}"\\]|\\(\\["${TEXT}"\\]\\)|\\[/"${TEXT}"/\\]|\\[\\("${TEXT}"\\)\\]|\\("${TEXT}"\\)|\\{\\{"${TEXT}"\\}\\})$`,
  'u',
);
const EDGE = new RegExp(`^ {2}(n\\d+) (-->|-\\.->|---)(?:\\|"${TEXT}"\\|)? (n\\d+)$`, 'u');
const SUBGRAPH = new RegExp(`^ {2}subgraph s\\d+\\["namespace ${TEXT}"\\]$`, 'u');

const ARROWS = { connects: '-->', leads: '-.->', mounts: '---' } as const;

const decoded = (text: string): string => text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

/** Reads a flowchart of the few forms that are written; whatever has another form fails. */
function parse(chart: string) {
  const [comment, first, title, description, ...lines] = chart.split('\n');
  expect([comment, first, lines.pop()]).toEqual(['%% Drawn by cdk8s-mlflow graph', 'flowchart LR', '']);
  expect(title).toMatch(/^ {2}accTitle: /);
  expect(description).toMatch(/^ {2}accDescr: /);
  const nodes = new Map<string, string>();
  const edges: string[] = [];
  let depth = 0;
  for (const line of lines) {
    const node = NODE.exec(line);
    const edge = EDGE.exec(line);
    if (SUBGRAPH.test(line)) depth += 1;
    else if (line === '  end') depth -= 1;
    else if (node) {
      nodes.set(node[1] ?? '', node.slice(2).find((text) => text !== undefined) ?? '');
      expect(line.startsWith('    ')).toBe(depth === 1);
    } else if (edge) edges.push([edge[1], edge[2], decoded(edge[3] ?? ''), edge[4]].join(' '));
    else expect(line).toMatch(/^ {2}linkStyle \d+(,\d+)* stroke:#cf222e,stroke-width:2px$/);
    expect([0, 1]).toContain(depth);
  }
  expect(depth).toBe(0);
  return { nodes, edges };
}

test('a chart has the few forms that Mermaid reads, with every text as it is, whatever is in it', () => {
  fc.assert(
    fc.property(anyGraph, (graph: Graph) => {
      const { nodes, edges } = parse(toMermaid(graph));
      const ids = graph.nodes.map((_, index) => `n${index + 1}`);
      const indexOf = (id: string) => ids[graph.nodes.findIndex((node) => node.id === id)];
      expect(
        new Map(
          graph.nodes.map((node, index) => [ids[index], [captionOf(node), node.title, ...node.lines].map(printable)]),
        ),
      ).toEqual(new Map([...nodes].map(([id, text]) => [id, text.split('<br>').map(decoded)])));
      const labelOf = edgeLabels(graph);
      expect(edges).toEqual(
        graph.edges.map((edge) =>
          [indexOf(edge.from), ARROWS[edge.kind], printable(labelOf(edge)), indexOf(edge.to)].join(' '),
        ),
      );
    }),
    { numRuns: sampleSize(200, 3000) },
  );
});

test('no line of a label begins as a list of Markdown does', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const texts = [...parse(toMermaid(graph)).nodes.values()].flatMap((text) => text.split('<br>'));
      expect(texts.filter((text) => /^\s*(\d+[.)]|[-*+])(\s|$)/.test(text))).toEqual([]);
    }),
    { numRuns: sampleSize(200, 3000) },
  );
});
