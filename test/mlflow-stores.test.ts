import fc from 'fast-check';
import { parseEnvironment } from '../lib/environment/parse';
import type { EnvironmentInput } from '../lib/environment/schema';
import { sharedBuffers } from '../lib/mlflow/embedded';
import { generatedSecrets } from '../lib/mlflow/generated-secrets';
import { OWN_STORES } from './fixtures';
import { resolved, SMALLEST } from './support';

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
    ['17.7-trixie', '17.7-trixie'],
    ['_edge.', 'edge'],
    [`${'x'.repeat(62)}--y`, 'x'.repeat(62)],
    ['x'.repeat(128), 'x'.repeat(63)],
  ])('with the tag %s has a version that a label takes', (tag, version) => {
    expect(resolved({ ...OWN_STORES, database: { embedded: { image: { tag } } } }).database.embedded).toMatchObject({
      version,
      image: `docker.io/library/postgres:${tag}`,
    });
  });

  test('elsewhere creates nothing unless it is told to', () => {
    expect(resolved(SMALLEST)).toMatchObject({
      database: { create: false },
      artifacts: { s3: { createBucket: false } },
    });
    expect(resolved(SMALLEST).generatedSecrets).toEqual([]);
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

describe('the Secrets to generate', () => {
  const secretsOf = (input: EnvironmentInput) => {
    const { environment, faults } = parseEnvironment({ ...OWN_STORES, ...input });
    if (!environment) throw new Error(JSON.stringify(faults));
    return generatedSecrets(environment);
  };
  const login = { name: 'mlflow-basic-auth', purpose: 'login' };

  test('are those that nobody else can know, with passwords that are long enough', () => {
    const secrets = secretsOf({});
    expect(secrets).toEqual([
      { name: 'mlflow-db-credentials', purpose: 'database', values: expect.anything() },
      { name: 'mlflow-s3-secret', purpose: 'object-store', values: expect.anything() },
      { ...login, values: expect.anything() },
    ]);
    const lengths = secrets.flatMap(({ values }) =>
      Object.values(values).flatMap((value) => ('random' in value ? [value.random] : [])),
    );
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20);
    expect(lengths).toHaveLength(5);
  });

  test('are none of those that somebody else knows', () => {
    const mine = { ...login, values: expect.anything() };
    expect(secretsOf(SMALLEST)).toEqual([mine]);
    expect(secretsOf({ ...SMALLEST, auth: { enabled: false } })).toEqual([]);
    expect(secretsOf({ secrets: { provider: 'existing' } })).toEqual([]);
  });

  test('with one name are one, with all values', () => {
    const [secret, ...others] = secretsOf({ database: { embedded: {}, credentials: { secret: login.name } } });
    expect(others.map(({ name }) => name)).toEqual(['mlflow-s3-secret']);
    expect(secret).toMatchObject({ name: login.name, purpose: 'database' });
    expect(Object.keys(secret?.values ?? {})).toEqual([
      ...['username', 'password'],
      ...['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD', 'MLFLOW_FLASK_SERVER_SECRET_KEY'],
    ]);
  });
});
