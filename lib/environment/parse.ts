import { z } from 'zod';
import { nearest } from '../input/did-you-mean';
import type { Issue, Path } from '../input/issue';
import { checkEnvironment } from './checks';
import { InvalidPaths } from './invalid-paths';
import { type Environment, environment as schema } from './model';

/** A valid environment, or the issues of the input. */
export interface ParsedEnvironment {
  readonly environment?: Environment;
  readonly issues: readonly Issue[];
}

/** A given environment as far as it is valid. */
export interface ModelReading {
  /** Without what is invalid; undefined if nothing can be said of the rest. */
  readonly environment?: Environment;
  /** What the model says against the given value. */
  readonly issues: readonly Issue[];
  /** The issues of checks of `environment` that hold whatever the invalid values should be, with the paths of the given value. */
  certain(found: readonly Issue[]): Issue[];
}

/**
 * Validates a plain value against the model and the rules between sections, and fills in plain defaults. Where the
 * model finds issues, the invalid values are left out, or replaced with the defaults of a section, and the rest is
 * checked anyway, so that every issue is reported at once.
 */
export function parseEnvironment(given: unknown): ParsedEnvironment {
  const { environment, issues: invalid, certain } = readModel(given);
  const issues = [...invalid, ...(environment ? certain(checkEnvironment(environment)) : [])];
  return issues.length > 0 ? { issues } : { environment, issues };
}

/** Validates a plain value against the model alone, and keeps what is valid. */
export function readModel(given: unknown): ModelReading {
  const result = schema.safeParse(given);
  if (result.success) return { environment: result.data, issues: [], certain: (found) => [...found] };
  const issues = firstOfEach(result.error.issues).flatMap((zodIssue) => describeZodIssue(zodIssue, given));
  const invalid = issues.map(({ path }) => path);
  const rest = schema.safeParse(omit(given, invalid));
  const paths = new InvalidPaths(invalid);
  const asGiven = givenPaths(given, paths);
  const certain = (found: readonly Issue[]) =>
    found
      .map((issue) => ({ ...issue, path: asGiven(issue.path), dependsOn: issue.dependsOn?.map(asGiven) }))
      .filter(({ path, dependsOn = [] }) => ![path, ...dependsOn].some((each) => paths.isRelated(each)));
  return { environment: rest.success ? rest.data : undefined, issues, certain };
}

/** One issue for each value: others follow from it. Of several bounds the last one is the narrowest. */
function firstOfEach(zodIssues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const byPath = new Map<string, z.core.$ZodIssue>();
  for (const zodIssue of zodIssues) {
    const path = JSON.stringify([...zodIssue.path.map(String), zodIssue.code === 'unrecognized_keys']);
    const known = byPath.get(path);
    if (!known || (known.code === 'too_big' && zodIssue.code === 'too_big')) byPath.set(path, zodIssue);
  }
  return [...byPath.values()];
}

/**
 * A copy of `value` without what `paths` name, and without the whole item of a list that it is in. An optional section
 * that is written, but invalid, gets its defaults: `embedded: true` must not report a missing host as well.
 *
 * @param at where `value` is in the whole
 */
function omit(value: unknown, paths: readonly Path[], at: Path = []): unknown {
  if (paths.some((path) => path.length === 0)) return value !== false && isSwitchedOn(typeAt(at)) ? {} : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const below = new Map<string, Path[]>();
  for (const [step, ...rest] of paths) {
    const inside = below.get(String(step)) ?? [];
    below.set(String(step), inside);
    inside.push(rest);
  }
  if (Array.isArray(value)) return value.filter((_, index) => !below.has(String(index)));
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const inside = below.get(key);
    const kept = inside ? omit(inner, inside, [...at, key]) : inner;
    return inside && kept === undefined ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(entries);
}

/** The path in the given value of what `omit` left at a path: items of a list moved up. */
function givenPaths(given: unknown, omitted: InvalidPaths): (path: Path) => Path {
  const kept = new Map<string, readonly number[]>();
  const keptIn = (list: readonly unknown[], path: Path) => {
    const known =
      kept.get(JSON.stringify(path)) ?? [...list.keys()].filter((index) => !omitted.isRelated([...path, index]));
    kept.set(JSON.stringify(path), known);
    return known;
  };
  return (path) => {
    const found: (string | number)[] = [];
    for (const step of path) {
      const list = typeof step === 'number' ? valueAt(given, found) : undefined;
      found.push(Array.isArray(list) ? (keptIn(list, found)[Number(step)] ?? step) : step);
    }
    return found;
  };
}

