import fc from 'fast-check';
import { evaluate } from '../../lib/environment/evaluate';
import type { EnvironmentInput } from '../../lib/environment/model';
import { formatPath, type Path } from '../../lib/input/issue';
import { randomEnvironment } from '../arbitraries/environment';
import { EMBEDDED, OWN_STORES } from '../support/embedded-fixtures';
import { FULLEST, SEALED, written } from '../support/fixtures';
import { LARGE_SAMPLE, sampleSize } from '../support/sample-size';
import { SMALLEST } from '../support/support';

/** An invalid value is reported at its location, and nothing is said of other values because of it. */

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy with another value at a path. */
function withValue(input: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(input)) return input.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  const map = input as Record<string, unknown>;
  return { ...map, [step]: withValue(map[step], rest, value) };
}

const startsWith = (path: Path, start: Path) => start.every((step, index) => path[index] === step);

/** What is said of other values when the one at a path is of a type that no key takes. */
function followOns(input: EnvironmentInput, path: Path): string[] {
  const { issues } = evaluate(withValue(input, path, [[]]));
  expect(issues.length).toBeGreaterThan(0);
  return issues
    .filter((issue) => !startsWith(issue.path, path))
    .map((issue) => `${path.join('.')} -> ${issue.path.join('.')}: ${issue.message}`);
}

/** Lists of what is written as in Kubernetes, whose fields a rule checks in the finished objects. */
const AS_IN_KUBERNETES = ['sidecars', 'initContainers', 'volumes', 'volumeMounts'];

/** The values of an environment that have a type: that of a patch may be anything. */
const typedLeaves = (input: EnvironmentInput) =>
  leavesOf(input).filter(
    (path) =>
      !(path[0] === 'patches' && path.includes('value')) &&
      !(path[0] === 'server' && AS_IN_KUBERNETES.includes(String(path[1]))),
  );

const WORKERS = { ...SMALLEST, server: { workers: 1, resources: { limits: { cpu: 16, memory: '2Gi' } } } };

test.each<[string, EnvironmentInput]>([
  ['few workers on many CPUs', WORKERS],
  ['own stores', OWN_STORES],
  ['every key', written(FULLEST)],
  ['every key, sealed', written(SEALED)],
  ['every key, embedded', written(EMBEDDED)],
])('one invalid value of a valid environment is the only one reported: %s', (_title, input) => {
  const step = LARGE_SAMPLE ? 1 : 3;
  const leaves = typedLeaves(input).filter((_, index) => index % step === 0);
  const found = leaves.flatMap((path) => followOns(input, path));
  expect(found).toEqual([]);
});

test('one invalid value of a random environment is the only one reported', () => {
  const found: string[] = [];
  fc.assert(
    fc.property(randomEnvironment, fc.nat(), (input, number) => {
      const leaves = typedLeaves(input);
      const path = leaves[number % leaves.length];
      if (path && evaluate(input).environment) found.push(...followOns(input, path));
    }),
    { numRuns: sampleSize(80, 400), seed: 2 },
  );
  expect([...new Set(found)]).toEqual([]);
});

describe('an invalid item of a list', () => {
  const issuesOf = (more: object) => evaluate({ ...SMALLEST, ...more }).issues.map(({ path }) => formatPath(path));

  test('does not hide what is wrong with the others', () => {
    expect(issuesOf({ server: { envFrom: [{}, { secret: 'a', configMap: 'b' }, { secret: 'A' }] } })).toEqual([
      'server.envFrom[2].secret',
      'server.envFrom[0]',
      'server.envFrom[1]',
    ]);
    expect(issuesOf({ server: { envFrom: [{ secret: 'A' }, 1, {}, { secret: 'a' }, {}] } })).toEqual([
      'server.envFrom[0].secret',
      'server.envFrom[1]',
      'server.envFrom[2]',
      'server.envFrom[4]',
    ]);
  });

  test('among patches', () => {
    const patch = (op: string, value?: unknown) => ({
      kind: 'Service',
      name: 'x',
      operations: [{ op, path: '/a', value }],
    });
    expect(issuesOf({ patches: [patch('ad', 1), patch('add', Number.NaN), patch('add')] })).toEqual([
      'patches[0].operations[0].op',
      'patches[1].operations[0].value',
      'patches[2].operations[0].value',
    ]);
  });
});
