import { nearest } from '../input/did-you-mean';
import type { Path } from '../input/issue';
import generated from './generated/schemas.json';

/** What a value may be: the subset of JSON Schema that the API of Kubernetes needs. Without keywords: anything. */
export interface Schema {
  readonly $ref?: string;
  /** `quantity` is a string or number, `intOrString` an integer or string. */
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'quantity' | 'intOrString';
  /** With these, other keys are unknown unless `additionalProperties` defines them. */
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** What the pattern means, for messages: completes "use …". */
  readonly form?: string;
  readonly maxLength?: number;
  /** Of a number, or of `intOrString` where it is one. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Fields of which at most one may be set; and one must be, if `required`. */
  readonly choices?: readonly { readonly fields: readonly string[]; readonly required?: boolean }[];
}

/** The schemas of `lib/kubernetes/generated/schemas.json`. */
export interface Schemas {
  /** Their source. */
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

/** What is wrong with a value of an object. */
export interface SchemaIssue {
  readonly path: Path;
  /** Ends in "(what would be right)". Contains no value that may be secret. */
  readonly message: string;
}

/**
 * What the schema of an object's kind refuses: unknown and missing fields, and wrong values. Of kinds without a schema
 * only the metadata is checked.
 */
export function schemaIssues(object: ObjectData): SchemaIssue[] {
  const name = kinds[`${object.apiVersion} ${object.kind}`];
  return valueIssues(object, name === undefined ? ANY_KIND : { $ref: name }, []);
}

function valueIssues(value: unknown, given: Schema, path: Path): SchemaIssue[] {
  // The API server reads null as an absent field. An item of a list cannot be absent.
  if (value === null || value === undefined) return [];
  const schema = given.$ref === undefined ? given : (definitions[given.$ref] ?? {});
  const issue = (message: string) => [{ path, message }];
  if (schema.type && !isOfType(value, schema.type)) return issue(`is ${typeOf(value)} (use ${TYPES[schema.type]})`);
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      item === null && schema.items
        ? { path: [...path, index], message: 'is null (remove the item, or write it)' }
        : valueIssues(item, schema.items ?? {}, [...path, index]),
    );
  if (typeof value === 'object') return mapIssues(value as Readonly<Record<string, unknown>>, schema, path);
  if (schema.enum && !schema.enum.includes(String(value))) {
    const text = String(value).length > 40 ? 'too long' : JSON.stringify(value);
    return issue(`is ${text} (${hint(String(value), schema.enum)})`);
  }
  if (typeof value === 'number') return numberIssues(value, schema).map((message) => ({ path, message }));
  const { pattern, maxLength = Number.POSITIVE_INFINITY, form = `a text that matches ${pattern}` } = schema;
  if (pattern && !new RegExp(pattern).test(String(value))) return issue(`has an invalid format (use ${form})`);
  if (String(value).length > maxLength) return issue(`is too long (at most ${maxLength} characters)`);
  return [];
}

function numberIssues(value: number, { minimum = -Infinity, maximum = Infinity }: Schema): string[] {
  if (value < minimum) return [`is ${value} (must be at least ${minimum})`];
  return value > maximum ? [`is ${value} (must be at most ${maximum})`] : [];
}

function mapIssues(
  map: Readonly<Record<string, unknown>>,
  { properties, additionalProperties, required = [], choices = [] }: Schema,
  path: Path,
): SchemaIssue[] {
  const missing = required
    .filter((key) => map[key] === undefined || map[key] === null)
    .map((key) => ({ path: [...path, key], message: 'is missing (add it)' }));
  const wrong = Object.entries(map).flatMap(([key, value]) => {
    const known = properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (known) return valueIssues(value, known, [...path, key]);
    if (!properties) return [];
    const meant = nearest(key, Object.keys(properties));
    const right = meant ? `did you mean ${meant}?` : 'remove it, or compare it with kubectl explain';
    return [{ path: [...path, key], message: `is not a field of Kubernetes (${right})` }];
  });
  // An empty text is an absent one.
  const isSet = (key: string) => map[key] !== undefined && map[key] !== null && map[key] !== '';
  const ambiguous = choices.flatMap(({ fields, required: isRequired = false }) => {
    const given = fields.filter(isSet);
    if (given.length > 1) return [{ path, message: `has ${given.join(' and ')} (keep one)` }];
    if (given.length > 0 || !isRequired) return [];
    return [{ path, message: `has none of ${fields.join(', ')} (add one)` }];
  });
  return [...missing, ...ambiguous, ...wrong];
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

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
