import fc from 'fast-check';
import { environmentSchema, type JsonSchema } from '../../tools/json-schema';
import { none, Sample } from '../properties/sample';
import { isRecord } from '../support/support';
import { GENERATED_KEYS, randomEnvironment } from './environment';
import { RELEASES } from './shared/releases';

const sample = new Sample(8, 1000);
const inputs = fc.sample(randomEnvironment, { numRuns: 400, seed: 1 });

describe('the random environments', () => {
  test('know every top-level key of the model', () => {
    expect([...GENERATED_KEYS].sort()).toEqual(Object.keys(environmentSchema().properties ?? {}).sort());
  });

  test('give every key of every section somewhere', () => {
    const schema = environmentSchema();
    const found = new Set(inputs.flatMap((input) => foundIn(input, schema)));
    none(statedBy(schema).filter((each) => each !== '.extends' && !found.has(each)));
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
    const tags = inputs.map(({ image, mlflowVersion }) => `${image?.tag ?? mlflowVersion}`);
    none(RELEASES.filter((version) => !tags.some((tag) => tag.includes(version))));
  });
});

/**
 * What there is to generate, by the model: every key, every value of an enumeration, both truth values, and every type
 * of a value that may have several. `*` is any key of a map, `[]` any item of a list.
 */
function statedBy(node: JsonSchema, path = ''): string[] {
  return [
    ...choicesOf(node).map((choice) => `${path}: ${choice}`),
    ...childrenOf(node, path).flatMap(([child, inner]) => [inner, ...statedBy(child, inner)]),
  ];
}

/** What a value has of that. */
function foundIn(value: unknown, node: JsonSchema, path = ''): string[] {
  if (Array.isArray(value))
    return value.flatMap((item) => [`${path}[]`, ...foundIn(item, node.items ?? {}, `${path}[]`)]);
  if (!isRecord(value)) return [`${path}: ${value}`, `${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = node.properties?.[key];
    const child = known ?? (isRecord(node.additionalProperties) ? node.additionalProperties : {});
    const below = `${path}.${known ? key : '*'}`;
    return [below, ...foundIn(inner, child, below)];
  });
}

function choicesOf({ enum: values, type }: JsonSchema): unknown[] {
  if (values) return values;
  if (type === 'boolean') return [true, false];
  return Array.isArray(type) ? type : [];
}

function childrenOf({ properties, items, additionalProperties }: JsonSchema, path: string): [JsonSchema, string][] {
  return [
    ...Object.entries(properties ?? {}).map(([key, child]): [JsonSchema, string] => [child, `${path}.${key}`]),
    ...(items ? [[items, `${path}[]`] as [JsonSchema, string]] : []),
    ...(isRecord(additionalProperties) ? [[additionalProperties, `${path}.*`] as [JsonSchema, string]] : []),
  ];
}
