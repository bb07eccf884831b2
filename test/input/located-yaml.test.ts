<<<<<<< HEAD
import { formatIssues } from '../../lib/input/issue';
import { entryAt, type Located, positionOf, toPlain, without } from '../../lib/input/located-yaml';
import { readYaml } from '../../lib/input/read-yaml';

/** The tree of a text of one document without issues. */
function treeOf(text: string): Located {
  const { documents, issues } = readYaml(text, 'f.yaml');
  const [document, second] = documents;
  expect([...issues, ...(document?.issues ?? []), second]).toEqual([undefined]);
  if (!document?.root) throw new Error('no tree');
  return document.root;
}

const issuesOf = (text: string): string[] => {
  const { documents, issues } = readYaml(text, 'f.yaml');
  return formatIssues([...issues, ...documents.flatMap((document) => document.issues)]);
};

describe('a tree', () => {
  const text = 'a: &x\n  b: [1, "2", {c: null}]\nd: *x\n1.20: true\n';

  test('has the plain values, with aliases resolved and keys as they are written', () => {
    expect(toPlain(treeOf(text))).toEqual({
      a: { b: [1, '2', { c: null }] },
      d: { b: [1, '2', { c: null }] },
      '1.20': true,
    });
  });

  test('knows the position of each key and item, and of the deepest part of a path that is written', () => {
    const root = treeOf(text);
    const at = (...path: (string | number)[]) => {
      const { line, column } = positionOf(root, path);
      return `${line}:${column}`;
    };
    expect([at(), at('a'), at('a', 'b'), at('a', 'b', 1), at('a', 'b', 2, 'c'), at('1.20')]).toEqual([
      '1:1',
      '1:1',
      '2:3',
      '2:10',
      '2:16',
      '4:1',
    ]);
    expect([at('a', 'b', 9), at('a', 'none', 'more'), at('none')]).toEqual(['2:3', '1:1', '1:1']);
  });

  test('counts no column for a byte order mark, and counts lines of Windows', () => {
    expect(positionOf(treeOf('\ufeffa: 1\r\nb: 2\r\n'), ['a'])).toEqual({ file: 'f.yaml', line: 1, column: 1 });
    expect(positionOf(treeOf('\ufeffa: 1\r\nb: 2\r\n'), ['b'])).toEqual({ file: 'f.yaml', line: 2, column: 1 });
  });

  test('without an entry keeps the others, and loses the list that the entry is in', () => {
    const root = treeOf(text);
    expect(toPlain(without(root, ['a', 'b', 0]))).toEqual({ a: {}, d: expect.anything(), '1.20': true });
    expect(toPlain(without(root, ['d']))).toEqual({ a: expect.anything(), '1.20': true });
    expect(without(root, ['none'])).toBe(root);
  });
});

test.each([
  ['plain', 'a: b # c\n', { style: 'plain', comment: 'c', written: 'b' }],
  ['without a comment', 'a: b#c\n', { style: 'plain', comment: undefined, written: 'b#c' }],
  ['in single quotes', "a: 'b'   # c\n", { style: 'single-quoted', comment: 'c', written: "'b'" }],
  ['in double quotes', 'a: "b # x" # c\n', { style: 'double-quoted', comment: 'c', written: '"b # x"' }],
  ['in a block', 'a: | # c\n  b # x\n', { style: 'block', comment: 'c', written: '| # c\n  b # x\n' }],
  ['that is nothing', 'a: # c\n', { style: 'plain', comment: 'c', written: '' }],
  ['that is an alias', 'x: &x 1\na: *x\n', { style: 'other', comment: undefined, written: '*x' }],
])('a value %s knows how it is written', (_, text, { style, comment, written }) => {
  const value = entryAt(treeOf(text), ['a'])?.source.value;
  expect(value).toMatchObject({ style, hasAnchor: false, hasTag: false });
  expect(value?.comment?.text).toBe(comment);
  expect(text.slice(value?.start, value?.end)).toBe(written);
});

test('an anchor and a tag are seen', () => {
  const root = treeOf('a: &x b\nc: !!str 1\n');
  expect(entryAt(root, ['a'])?.source.value).toMatchObject({ hasAnchor: true, hasTag: false });
  expect(entryAt(root, ['c'])?.source.value).toMatchObject({ hasAnchor: false, hasTag: true });
});

test.each([
  ['a key twice', 'a: 1\na: 2\n', ['f.yaml:2:1 a: is given twice (keep one)']],
  ['a key that is a list', '? [a]\n: b\n', ['f.yaml:1:1 has a key that is not text (write a word there)']],
  ['a key of JavaScript', 'a: { __proto__: 1 }\n', ['f.yaml:1:6 a.__proto__: is not a usable name (rename it)']],
  [
    'an anchor that is nowhere',
    'a: *hunter2\nb: [*hunter2]\n',
    [
      'f.yaml:1:1 a: refers to an anchor that is not defined (write the value out)',
      'f.yaml:2:5 b[0]: refers to an anchor that is not defined (write the value out)',
    ],
  ],
  [
    'half of a character',
    'a: "\\ud83d"\n',
    ['f.yaml:1:4 a: contains half of a character (write both halves of the escape, or the character)'],
  ],
  ['two complaints on one line', 'a: "\\q \\q hunter2"\n', [expect.stringContaining('f.yaml:1:5 is not valid YAML')]],
])('%s is an issue that repeats no value', (_, text, expected) => {
  const lines = issuesOf(text);
  expect(lines).toEqual(expected);
  for (const line of lines) expect(line).not.toContain('hunter2');
});
=======
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

  test.each<[string, string, string]>([
    ['a key that is given twice', 'a: 1\na: 2\n', '2:1 a: is given twice (keep one)'],
    ['a key that is a map', '{ a: 1 }: 2\n', '1:1 : has a key that is not text (write a word there)'],
    ['a key that JavaScript would lose', 'a: { __proto__: 1 }\n', '1:6 a.__proto__: is not a usable name (rename it)'],
    ['half of a character', 'a: ["\\ud83d"]\n', '1:5 a.0: contains half of a character (write both'],
  ])('has an issue for %s', (_, text, expected) => {
    expect(lines(text)).toEqual([expect.stringContaining(expected)]);
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

  test('is the same without an entry, but for that entry', () => {
    expect(toPlain(without(base, ['a', 'b']))).toEqual({ a: { c: [1, 2] }, d: 2 });
    expect(toPlain(without(base, ['a', 'c', 0]))).toEqual({ a: { b: 1 }, d: 2 });
    expect(without(base, ['x', 'y'])).toEqual(base);
  });
});
>>>>>>> main
