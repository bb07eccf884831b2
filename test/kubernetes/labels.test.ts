import type { EnvironmentInput } from '../../lib/environment/model';
import { matches } from '../../lib/kubernetes/grammar';
import { ANNOTATION_KEY, LABEL_KEY, LABEL_VALUE, toLabelValue } from '../../lib/kubernetes/labels';
import { composeEnvironment } from '../../lib/synth/compose';
import { SHORT_PROGRAMS } from '../support/fixtures';
import { resolution, resolved, SMALLEST } from '../support/support';

const a = (length: number) => 'a'.repeat(length);

const KEYS = ['team', 'Team', 'a.b_c-d', 'example.com/team', '0.1/a', a(63), `${a(253)}/${a(63)}`];
const NO_KEYS = [
  ...['', '-a', 'a-', 'a b', 'a/b/c', '/a', 'example.com/', a(64), `${a(254)}/a`],
  ...['a..b/x', 'a.-b/x', 'a-.b/x', '.a/x', 'a./x', '-a/x', 'a_b/x'],
];

test('the key of a label may have a DNS subdomain as its prefix', () => {
  expect(KEYS.filter((key) => !matches(LABEL_KEY, key))).toEqual([]);
  expect([...NO_KEYS, 'Example.com/x'].filter((key) => matches(LABEL_KEY, key))).toEqual([]);
});

test('the prefix of an annotation may have upper case letters', () => {
  expect([...KEYS, 'Example.com/x'].filter((key) => !matches(ANNOTATION_KEY, key))).toEqual([]);
  expect(NO_KEYS.filter((key) => matches(ANNOTATION_KEY, key))).toEqual([]);
});

describe('a key that the API server refuses is an issue', () => {
  const maps = [
    ['labels', (key: string): EnvironmentInput => ({ labels: { [key]: 'x' } })],
    ['annotations', (key: string): EnvironmentInput => ({ annotations: { [key]: 'x' } })],
  ] as const;

  test.each(maps)('in %s of an environment', (_, input) => {
    for (const key of NO_KEYS) expect(resolution({ ...SMALLEST, ...input(key) }).issues).not.toEqual([]);
    for (const key of KEYS) expect(resolution({ ...SMALLEST, ...input(key) }).issues).toEqual([]);
  });

  test.each(maps)('in %s that a patch adds', (field) => {
    const issues = (path: string, key: string) => {
      const operation = { op: 'add', path: `${path}/metadata/${field}`, value: { [key]: 'x' } } as const;
      const patches = [{ kind: 'Deployment', name: 'mlflow', operations: [operation] }];
      return composeEnvironment(resolved({ ...SMALLEST, patches }), SHORT_PROGRAMS).issues.map(
        ({ message }) => message,
      );
    };
    for (const key of ['a..b/x', 'a.-b/x', `${a(254)}/a`]) {
      expect(issues('', key)).toContainEqual(expect.stringMatching(/has the key .* \[rule valid-labels: /));
      expect(issues('/spec/template', key)).toContainEqual(expect.stringMatching(/has the key .* on its pods /));
    }
  });
});

test('the value of a label', () => {
  const values = ['', 'a', 'A.b_c-d', a(63)];
  expect(values.filter((value) => !matches(LABEL_VALUE, value))).toEqual([]);
  expect(['-a', 'a-', 'a b', 'a/b', a(64)].filter((value) => matches(LABEL_VALUE, value))).toEqual([]);
});

test('a tag becomes the value of a label', () => {
  expect(['v1.2.3', '_a', `${a(62)}-b`, 'a..'].map(toLabelValue)).toEqual(['v1.2.3', 'a', a(62), 'a']);
});