function describeZodIssue(zodIssue: z.core.$ZodIssue, given: unknown): Issue[] {
  const path = zodIssue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (zodIssue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return zodIssue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known) }));
  }
  return [{ path, message: describe(zodIssue, valueAt(given, path), typeAt(path)) }];
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `is not a known key (${meant ? `did you mean ${meant}?` : `known keys: ${known.join(', ')}`})`;
}

function describe(zodIssue: z.core.$ZodIssue, value: unknown, type: z.core.$ZodType | undefined): string {
  if (value === undefined) return 'is missing (set a value)';
  if (value === null) {
    return `has no value (${isSwitchedOn(type) ? 'write {} for its defaults' : 'set one'}, or remove the key)`;
  }
  switch (zodIssue.code) {
    case 'invalid_type':
      return describeType(zodIssue.expected, value, type);
    case 'invalid_value': {
      const allowed = zodIssue.values.map(String);
      const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
      return `is not an allowed value (${meant ? `did you mean ${meant}? ` : ''}use ${allowed.join(', ')})`;
    }
    case 'too_small':
      return typeof value === 'number'
        ? `is ${value} (must be at least ${zodIssue.minimum})`
        : `is too short (use at least ${zodIssue.minimum})`;
    case 'too_big':
      return typeof value === 'number'
        ? `is ${value} (must be at most ${zodIssue.maximum})`
        : `is too long (use at most ${zodIssue.maximum} ${Array.isArray(value) ? 'items' : 'characters'})`;
    case 'invalid_key':
      return `is not a valid key (${zodIssue.issues[0]?.message ?? 'see the reference'})`;
    case 'invalid_union':
      return `is invalid (${zodIssue.message === 'Invalid input' ? 'must be a text, a number, true or false' : zodIssue.message})`;
    default:
      return `is invalid (${zodIssue.message})`;
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  record: 'a map of keys to values',
  object: 'a map of keys to values',
};

function describeType(expected: string, value: unknown, type: z.core.$ZodType | undefined): string {
  const is = Array.isArray(value) ? 'a list' : (TYPE_NAMES[typeof value] ?? 'something else');
  const must = TYPE_NAMES[expected] ?? expected;
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `is read as ${is}, not as text (write it in quotes)`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return `is ${value} (must be a finite number)`;
  if (expected === 'int' && typeof value === 'number') return `is ${value} (must be a whole number)`;
  if (!isSwitchedOn(type)) return `is ${is} (must be ${must})`;
  if (value === false) return 'is false (remove the key to turn it off)';
  return `is ${value === true ? 'true' : is} (must be ${must}, or {} for its defaults)`;
}

function valueAt(given: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined,
    given,
  );
}

/** The keys that the model knows at a path. */
function knownKeys(path: Path): readonly string[] {
  const type = typeAt(path);
  const definition = type && unwrap(type)._zod.def;
  return definition && isObject(definition) ? Object.keys(definition.shape) : [];
}

/** The type of a path in the model, including its default or that it is optional; undefined for an unknown key. */
function typeAt(path: Path): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((type, step) => {
    const definition = type && unwrap(type)._zod.def;
    if (definition && isObject(definition)) {
      return Object.hasOwn(definition.shape, step) ? definition.shape[String(step)] : undefined;
    }
    return definition && isArray(definition) ? definition.element : undefined;
  }, schema);
}

/** Whether it is an optional section that can be written as `{}`. */
const isSwitchedOn = (type: z.core.$ZodType | undefined) =>
  type?._zod.def.type === 'optional' && isObject(unwrap(type)._zod.def) && z.safeParse(type, {}).success;

/** The type inside of defaults and optionals. */
function unwrap(node: z.core.$ZodType): z.core.$ZodType {
  const inner = (node._zod.def as { innerType?: z.core.$ZodType }).innerType;
  return inner ? unwrap(inner) : node;
}

const isObject = (definition: z.core.$ZodTypeDef): definition is z.core.$ZodObjectDef => definition.type === 'object';
const isArray = (definition: z.core.$ZodTypeDef): definition is z.core.$ZodArrayDef => definition.type === 'array';
