import fc from 'fast-check';
import { type ConnectionNeeds, connectionPool, minimumConnections } from '../../../lib/components/server/connections';
import { release } from '../../../lib/mlflow/releases';

describe('connections', () => {
  const needs = fc.record({
    release: fc.constantFrom(release('3.1.0'), release('3.18.0')),
    maxConnections: fc.integer({ min: 10, max: 2000 }),
    replicas: fc.integer({ min: 1, max: 10 }),
    rolling: fc.boolean(),
    workers: fc.integer({ min: 1, max: 16 }),
    threads: fc.integer({ min: 1, max: 64 }),
  });
  /** The worst case: three engines a worker, a rolling update, and in each pod of the old ones a worker that is replaced. */
  const worst = ({ replicas, pods, workers }: ConnectionNeeds, each: number) =>
    3 * each * (replicas * (workers + 1) + (pods - replicas) * workers);

  test('never exceed what the database has, and are refused only when the fewest would', () => {
    fc.assert(
      fc.property(needs, ({ rolling, ...drawn }) => {
        const given = { ...drawn, pods: drawn.replicas * (rolling ? 2 : 1) };
        const pool = connectionPool(given);
        expect(minimumConnections(given)).toBe(worst(given, 2));
        if (!pool) {
          expect(worst(given, 2)).toBeGreaterThan(given.maxConnections);
          return;
        }
        expect(pool.size).toBeGreaterThanOrEqual(1);
        expect(pool.overflow).toBeGreaterThanOrEqual(1);
        expect(worst(given, pool.size + pool.overflow)).toBeLessThanOrEqual(given.maxConnections);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('are as many as help: the threads of a gunicorn worker, ten under uvicorn', () => {
    const plenty = { maxConnections: 100_000, pods: 2, replicas: 1, workers: 2, threads: 8 };
    expect(connectionPool({ ...plenty, release: release('3.1.0') })).toEqual({ size: 7, overflow: 1 });
    expect(connectionPool({ ...plenty, release: release('3.18.0') })).toEqual({ size: 9, overflow: 1 });
    expect(connectionPool({ ...plenty, threads: 1, release: release('3.1.0') })).toEqual({ size: 1, overflow: 1 });
  });

  test('fit the setting of the Ansible role', () => {
    expect(
      connectionPool({ release: release('3.1.0'), maxConnections: 100, pods: 2, replicas: 1, workers: 4, threads: 8 }),
    ).toEqual({ size: 2, overflow: 1 });
  });
});
