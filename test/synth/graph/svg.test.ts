import fc from 'fast-check';
import { graphOf } from '../../../lib/synth/graph/build';
import { type Layout, layoutOf } from '../../../lib/synth/graph/svg/layout';
import { toSvg } from '../../../lib/synth/graph/svg/svg';
import { holds, none } from '../../properties/sample';
import { FULLEST, written } from '../../support/fixtures';
import { sampleSize } from '../../support/sample-size';
import { objectsOf, SMALLEST } from '../../support/support';
import { anyGraph } from './any-graph';
import { measured } from './font';
import { many } from './many';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** What is wrong with a layout, for someone who looks at it. */
function checkLayout({ width, height, boxes, namespaces, edges }: Layout): void {
  const pairs = boxes.flatMap((a, index) => boxes.slice(index + 1).map((b) => [a, b] as const));
  none(pairs.filter(([a, b]) => overlap(a, b)).map(([a, b]) => [a.node.id, b.node.id]));
  for (const namespace of namespaces) {
    const isInside = (box: Rectangle) =>
      box.x > namespace.x &&
      box.y >= namespace.y + 30 &&
      box.x + box.width < namespace.x + namespace.width &&
      box.y + box.height < namespace.y + namespace.height;
    none(boxes.filter((box) => box.node.namespace === namespace.name && !isInside(box)));
    const others = boxes.filter((box) => box.node.namespace !== namespace.name);
    none(others.filter((box) => overlap(box, namespace)).map(({ node }) => [node.id, namespace.name]));
  }
  const labels = edges.flatMap(({ label }) => label ?? []);
  none(labels.filter((label) => boxes.some((box) => overlap(label, box))));
  none(labels.filter((label, index) => labels.slice(index + 1).some((other) => overlap(label, other))));
  for (const rectangle of [...boxes, ...namespaces, ...labels]) {
    expect(Math.min(rectangle.x, rectangle.y)).toBeGreaterThan(0);
    expect(rectangle.x + rectangle.width).toBeLessThan(width);
    expect(rectangle.y + rectangle.height).toBeLessThan(height);
  }
  for (const { edge, runs } of edges) {
    const [first, last] = [runs[0], runs.at(-1)];
    const at = (id: string) => boxes.find(({ node }) => node.id === id);
    for (const [x, y, box] of [
      [first?.from ?? 0, first?.y ?? 0, at(edge.from)],
      [last?.to ?? 0, last?.y ?? 0, at(edge.to)],
    ] as const) {
      expect([box?.x, (box?.x ?? 0) + (box?.width ?? 0)].some((side) => Math.abs((side ?? 0) - x) < 0.5)).toBe(true);
      expect(y > (box?.y ?? 0) && y < (box?.y ?? 0) + (box?.height ?? 0)).toBe(true);
    }
    for (const { from, to, y } of runs) {
      const crossed = boxes.filter((box) =>
        overlap({ x: Math.min(from, to) + 0.5, y: y - 0.1, width: Math.abs(to - from) - 1, height: 0.2 }, box),
      );
      none(crossed.map(({ node }) => [edge.from, edge.to, node.id]));
    }
  }
}

