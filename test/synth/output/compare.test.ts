import fc from 'fast-check';
import { differencesBetween } from '../../../lib/synth/output/align';
import { type Change, changesBetween, type Step } from '../../../lib/synth/output/compare';
import { sampleSize } from '../../support/sample-size';
import { isRecord } from '../../support/support';

/** What is said of two values is all of it: applied to the first, it gives the second. */

const { value } = fc.letrec<{ value: unknown; map: unknown; list: unknown; named: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>('a', 'b', 'c', 0, 1, true, null, ''),
    tie('map'),
    tie('list'),
    tie('named'),
  ),
  map: fc.dictionary(fc.constantFrom('k', 'l', 'm.n/o', 'labels'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  list: fc.array(tie('value'), { maxLength: 6 }),
  named: fc.uniqueArray(fc.record({ name: fc.constantFrom('x', 'y', 'z'), v: tie('value') }), {
    selector: ({ name }) => name,
    maxLength: 3,
  }),
}));

const same = (step: Step, item: unknown) => typeof step === 'object' && isRecord(item) && item.name === step.name;

/** The map or list that has the last step of a path. */
const holder = (root: unknown, path: readonly Step[]): Record<string, unknown> | unknown[] =>
  path.slice(0, -1).reduce<unknown>((at, step) => {
    if (typeof step === 'object') return (at as unknown[]).find((item) => same(step, item));
    return (at as Record<string | number, unknown>)[step];
  }, root) as Record<string, unknown> | unknown[];

/** The first value with changes, the deepest first, so that indices of what is around them still hold. */
function applied(before: unknown, changes: readonly Change[]): unknown {
  const root = [structuredClone(before)];
  const all = changes.map((change) => ({ ...change, path: [0, ...change.path] }));
  const indexOf = (list: unknown[], step: Step | undefined) =>
    typeof step === 'number' ? step : list.findIndex((item) => step !== undefined && same(step, item));
  const last = ({ path }: Change) => path.at(-1);
  const order = (one: Change, other: Change) =>
    other.path.length - one.path.length ||
    ['changed', 'removed', 'added'].indexOf(one.kind) - ['changed', 'removed', 'added'].indexOf(other.kind) ||
    (Number(last(one)) - Number(last(other)) || 0) * (one.kind === 'removed' ? -1 : 1);
  for (const change of all.filter(({ kind }) => kind !== 'reordered').toSorted(order)) {
    const at = holder(root, change.path);
    const step = last(change);
    if (!Array.isArray(at)) {
      if (change.kind === 'removed') delete at[String(step)];
      else at[String(step)] = change.after;
    } else if (change.kind === 'added') {
      at.splice(typeof step === 'number' ? step : at.length, 0, change.after);
    } else at.splice(indexOf(at, step), 1, ...(change.kind === 'changed' ? [change.after] : []));
  }
  return root[0];
}

const areNamed = (list: readonly unknown[]) =>
  list.every((item) => isRecord(item) && typeof item.name === 'string') &&
  new Set(list.map((item) => (item as { name: string }).name)).size === list.length;

/** Lists of named things in one order: that it changed is said, and not how. */
function normal(given: unknown): unknown {
  if (Array.isArray(given)) {
    const all = given.map(normal);
    return areNamed(given) ? all.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : all;
  }
  if (!isRecord(given)) return given;
  return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, normal(inner)]));
}

describe('the changes between two values', () => {
  const runs = { numRuns: sampleSize(2000, 20_000), seed: 9 };

  test('make the second of the first', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(normal(applied(before, changesBetween(before, after)))).toEqual(normal(after));
      }),
      runs,
    );
  });

  test('are none between equal values, and some between others', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(changesBetween(before, structuredClone(before))).toEqual([]);
        const differs = JSON.stringify(sorted(before)) !== JSON.stringify(sorted(after));
        expect(changesBetween(before, after).length > 0).toBe(differs);
      }),
      runs,
    );
  });

  test('say no path twice, and the same each time', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const changes = changesBetween(before, after);
        expect(new Set(changes.map(({ kind, path }) => JSON.stringify([kind, path]))).size).toBe(changes.length);
        expect(changesBetween(structuredClone(before), structuredClone(after))).toEqual(changes);
      }),
      runs,
    );
  });
});

/** With keys of maps in one order. */
function sorted(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(sorted);
  if (!isRecord(given)) return given;
  return Object.fromEntries(
    Object.keys(given)
      .toSorted()
      .map((key) => [key, sorted(given[key])]),
  );
}

describe('two lists', () => {
  test('differ in as few items as possible', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });
    fc.assert(
      fc.property(items, items, (before, after) => {
        const stretches = differencesBetween(before, after);
        const kept = before.length - stretches.reduce((sum, { removed }) => sum + removed, 0);
        const added = stretches.reduce((sum, stretch) => sum + stretch.added, 0);
        expect(after.length - added).toBe(kept);
        expect(kept).toBe(longest(before, after));
      }),
    );
  });

  test('of any length are compared in little time', () => {
    const many = (text: string) => Array.from({ length: 20_000 }, (_, index) => `${text}${index}`);
    const started = performance.now();
    expect(differencesBetween(many('a'), many('b'))).toEqual([{ before: 0, after: 0, removed: 20_000, added: 20_000 }]);
    expect(differencesBetween(many('a'), many('a').toSpliced(9000, 1))).toEqual([
      { before: 9000, after: 9000, removed: 1, added: 0 },
    ]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

/** The length of a longest common subsequence, by trying all. */
function longest([a, ...before]: readonly string[], after: readonly string[]): number {
  if (a === undefined) return 0;
  const at = after.indexOf(a);
  return Math.max(longest(before, after), at < 0 ? 0 : 1 + longest(before, after.slice(at + 1)));
}
