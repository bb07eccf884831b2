import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { EnvironmentInput, environment } from '../../lib/environment/model';
import { generatedFiles } from '../../tools/generated-files';
import type { JsonSchema } from '../../tools/json-schema';
import { isRecord, ROOT } from '../support/support';

/** True when each type takes every value of the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** A type without `readonly` before lists, which the model does not say. */
type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { [Key in keyof T]: Mutable<T[Key]> }
    : T;

/** The type of a value that is `as const`. */
type Constant<T> = T extends readonly (infer Item)[]
  ? readonly Constant<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Constant<T[Key]> }
    : T;

describe('what is generated from the model', () => {
  const files = generatedFiles();

  test.each([...files.keys()])('%s is committed as it would be generated', (name) => {
    expect(readFileSync(join(ROOT, name), 'utf8')).toBe(files.get(name));
  });

  test('describes every key', () => {
    const schema = JSON.parse(files.get('schema/environment.schema.json') ?? '{}') as JsonSchema;
    const undescribed = (node: JsonSchema, path: string): string[] => [
      ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
        ...(child.description?.trim() ? [] : [`${path}.${key}`]),
        ...undescribed(child, `${path}.${key}`),
      ]),
      ...(node.items ? undescribed(node.items, `${path}[]`) : []),
    ];
    expect(Object.keys(schema.properties ?? {}).length).toBeGreaterThan(10);
    expect(undescribed(schema, '')).toEqual([]);
  });

  test('knows no other keys in any section, and requires nothing of a base', () => {
    const nodes = (value: unknown): JsonSchema[] =>
      isRecord(value)
        ? [value, ...Object.values(value).flatMap(nodes)]
        : Array.isArray(value)
          ? value.flatMap(nodes)
          : [];
    const [environment, base] = ['environment', 'base'].map((name) =>
      JSON.parse(files.get(`schema/${name}.schema.json`) ?? '{}'),
    );
    expect(
      nodes(environment).filter(
        ({ properties, additionalProperties }) =>
          isRecord(properties) && properties.title === undefined && additionalProperties !== false,
      ),
    ).toEqual([]);
    expect(nodes(base).filter(({ required }) => Array.isArray(required))).toEqual([]);
  });
});

test('the declared input type, which carries the comments, is that of the model', () => {
  // The compiler says it; at run time there is nothing left to compare.
  const same: Same<Mutable<EnvironmentInput>, z.input<typeof environment>> = true;
  // Every list may be one that is `as const`.
  const takesConstants: Constant<EnvironmentInput> extends EnvironmentInput ? true : false = true;
  expect([same, takesConstants]).toEqual([true, true]);
});
