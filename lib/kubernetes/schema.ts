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

/** Whether the schema of an object's kind is known. */
export const hasSchema = ({ apiVersion, kind }: ObjectData): boolean => Object.hasOwn(kinds, `${apiVersion} ${kind}`);

/** The `apiVersion`s that serve a kind whose schema is known. */
export const apiVersionsOf = (kind: string): string[] =>
  Object.keys(kinds).flatMap((name) => (name.endsWith(` ${kind}`) ? name.slice(0, -kind.length - 1) : []));

/** Every kind whose schema is known. */
export const everySchemaKind = (): string[] => [
  ...new Set(Object.keys(kinds).map((name) => name.slice(name.indexOf(' ') + 1))),
];

/**
 * What the schema of an object's kind refuses: unknown and missing fields, and wrong values. Of kinds without a schema
 * only the metadata is checked.
 */
export function schemaIssues(object: ObjectData): SchemaIssue[] {
  const name = kinds[`${object.apiVersion} ${object.kind}`];
  const found = new Found();
  checkValue(object, name === undefined ? ANY_KIND : { $ref: name }, found);
  return found.issues;
}

/**
 * The issues of an object so far, and the path of the value that is being checked. Nearly all values are valid, and
 * every value of an output is checked at every synth, so a path is only copied for an issue.
 */
class Found {
  readonly issues: SchemaIssue[] = [];
  readonly path: (string | number)[] = [];

  /** Adds an issue of the current value, or of one directly inside. */
  add(message: string, ...inside: Path): void {
    this.issues.push({ path: [...this.path, ...inside], message });
  }
}

function checkValue(value: unknown, given: Schema, found: Found): void {
  // The API server reads null as an absent field. An item of a list cannot be absent.
  if (value === null || value === undefined) return;
  const schema = given.$ref === undefined ? given : (definitions[given.$ref] ?? ANYTHING);
  if (schema.type && !isOfType(value, schema.type)) found.add(`is ${typeOf(value)} (use ${TYPES[schema.type]})`);
  else if (Array.isArray(value)) checkList(value, schema, found);
  else if (typeof value === 'object') checkMap(value as Readonly<Record<string, unknown>>, schema, found);
  else checkScalar(value, schema, found);
}

const ANYTHING: Schema = {};

function checkList(list: readonly unknown[], { items }: Schema, found: Found): void {
  for (const [index, item] of list.entries()) {
    if (item === null && items) found.add('is null (remove the item, or write it)', index);
    else checkInside(index, item, items ?? ANYTHING, found);
  }
}

function checkInside(step: string | number, value: unknown, schema: Schema, found: Found): void {
  found.path.push(step);
  checkValue(value, schema, found);
  found.path.pop();
}

function checkScalar(value: unknown, schema: Schema, found: Found): void {
  const text = String(value);
  if (schema.enum && !schema.enum.includes(text)) {
    const shown = text.length > 40 ? 'too long' : JSON.stringify(value);
    found.add(`is ${shown} (${hint(text, schema.enum)})`);
  } else if (typeof value === 'number') checkNumber(value, schema, found);
  else checkText(text, schema, found);
}

function checkNumber(value: number, { minimum = -Infinity, maximum = Infinity }: Schema, found: Found): void {
  if (value < minimum) found.add(`is ${value} (must be at least ${minimum})`);
  else if (value > maximum) found.add(`is ${value} (must be at most ${maximum})`);
}

function checkText(text: string, { pattern, maxLength = Infinity, form }: Schema, found: Found): void {
  if (pattern !== undefined && !expression(pattern).test(text)) {
    found.add(`has an invalid format (use ${form ?? `a text that matches ${pattern}`})`);
  } else if (text.length > maxLength) found.add(`is too long (at most ${maxLength} characters)`);
}

const expressions = new Map<string, RegExp>();

/** The compiled form of a pattern. */
function expression(pattern: string): RegExp {
  const compiled = expressions.get(pattern) ?? new RegExp(pattern);
  expressions.set(pattern, compiled);
  return compiled;
}

function checkMap(map: Readonly<Record<string, unknown>>, schema: Schema, found: Found): void {
  const { properties, additionalProperties, required = NONE, choices = NONE } = schema;
  for (const key of required) {
    if (map[key] === undefined || map[key] === null) found.add('is missing (add it)', key);
  }
  for (const choice of choices) checkChoice(map, choice, found);
  for (const key of Object.keys(map)) {
    const known = properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (known) checkInside(key, map[key], known, found);
    else if (properties) found.add(`is not a field of Kubernetes (${rightField(key, properties)})`, key);
  }
}

const NONE: readonly never[] = [];

function checkChoice(
  map: Readonly<Record<string, unknown>>,
  { fields, required = false }: NonNullable<Schema['choices']>[number],
  found: Found,
): void {
  // An empty text is an absent one.
  const given = fields.filter((key) => map[key] !== undefined && map[key] !== null && map[key] !== '');
  if (given.length > 1) found.add(`has ${given.join(' and ')} (keep one)`);
  else if (given.length === 0 && required) found.add(`has none of ${fields.join(', ')} (add one)`);
}

function rightField(key: string, properties: Readonly<Record<string, Schema>>): string {
  const meant = nearest(key, Object.keys(properties));
  return meant ? `did you mean ${meant}?` : 'remove it, or compare it with kubectl explain';
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
