import fc from 'fast-check';
import type { EdgeKind, Graph, GraphEdge, NodeKind } from '../../../lib/synth/graph/graph';
import { ANY_PORT, onePort } from '../../../lib/synth/graph/ports';

/** Graphs of any form with any text, as objects of users may bring them about. */

const HOSTILE = [
  'end',
  'subgraph x',
  '"]; click n1 "javascript:alert(1)"',
  '<script>alert(1)</script>',
  '</text><script>',
  ']]>',
  '--> n2',
  '%% comment',
  '`**bold**`',
  '1. first',
  '- item',
  '30 3 * * *',
  '#quot;&amp;&#34;',
  '$$x$$',
  'a_b_c *d*',
  '192.168.1.0/24',
  'Ünïcödé 数据 🚀',
  '\u202eright to left',
  '\ud800',
  '\u0000\n\r\u2028',
  `x${'-long'.repeat(50)}`,
  'W'.repeat(70),
  ' ',
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 80 }),
);

const ports = fc.constantFrom([], [onePort(5000)], [onePort(53), onePort(53, 'UDP')], ANY_PORT, [
  { ...onePort(1), last: 65_535, name: 'a"b' },
]);

const node = fc.record({
  kind: fc.constantFrom<NodeKind>('workload', 'service', 'route', 'claim', 'clients', 'destination', 'anything'),
  namespace: fc.constantFrom(undefined, 'one', 'two"<b>'),
  caption: text,
  title: text,
  lines: fc.array(text, { maxLength: 4 }),
  ports,
});

const edge = fc.record({
  from: fc.nat(),
  to: fc.nat(),
  kind: fc.constantFrom<EdgeKind>('connects', 'leads', 'mounts'),
  ports,
  isOpen: fc.boolean(),
});

/** Any graph. */
export const anyGraph: fc.Arbitrary<Graph> = fc
  .record({
    name: text,
    nodes: fc.array(node, { minLength: 1, maxLength: 9 }),
    edges: fc.array(edge, { maxLength: 14 }),
  })
  .map(({ name, nodes, edges }) => {
    const named = nodes.map((each, index) => ({ ...each, id: `node "${index}"` }));
    const idOf = (index: number) => named[index % named.length]?.id ?? '';
    const all = edges.map((each): GraphEdge => ({ ...each, from: idOf(each.from), to: idOf(each.to) }));
    const once = new Map(all.map((each) => [`${each.from} ${each.to} ${each.kind}`, each]));
    return { name, nodes: named, edges: [...once.values()].filter(({ from, to }) => from !== to) };
  });
