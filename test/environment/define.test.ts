import { App, Chart } from 'cdk8s';
import { defineEnvironment } from '../../lib/environment/define';
import { MlflowChart } from '../../lib/environment/mlflow-chart';
import type { EnvironmentInput } from '../../lib/environment/model';
import { EnvironmentError, type Issue } from '../../lib/input/issue';
import { PROGRAMS, SMALLEST } from '../support/support';

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

test('a chart refuses what it would lose, with the key path', () => {
  const chart = (more: EnvironmentInput) => () =>
    new MlflowChart(new Chart(new App(), 'chart'), 'mlflow', {
      environment: defineEnvironment({ ...SMALLEST, ...more }),
      programs: PROGRAMS,
    });
  const patches = failure(chart({ patches: patch(1) as EnvironmentInput['patches'] }));
  expect(patches).toBeInstanceOf(EnvironmentError);
  expect(patches.message).toMatch(/^patches\[0\]: /);
  const sealed = failure(chart({ secrets: { provider: 'sealed' } }));
  expect(sealed).toBeInstanceOf(EnvironmentError);
  expect(sealed.message).toMatch(/^secrets\.provider: .*mlflow\/mlflow-basic-auth/);
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
