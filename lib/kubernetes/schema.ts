import { nearest } from '../input/did-you-mean';
import { formatPath, type Path } from '../input/issue';
import generated from './generated/schemas.json';

/** What a value may be: the subset of JSON Schema that the API of Kubernetes needs. Without keywords: anything. */
export interface Schema {
  readonly $ref?: string;
  /** `quantity` is a string or number, `intOrString` an integer or string. */
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'quantity' | 'intOrString';
  /** With these, no other keys are known unless `additionalProperties` says what they are. */
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
}

/** The schemas of `lib/kubernetes/generated/schemas.json`. */
export interface Schemas {
  /** Where they are from. */
  readonly source: string;
  /** The definition of each kind, by `apps/v1 Deployment`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

const { kinds, definitions } = generated as unknown as Schemas;

const ANY_KIND: Schema = { properties: { metadata: { $ref: 'ObjectMeta' } }, additionalProperties: {} };

/** A Kubernetes object as plain data. */
export interface ObjectData {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * What the schema of an object's kind refuses: unknown and missing fields, and wrong values. Each text starts with the key
 * path and ends in "(what would be right)".
 *
 * Of kinds without a schema only the metadata is checked.
 */
export function schemaIssues(object: ObjectData): string[] {
  const name = kinds[`${object.apiVersion} ${object.kind}`];
  const schema = name === undefined ? ANY_KIND : { $ref: name };
  const issues: string[] = [];
  check(object, schema, [], issues, object.kind.toLowerCase());
  return issues;
}

function check(value: unknown, given: Schema, path: Path, issues: string[], kind: string): void {
  const schema = given.$ref === undefined ? given : (definitions[given.$ref] ?? {});
  // The API server reads null as nothing at all.
  if (value === null || value === undefined) return;
  if (schema.type && !isOfType(value, schema.type)) {
    issues.push(`${formatPath(path)} is ${describe(value)} (use ${TYPES[schema.type]})`);
  } else if (Array.isArray(value)) {
    const { items = {} } = schema;
    value.forEach((item, index) => {
      check(item, items, [...path, index], issues, kind);
    });
  } else if (typeof value === 'object') {
    checkMap(value as Readonly<Record<string, unknown>>, schema, path, issues, kind);
  } else if (schema.enum && !schema.enum.includes(String(value))) {
    issues.push(`${formatPath(path)} is ${describe(value)} (${hint(String(value), schema.enum)})`);
  } else if (schema.pattern && !new RegExp(schema.pattern).test(String(value))) {
    issues.push(`${formatPath(path)} is ${describe(value)} (use a text that matches ${schema.pattern})`);
  }
}

function checkMap(
  map: Readonly<Record<string, unknown>>,
  { properties, additionalProperties, required = [] }: Schema,
  path: Path,
  issues: string[],
  kind: string,
): void {
  for (const key of required) {
    if (map[key] === undefined || map[key] === null) issues.push(`${formatPath([...path, key])} is missing (add it)`);
  }
  for (const [key, value] of Object.entries(map)) {
    const known = properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (known) check(value, known, [...path, key], issues, kind);
    else if (properties) {
      const meant = nearest(key, Object.keys(properties));
      const explained = ['kubectl explain', [kind, ...path.filter((step) => typeof step === 'string')].join('.')].join(
        ' ',
      );
      const right = meant ? `did you mean ${meant}?` : `remove it, or see ${explained}`;
      issues.push(`${formatPath([...path, key])} is not a field of Kubernetes (${right})`);
    }
  }
}

const TYPES: Readonly<Record<NonNullable<Schema['type']>, string>> = {
  string: 'a string, in quotes',
  integer: 'an integer, without quotes',
  number: 'a number, without quotes',
  boolean: 'true or false, without quotes',
  array: 'a list',
  object: 'a map',
  quantity: 'a quantity such as 500m or 1Gi',
  intOrString: 'an integer or a string',
};

function isOfType(value: unknown, type: NonNullable<Schema['type']>): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number';
    case 'intOrString':
      return typeof value === 'string' || Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function hint(value: string, allowed: readonly string[]): string {
  const meant = nearest(value, allowed);
  return meant ? `did you mean ${meant}?` : `use one of ${allowed.join(', ')}`;
}

/** A value in a message. Texts may be long or secret, so of those that are not short only the kind is named. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value);
  return text.length > 40 ? `a ${typeof value}` : text;
}
