import { z } from 'zod';
import { environment } from '../lib/environment/model';
import { unwrap } from '../lib/environment/parse';
import * as sections from '../lib/environment/sections';

/** A node of a JSON Schema, as far as it is read here. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  required?: string[];
  enum?: string[];
  default?: unknown;
  anyOf?: JsonSchema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  [keyword: string]: unknown;
}

/** The JSON Schema of the environment file, every key with the comment that stands above it in the model. */
export function environmentSchema(documentation: ReadonlyMap<string, string>): JsonSchema {
  const schema = z.toJSONSchema(environment, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  document(environment, schema, 'environment', documentation);
  return { $schema: schema.$schema, title: 'cdk8s-mlflow environment', ...tidy(schema) };
}

/** The schema of a file that others extend: the same, with nothing required. */
export function baseSchema(schema: JsonSchema): JsonSchema {
  const relax = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(relax);
    if (typeof node !== 'object' || node === null) return node;
    const { required: _, ...rest } = node as JsonSchema;
    return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, relax(value)]));
  };
  return { ...(relax(schema) as JsonSchema), title: 'cdk8s-mlflow base environment' };
}

const SECTIONS = new Map<z.core.$ZodType, string>(Object.entries(sections).map(([name, node]) => [node, name]));

/** Writes descriptions into a schema, beside the model that it was made from. */
function document(
  model: z.core.$ZodType,
  node: JsonSchema,
  prefix: string,
  documentation: ReadonlyMap<string, string>,
): void {
  const inner = unwrap(model);
  const name = SECTIONS.get(inner) ?? prefix;
  const definition = inner._zod.def as { element?: z.core.$ZodType; shape?: Record<string, z.core.$ZodType> };
  if (definition.element && node.items) document(definition.element, node.items, name, documentation);
  for (const [key, property] of Object.entries(node.properties ?? {})) {
    const path = `${name}.${key}`;
    const text = documentation.get(path);
    if (text) property.description = text;
    const child = definition.shape?.[key];
    if (child) document(child, property, path, documentation);
  }
}

/** Leaves out what only repeats that nothing is given, or zod's own bounds of a number. */
function tidy(node: JsonSchema): JsonSchema {
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'default' && JSON.stringify(value).match(/^(\{\}|\[\])$/)) return [];
    if ((key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) return [];
    if (key === 'propertyNames') return [];
    if (Array.isArray(value)) return [[key, value.map((item) => (isNode(item) ? tidy(item) : item))]];
    if (key === 'properties' && isNode(value)) {
      const properties = Object.entries(value).map(([name, property]) => [name, tidy(property as JsonSchema)]);
      return [[key, Object.fromEntries(properties)]];
    }
    return [[key, isNode(value) && key !== 'default' ? tidy(value) : value]];
  });
  return Object.fromEntries(entries);
}

const isNode = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
