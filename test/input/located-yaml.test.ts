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
  ['a key that is a list', '? [a]\n: b\n', ['f.yaml:1:1 has a key that is not text (use text)']],
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
    ['f.yaml:1:4 a: contains half of a character (write both escapes of the surrogate pair, or the character)'],
  ],
  [
    'a line that is indented too little',
    'a:\n  - b: 1\n   c: 2\n',
    [
      'f.yaml:3:1 is missing a character such as a closing quote, a colon or a comma, or is indented too little (add it, or align the line)',
    ],
  ],
  [
    'a colon without a space',
    'a:\n  b:1\n  c: 2\n',
    [
      'f.yaml:2:3 is not valid YAML: a key that goes over several lines (is a colon, the space after it, or a quote missing?)',
    ],
  ],
  [
    'a schedule without quotes',
    'a: * 1 * * *\n',
    ['f.yaml:1:4 begins with *, which YAML reads as an alias (write the value in quotes)'],
  ],
  ...['a: hunter2: c\n', 'a: hunter2\n   b: 1\n', 'a: hunter2\n   b:\n     c: 1\n'].map(
    (text): [string, string, string[]] => [
      `a value that goes on as a map (${JSON.stringify(text)})`,
      text,
      [
        'f.yaml:1:4 is not valid YAML: a second colon in one line, or the line below is indented too far (use quotes, start a new line, or correct the indentation)',
      ],
    ],
  ),
  ['two complaints on one line', 'a: "\\q \\q hunter2"\n', [expect.stringContaining('f.yaml:1:5 is not valid YAML')]],
])('%s is an issue that repeats no value', (_, text, expected) => {
  const lines = issuesOf(text);
  expect(lines).toEqual(expected);
  for (const line of lines) expect(line).not.toContain('hunter2');
});
