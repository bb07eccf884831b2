import fc from 'fast-check';
import { environmentSchema, type JsonSchema } from '../../tools/json-schema';
import { none, Sample } from '../properties/sample';
import { isRecord } from '../support/support';
import { GENERATED_KEYS, randomEnvironment } from './environment';
import { RELEASES } from './shared/releases';

const sample = new Sample(8, 1000);

describe('the random environments', () => {
  test('know every top-level key of the model', () => {
    expect([...GENERATED_KEYS].sort()).toEqual(Object.keys(environmentSchema().properties ?? {}).sort());
  });

  test('give every key of every section somewhere', () => {
    const used = new Set(fc.sample(randomEnvironment, { numRuns: 400, seed: 1 }).flatMap((input) => keysOf(input)));
    none([...keysOfSchema(environmentSchema())].filter((key) => key !== 'extends' && !used.has(key)));
  });

  test('are composed, or refused with issues that have one line and a place', () => {
    for (const { path, message } of sample.outcomes.flatMap(({ issues }) => issues)) {
      expect(message).toMatch(/^\S.*\S$/);
      expect(path.length).toBeGreaterThan(0);
    }
    expect(sample.valid.length / sample.outcomes.length).toBeGreaterThan(0.9);
  });

  test('break no rule of synth once the model and the release take them', () => {
    none(sample.outcomes.filter(({ environment }) => environment).flatMap(({ issues }) => issues));
  });

  test('meet every release', () => {
    const tags = fc
      .sample(randomEnvironment, { numRuns: 400, seed: 1 })
      .map(({ image, mlflowVersion }) => `${image?.tag ?? mlflowVersion}`);
    none(RELEASES.filter((version) => !tags.some((tag) => tag.includes(version))));
  });
});

/** The paths of the keys that a value has; lists do not count as steps. */
function keysOf(value: unknown, prefix: unknown = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, prefix));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${prefix}${key}`, ...keysOf(inner, `${prefix}${key}.`)]);
}

function keysOfSchema(node: JsonSchema, prefix = ''): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    `${prefix}${key}`,
    ...keysOfSchema(child, `${prefix}${key}.`),
  ]);
  return node.items ? [...own, ...keysOfSchema(node.items, prefix)] : own;
}