/** The elements of an SVG with their attributes and texts. Whatever is not well-formed XML of a simple form fails. */
function elementsOf(svg: string) {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof elements = [];
  let rest = svg.trim();
  while (rest !== '') {
    const [token = ''] = /^(?:<!--(?:(?!--).)*-->|<[^<>]*>|[^<>]+)/su.exec(rest) ?? [];
    expect(token).not.toBe('');
    rest = rest.slice(token.length);
    const [, closing, name = '', given = '', alone] =
      /^<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*(?:&[a-z]+;[^"<&]*)*")*)(\/?)>$/.exec(token) ?? [];
    if (token.startsWith('<!--')) continue;
    if (!token.startsWith('<')) {
      expect(token).toMatch(/^(?:[^&<]|&(?:amp|lt|gt|quot|#39);)*$/s);
      const element = open.at(-1);
      if (element) element.text += token.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? '');
    } else if (closing) expect(open.pop()?.name).toBe(name);
    else {
      expect([token, name]).not.toEqual([token, '']);
      const pairs = [...given.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value] as const);
      expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length);
      const element = { name, attributes: Object.fromEntries(pairs), text: '' };
      elements.push(element);
      if (!alone) open.push(element);
    }
  }
  expect(open).toEqual([]);
  return elements;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** Characters that XML 1.0 does not allow. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

function checkSvg(svg: string): void {
  expect(svg).not.toMatch(NOT_IN_XML);
  const elements = elementsOf(svg);
  const names = new Set(elements.map(({ name }) => name));
  none(
    [...names].filter(
      (name) => !['svg', 'title', 'desc', 'style', 'defs', 'marker', 'path', 'rect', 'text', 'g'].includes(name),
    ),
  );
  const [root, title, description] = elements;
  expect(root?.attributes).toMatchObject({ xmlns: 'http://www.w3.org/2000/svg', role: 'img' });
  expect(root?.attributes['aria-labelledby']).toBe(`${title?.attributes.id} ${description?.attributes.id}`);
  expect([title?.name, description?.name]).toEqual(['title', 'desc']);
  expect([title?.text.trim(), description?.text.trim()]).not.toContain('');
  expect(svg).not.toMatch(/\b(?:href|on\w+)=|url\((?!#)|@import|@font-face/);
  expect(svg).toContain('@media (prefers-color-scheme:dark)');
  const style = elements.find(({ name }) => name === 'style')?.text ?? '';
  const selectors = [...style.replace(/@media[^{]*\{/, '').matchAll(/([^{}]+)\{/g)].flatMap(([, list = '']) =>
    list.split(','),
  );
  none(selectors.filter((selector) => !selector.startsWith(`.${root?.attributes.class} `)));
}

/** Texts that are wider than their boxes in a wide font. */
const wideTexts = ({ boxes }: Layout) =>
  boxes.flatMap(({ width, lines }) =>
    lines
      .filter(({ text, style }) => measured(text, style === 'title' ? 13 : 11, style === 'title') > width - 16)
      .map(({ text }) => text),
  );

describe('the SVG of any graph', () => {
  test('has no box, label or name over another, no line over a box, and nothing outside', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => checkLayout(layoutOf(graph))),
      { numRuns: sampleSize(40, 600) },
    );
  });

  test('is well-formed and accessible, and has nothing that is loaded or runs', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => checkSvg(toSvg(graph))),
      { numRuns: sampleSize(40, 600) },
    );
  });

  test('has room for every text, and loses none', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const layout = layoutOf(graph);
        none(wideTexts(layout));
        for (const { node, lines } of layout.boxes) {
          const text = lines.map((line) => line.text).join('');
          const given = [node.title, ...node.lines].join('');
          expect(text.replace(/\s/g, '')).toContain(given.replace(/\s/g, ''));
        }
      }),
      { numRuns: sampleSize(40, 600) },
    );
  });
});

test('pictures of two environments share no id', () => {
  const [one, two] = ['one', 'two'].map((name) =>
    elementsOf(toSvg(graphOf(name, objectsOf(SMALLEST), 'cluster.local'))).flatMap(
      ({ attributes }) => attributes.id ?? [],
    ),
  );
  expect(one?.length).toBeGreaterThan(3);
  none((one ?? []).filter((id) => two?.includes(id)));
});

test('the SVG of 80 workloads, each with others of its own, takes seconds', () => {
  const start = performance.now();
  const layout = layoutOf(many(80));
  expect(performance.now() - start).toBeLessThan(5000);
  checkLayout(layout);
});

test.each([
  ['many workloads', many(80)],
  ['every component', graphOf('any', objectsOf(written(FULLEST)), 'cluster.local')],
  ['few components', graphOf('any', objectsOf(SMALLEST), 'cluster.local')],
])('clients are left of the namespace of %s, and destinations right of it', (_, graph) => {
  const layout = layoutOf(graph);
  const [namespace] = layout.namespaces;
  const right = (namespace?.x ?? 0) + (namespace?.width ?? 0);
  for (const { node, x, width } of layout.boxes) {
    if (node.kind === 'clients') expect(x + width).toBeLessThan(namespace?.x ?? 0);
    if (node.kind === 'destination') expect(x).toBeGreaterThan(right);
  }
});

/** A layout takes a tenth of a second. */
const EVERY = 8;

describe('the SVG of an environment', () => {
  holds(
    'can be looked at',
    ({ objects, environment }) => {
      const graph = graphOf('any', objects, environment.clusterDomain);
      const layout = layoutOf(graph);
      checkLayout(layout);
      none(wideTexts(layout));
      expect(layout.namespaces.map(({ name }) => name)).toContain(environment.namespace.name);
    },
    EVERY,
  );

  test('is the same each time', () => {
    const objects = objectsOf(written(FULLEST));
    const svg = toSvg(graphOf('any', objects, 'cluster.local'));
    checkSvg(svg);
    expect(toSvg(graphOf('any', objects, 'cluster.local'))).toBe(svg);
  });
});
