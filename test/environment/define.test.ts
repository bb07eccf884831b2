import { defineEnvironment } from '../../lib/environment/define';
import type { EnvironmentInput } from '../../lib/environment/model';
import { formatUnlocated } from '../../lib/input/issue';
import { SMALLEST } from '../support/support';

/** What is wrong with an environment in TypeScript has the path of its key, whatever it is. */

const cycle: Record<string, unknown> = { a: {} };
cycle.b = { c: [cycle] };
const patch = (value: unknown) => [{ kind: 'Service', name: 'mlflow', operations: [{ op: 'add', path: '/a', value }] }];

test.each<[unknown, RegExp]>([
  [undefined, /^environment: /],
  [null, /^environment: /],
  [1, /^environment: /],
  ['text', /^environment: /],
  [[], /^environment: /],
  [{ ...SMALLEST, extends: 'base.yaml' }, /^extends: /],
  [cycle, /^b\.c\[0\]: contains itself/],
  [{ ...SMALLEST, patches: patch(cycle) }, /^patches\[0\]\.operations\[0\]\.value\.b\.c\[0\]: contains itself/],
  [{ ...SMALLEST, annotations: { a: '\ud83d' } }, /^annotations\.a: .*U\+D83D/],
  [{ ...SMALLEST, server: { env: { A: 'x\udc00y' } } }, /^server\.env\.A: .*U\+DC00/],
  [{ ...SMALLEST, patches: patch({ a: '\ud83d' }) }, /^patches\[0\]\.operations\[0\]\.value\.a: .*U\+D83D/],
])('what is wrong in TypeScript is an issue of its key: %#', (given, message) => {
  const { environment, issues } = defineEnvironment(given as EnvironmentInput);
  expect(environment).toBeUndefined();
  expect(issues.map(formatUnlocated).join('\n')).toMatch(message);
});

test('values that many others share are read once', () => {
  let shared: object = { c: 'd' };
  for (let level = 0; level < 60; level += 1) shared = { a: shared, b: shared, list: [shared] };
  const { issues } = defineEnvironment({ ...SMALLEST, nope: shared } as EnvironmentInput);
  expect(issues.map(formatUnlocated)).toEqual([expect.stringMatching(/^nope: /)]);
});

test('whole characters beyond 16 bits are accepted, and a value that is used twice is no cycle', () => {
  const labels = { team: 'x' };
  const given = { ...SMALLEST, annotations: { a: '😀' }, labels, server: { nodeSelector: labels } };
  expect(defineEnvironment(given).environment?.annotations).toEqual({ a: '😀' });
});

test('warnings come with the environment', () => {
  const { warnings } = defineEnvironment({ ...SMALLEST, image: { repository: 'own/mlflow', tag: '3.1.0' } });
  expect(warnings.map(({ path }) => path.join('.'))).toEqual(['image.tag']);
});
