import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import {
  entryAt,
  type Located,
  type LocatedEntry,
  mergeLocated,
  positionOf,
  toPlain,
  without,
} from '../../lib/input/located-yaml';
import { readYaml } from '../../lib/input/read-yaml';
import { sampleSize } from '../support/sample-size';

/** The root of the only document of a text that has no issue. */
function rootOf(text: string): Located {
  const { documents, issues } = readYaml(text, 'f.yaml');
  expect([issues, documents.flatMap((document) => document.issues)]).toEqual([[], []]);
  const [root] = documents.flatMap((document) => document.root ?? []);
  if (!root) throw new Error('no document');
  return root;
}

const lines = (text: string): string[] => {
  const { documents, issues } = readYaml(text, 'f.yaml');
  return [...issues, ...documents.flatMap((document) => document.issues)].map(
    ({ at, path, message }) => `${at.line}:${at.column} ${path.join('.')}: ${message}`,
  );
};

/** Every entry of a tree with its key path. */
const entriesIn = (node: Located, path: readonly (string | number)[] = []): [(string | number)[], LocatedEntry][] => {
  if (node.kind === 'scalar') return [];
  const entries: (readonly [string | number, LocatedEntry])[] = [...node.entries.entries()];
  return entries.flatMap(([key, entry]) => [
    [[...path, key], entry] as [(string | number)[], LocatedEntry],
    ...entriesIn(entry.value, [...path, key]),
  ]);
};

const key = fc.stringMatching(/^[a-zA-Z][\w./-]{0,8}$/).filter((text) => text !== '__proto__');
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, tie('scalar'), tie('list'), tie('map')),
  scalar: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
  list: fc.array(tie('any'), { maxLength: 4 }),
  map: fc.dictionary(key, tie('any'), { maxKeys: 4, noNullPrototype: true }),
})).any;

