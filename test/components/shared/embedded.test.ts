import fc from 'fast-check';
import { sharedBuffers } from '../../../lib/components/database/memory';
import { OWN_STORES } from '../../support/embedded-fixtures';
import { resolution, resolved, SMALLEST } from '../../support/support';

describe('a store of its own', () => {
  test('has a host, an endpoint and a bucket without being told', () => {
    const { database, artifacts } = resolved({ ...OWN_STORES, name: 'ml' });
    expect(database).toMatchObject({ host: 'ml-database', port: 5432, create: true });
    expect(database.embedded?.claim.name).toBe('ml-database');
    expect(artifacts.s3).toMatchObject({
      bucket: 'mlflow-artifacts',
      endpoint: 'http://ml-object-store:7070',
      addressingStyle: 'path',
      createBucket: true,
    });
    expect(artifacts.embedded?.claim.name).toBe('ml-object-store');
  });

  test('is what it is told to be', () => {
    const { database, artifacts } = resolved({
      ...OWN_STORES,
      database: { embedded: { storage: { name: 'runs' }, image: { tag: '18.1' } }, create: false },
      artifacts: { embedded: {}, s3: { bucket: 'models', prefix: 'a', createBucket: false } },
    });
    expect(database).toMatchObject({ create: false, embedded: { claim: { name: 'runs' }, version: '18.1' } });
    expect(artifacts.s3).toMatchObject({ bucket: 'models', prefix: 'a', createBucket: false });
  });

  test.each([
    ['17.11-trixie', '17.11-trixie'],
    ['18_edge.', '18_edge'],
    [`18${'x'.repeat(60)}--y`, `18${'x'.repeat(60)}`],
    [`18${'x'.repeat(126)}`, `18${'x'.repeat(61)}`],
  ])('with the tag %s has a version that a label takes', (tag, version) => {
    expect(resolved({ ...OWN_STORES, database: { embedded: { image: { tag } } } }).database.embedded).toMatchObject({
      version,
      image: `docker.io/library/postgres:${tag}`,
    });
  });

  test('of S3 with a tag that starts and ends with what a label may not has a version that a label takes', () => {
    const { artifacts } = resolved({ ...OWN_STORES, artifacts: { embedded: { image: { tag: '_edge.' } } } });
    expect(artifacts.embedded).toMatchObject({ version: 'edge', image: expect.stringMatching(/:_edge\.$/) });
  });

  test('elsewhere creates nothing unless it is told to', () => {
    expect(resolved(SMALLEST)).toMatchObject({
      database: { create: false },
      artifacts: { s3: { createBucket: false } },
    });
    expect(resolved(SMALLEST).generatedSecrets).toEqual([]);
  });

  test('of PostgreSQL has the memory for all of its connections, or is refused', () => {
    const sizes = fc.record({
      connections: fc.integer({ min: 20, max: 3000 }),
      megabytes: fc.integer({ min: 16, max: 8192 }),
    });
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(sizes, ({ connections, megabytes }) => {
        const limits = { memory: `${megabytes}Mi` };
        const { environment, issues } = resolution({
          ...OWN_STORES,
          server: { workers: 1, replicas: 0 },
          database: { embedded: { resources: { limits } }, maxConnections: connections },
        });
        const place = 'database.embedded.resources.limits.memory';
        const needed = connections + 10;
        if (environment) {
          accepted += 1;
          expect(Number.parseInt(sharedBuffers(limits.memory), 10) + 2 * needed).toBeLessThanOrEqual(megabytes);
        } else if (issues.some(({ path }) => path.join('.') === place)) {
          refused += 1;
          // What has room to spare is not refused.
          expect(megabytes).toBeLessThan(4 * needed + 128);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(50);
  });

  test('of PostgreSQL keeps a quarter of its memory for shared buffers, and never less than it can start with', () => {
    const factors = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, M: 1e6, G: 1e9 };
    const limit = fc.record({
      number: fc.integer({ min: 1, max: 4096 }),
      suffix: fc.constantFrom(...(Object.keys(factors) as (keyof typeof factors)[])),
    });
    fc.assert(
      fc.property(limit, ({ number, suffix }) => {
        const [, megabytes] = /^(\d+)MB$/.exec(sharedBuffers(`${number}${suffix}`)) ?? [];
        const bytes = Number(megabytes) * 2 ** 20;
        const quarter = (number * factors[suffix]) / 4;
        if (quarter < 16 * 2 ** 20) return expect(bytes).toBe(16 * 2 ** 20);
        expect(bytes).toBeLessThanOrEqual(quarter);
        expect(bytes).toBeGreaterThan(quarter - 2 ** 20);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
