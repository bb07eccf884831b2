import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentInput } from '../../lib/environment/model';
import { LARGE_SAMPLE, testInLargeSample } from '../support/sample-size';
import { isRecord, ROOT } from '../support/support';
import { COMBINATIONS, outputOf } from './combinations';

/** The matrix that the validators see. That it is complete and valid needs no validator. */

/** Keys and words of the environment file, as `server.replicas` and `service.type=NodePort`. */
function keysOf(schema: unknown, path: readonly string[] = []): string[] {
  if (!isRecord(schema)) return [];
  const { properties, items, enum: words } = schema;
  if (Array.isArray(words)) return words.map((word) => `${path.join('.')}=${word}`);
  if (isRecord(properties)) return Object.entries(properties).flatMap(([key, value]) => keysOf(value, [...path, key]));
  return isRecord(items) && isRecord(items.properties) ? keysOf(items, path) : [path.join('.')];
}

function given(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) return [path.join('.'), ...value.flatMap((item) => given(item, path))];
  if (isRecord(value))
    return [path.join('.'), ...Object.entries(value).flatMap(([key, v]) => given(v, [...path, key]))];
  return value === undefined ? [] : [path.join('.'), `${path.join('.')}=${value}`];
}

/** What no row needs to have: it is for files, named by the rows, or seen in a committed environment. */
const ELSEWHERE = ['extends', 'namespace.name', 'patches.operations.op=remove', 'patches.operations.op=replace'];

test('every key of the environment file is in the matrix, with every allowed word', () => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'schema', 'environment.schema.json'), 'utf8')) as unknown;
  const wanted = keysOf(schema);
  expect(wanted.length).toBeGreaterThan(150);
  const there = new Set([...COMBINATIONS.values()].flatMap((input) => given(input)));
  expect(wanted.filter((key) => !there.has(key) && !ELSEWHERE.includes(key))).toEqual([]);
});

// Synthesizing them all is the work of the validators' own run.
const some = [...COMBINATIONS].filter((_, index) => LARGE_SAMPLE || index % 4 === 0);

test.each(some)('%s is an environment without an issue', (name, input) => {
  expect(outputOf(name, input).files.length).toBeGreaterThan(2);
});

/** The rows whose text is that of an earlier one, but for their names. */
function repeated(textOf: (name: string, input: EnvironmentInput) => unknown): string[] {
  const texts = [...COMBINATIONS].map(([name, input]) => JSON.stringify(textOf(name, input)).replaceAll(name, 'NAME'));
  return [...COMBINATIONS.keys()].filter((_, index) => texts.indexOf(texts[index] ?? '') !== index);
}

test('no two rows have the same input', () => {
  expect(repeated((_, input) => input)).toEqual([]);
});

testInLargeSample('no two rows have the same output', () => {
  expect(repeated(outputOf)).toEqual([]);
});