describe('a YAML text', () => {
  test('is read to the values that the parser gives, at the keys that are written', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true }), fc.boolean(), (given, isJson) => {
        const text = isJson ? JSON.stringify(given, null, 2) : stringify(given);
        const root = rootOf(text);
        expect(toPlain(root)).toEqual(parse(text));
        for (const [path, { at, source }] of entriesIn(root)) {
          expect([entryAt(root, path)?.at, positionOf(root, path)]).toEqual([at, at]);
          if (!source.key) continue;
          const [line, column] = [text.slice(0, source.key.start).split('\n').length, source.key.start];
          expect(at.line).toBe(line);
          expect(at.column).toBe(column - text.lastIndexOf('\n', column - 1));
          expect(parse(text.slice(source.key.start, source.key.end))).toBe(path.at(-1));
        }
      }),
      { numRuns: sampleSize(30, 300) },
    );
  });

  test('may have several documents, of which some are empty', () => {
    const { documents } = readYaml('a: 1\n---\n# nothing\n---\nb: 2\n', 'f.yaml');
    expect(documents.map(({ root }) => root && toPlain(root))).toEqual([{ a: 1 }, undefined, { b: 2 }]);
    expect(documents.at(-1)?.root?.at).toEqual({ file: 'f.yaml', line: 5, column: 1 });
  });

  test('counts columns without its byte order mark', () => {
    expect(positionOf(rootOf('\ufeffa: 1\n'), ['a'])).toEqual({ file: 'f.yaml', line: 1, column: 1 });
  });

  test('keeps the comment behind a value, and how the value is written', () => {
    const text = ['plain: a # one', "single: 'b' # two", 'double: "c"', 'block: | # four', '  d', 'none:'].join('\n');
    const written = (name: string) => entryAt(rootOf(text), [name])?.source.value;
    expect(written('plain')).toMatchObject({ style: 'plain', comment: { text: 'one' } });
    expect(written('single')).toMatchObject({ style: 'single-quoted', comment: { text: 'two' } });
    expect(written('double')).toMatchObject({ style: 'double-quoted', comment: undefined });
    expect(written('block')).toMatchObject({ style: 'block', comment: { text: 'four' } });
    const { start = 0, end = 0, comment } = written('plain') ?? {};
    expect([text.slice(start, end), text.slice(start, comment?.end)]).toEqual(['a', 'a # one']);
  });

  test('may refer to an anchor, at whose uses the value is located', () => {
    const root = rootOf('a: &x { b: 1 }\nc: *x\n');
    expect(toPlain(root)).toEqual({ a: { b: 1 }, c: { b: 1 } });
    expect(positionOf(root, ['c'])).toMatchObject({ line: 2, column: 1 });
  });

  test('refers by an alias to the last anchor of its name before it', () => {
    const text = 'a: &x { b: &y 1 }\nc: &y 2\nd: *x\ne: *y\nf: &y 3\ng: [*y, *x]\n';
    expect(toPlain(rootOf(text))).toEqual(parse(text));
  });

  test('may have thousands of aliases', () => {
    // Linear: bounded-time.test.ts. With a walk through the document for each alias it would take half a minute.
    const count = 9000;
    const root = rootOf(`a: &x 1\nb:\n${'  - *x\n'.repeat(count)}`);
    expect(toPlain(root)).toEqual({ a: 1, b: Array.from({ length: count }, () => 1) });
  });

  test.each<[string, string, string]>([
    ['a key that is given twice', 'a: 1\na: 2\n', '2:1 a: is given twice (keep one)'],
    ['a key that is a map', '{ a: 1 }: 2\n', '1:1 : has a key that is not text (use text)'],
    ['a key that JavaScript would lose', 'a: { __proto__: 1 }\n', '1:6 a.__proto__: is not a usable name (rename it)'],
    ['brackets without end', '['.repeat(5000), '1:1 : is nested deeper than 64 levels (use fewer)'],
    ['dashes without end', '- '.repeat(100_000), '1:1 : is nested deeper than 64 levels (use fewer)'],
    ['65 levels', `${'- '.repeat(65)}x`, '1:1 : is nested deeper than 64 levels (use fewer)'],
    ['half of a character', 'a: ["\\ud83d"]\n', '1:5 a.0: contains half of a character (write both'],
  ])('has an issue for %s', (_, text, expected) => {
    expect(lines(text)).toEqual([expect.stringContaining(expected)]);
  });

  test('may have 64 levels', () => {
    expect(lines(`${'- '.repeat(64)}x`)).toEqual([]);
  });

  test('never throws, and repeats nothing of what it contains', () => {
    const word = fc.constantFrom(
      'hunter2',
      '*hunter2',
      '&hunter2 ',
      '!hunter2 ',
      '"',
      "'",
      ': ',
      '\n',
      '- ',
      '{',
      '[',
      ']',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const messages = lines(words.join('')).map((line) => line.replace(/^[^:]*:\d+ .*?: /, ''));
        expect(messages.join('\n')).not.toContain('hunter2');
      }),
      { numRuns: sampleSize(100, 2000) },
    );
  });
});

describe('a tree', () => {
  const base = rootOf('a: { b: 1, c: [1, 2] }\nd: 2\n');
  const over = rootOf('a:\n  c: [3]\n  e: 4\n');

  test('merges over another key by key, and keeps where each value is written', () => {
    const merged = mergeLocated(base, over);
    expect(toPlain(merged)).toEqual({ a: { b: 1, c: [3], e: 4 }, d: 2 });
    expect(positionOf(merged, ['a', 'c', 0])).toMatchObject({ line: 2, column: 7 });
    expect(positionOf(merged, ['a', 'b'])).toMatchObject({ line: 1, column: 6 });
  });

  test('names the deepest part of a path that is written', () => {
    expect(positionOf(base, ['a', 'x', 'y'])).toEqual(positionOf(base, ['a']));
    expect(positionOf(base, ['a', 'c', 9])).toEqual(positionOf(base, ['a', 'c']));
    expect([entryAt(base, ['a', 'x', 'y']), entryAt(base, ['d', 'x'])]).toEqual([undefined, undefined]);
  });

  test('without an entry is the same, except for that entry', () => {
    expect(toPlain(without(base, ['a', 'b']))).toEqual({ a: { c: [1, 2] }, d: 2 });
    expect(toPlain(without(base, ['a', 'c', 0]))).toEqual({ a: { b: 1 }, d: 2 });
    expect(without(base, ['x', 'y'])).toEqual(base);
  });
});
