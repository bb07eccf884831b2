import { z } from 'zod';
import { environment } from '../lib/environment/model';

/** A node of a JSON Schema, as far as it is read here. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  /** The statement of a derived default, in Markdown; not a keyword of JSON Schema. */
  derived?: string;
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

/** The model as a JSON Schema of what users write, with every description and derived default. */
export const modelSchema = (): JsonSchema =>
  z.toJSONSchema(environment, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** The JSON Schema of the environment file, in which the description of a key ends with its derived default. */
export function environmentSchema(): JsonSchema {
  const { $schema, ...schema } = modelSchema();
  return { $schema, title: 'cdk8s-mlflow environment', ...tidy(schema) };
}

/** The description of a key, with its derived default. */
export function fullDescription({ description = '', derived }: JsonSchema): string {
  return derived === undefined ? description : `${description} Default: ${derived}.`;
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

/** Removes empty defaults and zod's own bounds of a number, and moves derived defaults into descriptions. */
function tidy(node: JsonSchema): JsonSchema {
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'derived') return [];
    if (key === 'description') return [[key, fullDescription(node)]];
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
