import { defineEnvironment } from '../../lib/environment/define';
import type { EnvironmentInput } from '../../lib/environment/model';
import { EnvironmentError, type Issue } from '../../lib/input/issue';
import { SMALLEST } from '../support/support';

/** What a library user gives wrong is an EnvironmentError with the key path, whatever it is. */

const cycle: Record<string, unknown> = { a: {} };
cycle.b = { c: [cycle] };
const patch = (value: unknown) => [{ kind: 'Service', name: 'mlflow', operations: [{ op: 'add', path: '/a', value }] }];

function failure(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

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
])('what is wrong in TypeScript is an EnvironmentError: %#', (given, message) => {
  const error = failure(() => defineEnvironment(given as EnvironmentInput));
  expect(error).toBeInstanceOf(EnvironmentError);
  expect(error.message).toMatch(message);
});

test('whole characters beyond 16 bits are accepted, and a value that is used twice is no cycle', () => {
  const labels = { team: 'x' };
  const given = { ...SMALLEST, annotations: { a: '😀' }, labels, server: { nodeSelector: labels } };
  expect(defineEnvironment(given).annotations).toEqual({ a: '😀' });
});

test('warnings are handed over, and printed by default', () => {
  const given = { ...SMALLEST, image: { repository: 'own/mlflow', tag: '3.1.0' } };
  const warnings: Issue[] = [];
  defineEnvironment(given, (warning) => warnings.push(warning));
  expect(warnings.map(({ path }) => path.join('.'))).toEqual(['image.tag']);
  const spy = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  defineEnvironment(given);
  expect(spy.mock.calls).toEqual([[expect.stringMatching(/^warning: image\.tag: .*vulnerabilities/)]]);
  spy.mockRestore();
});
