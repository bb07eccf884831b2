/** In CPU time, because other programs run beside. */

const FEW = 1000;
/** Of the costs. It is 4 if they are linear, 16 if they are quadratic. */
const LIMIT = 12;

/** CPU time in milliseconds. */
function cost(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Expects that the cost for four times as much grows with it, and not with its square, which would be 16 times. The least
 * ratio of some tries, because the time of other tests in this process counts, too.
 */
export function expectLinear(run: (count: number) => unknown, few = FEW): void {
  run(few);
  const tries = function* () {
    // Below some milliseconds, the collection of garbage decides.
    for (let number = 0; number < 10; number += 1) {
      const small = cost(() => run(few));
      yield cost(() => run(4 * few)) / Math.max(small, 25);
    }
  };
  expect([...takeUntil(tries(), (ratio) => ratio < LIMIT)].at(-1)).toBeLessThan(LIMIT);
}

/** Values up to the first that fits. */
function* takeUntil<T>(values: Iterable<T>, fits: (value: T) => boolean): Generator<T> {
  for (const value of values) {
    yield value;
    if (fits(value)) return;
  }
}
