import type { z } from 'zod';
import { nearest } from '../input/did-you-mean';
import { isRecord } from '../input/is-record';
import type { Issue, Path } from '../input/issue';
import { formHint, numberHint, whatToSet } from './expected-form';
import { isRequired, isSwitchedOn, typeAt } from './model-tree';
import { unknownKey } from './unknown-key';

/** Issues that zod found, in the terms of users. */
export function describeZodIssue(zodIssue: z.core.$ZodIssue, given: unknown): Issue[] {
  const path = zodIssue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (zodIssue.code === 'unrecognized_keys') {
    return zodIssue.keys.map((key) => ({ path: [...path, key], message: unknownKey(path, key) }));
  }
  const ofSection = isRecord(valueAt(given, path)) ? sectionIssues(zodIssue) : undefined;
  if (ofSection) {
    return ofSection.flatMap((each) => describeZodIssue({ ...each, path: [...zodIssue.path, ...each.path] }, given));
  }
  return [{ path, message: describe(zodIssue, valueAt(given, path), typeAt(path)) }];
}

/** Of a value that may be a text or a section, what is wrong with it as a section. */
const sectionIssues = (zodIssue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined =>
  zodIssue.code === 'invalid_union'
    ? zodIssue.errors.find((issues) => issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0))
    : undefined;

/** Whether a text is one of the values that a union takes. */
const takesText = ({ errors }: z.core.$ZodIssueInvalidUnion): boolean =>
  errors.some((issues) =>
    issues.some((issue) => issue.code === 'invalid_type' && issue.expected === 'string' && issue.path.length === 0),
  );

function describe(zodIssue: z.core.$ZodIssue, value: unknown, type: z.core.$ZodType | undefined): string {
  if (value === undefined) return `is missing (${whatToSet(type)})`;
  if (value === null) return `has no value (${withoutValue(type)})`;
  if (typeof value === 'string' && value.includes('$') && ['invalid_format', 'custom'].includes(zodIssue.code)) {
    return 'contains $, but synth replaces no variables (write the value itself)';
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
      if (typeof value === 'number') return `is ${value} (must be at least ${zodIssue.minimum})`;
      if (Array.isArray(value) && value.length === 0) return `is empty (${withoutItems(zodIssue, type)})`;
      return `is too short (use at least ${zodIssue.minimum})`;
    case 'too_big':
      return typeof value === 'number'
        ? `is ${value} (must be at most ${zodIssue.maximum})`
        : `is too long (use at most ${zodIssue.maximum} ${Array.isArray(value) ? 'items' : 'characters'})`;
    case 'invalid_key':
      return `is not a valid key (${zodIssue.issues[0]?.message ?? 'see the reference'})`;
    case 'invalid_union':
      if (takesText(zodIssue) && ['number', 'boolean'].includes(typeof value))
        return describeType('string', value, type);
      return `is ${kindOfInvalid(value)} (${zodIssue.message === 'Invalid input' ? 'must be a text, a number, true or false' : zodIssue.message})`;
    default:
      return `is ${kindOfInvalid(value)} (${zodIssue.message})`;
  }
}

/** What to do about a key with nothing behind it. */
function withoutValue(type: z.core.$ZodType | undefined): string {
  if (isSwitchedOn(type)) return 'write {} for its defaults, or remove the key';
  return isRequired(type) ? whatToSet(type) : 'set one, or remove the key';
}

/** What to do about an empty list, unless its section says it. */
function withoutItems({ message, minimum }: z.core.$ZodIssueTooSmall, type: z.core.$ZodType | undefined): string {
  if (!message.startsWith('Too small')) return message;
  return isRequired(type) ? `use at least ${minimum}` : `use at least ${minimum}, or remove the key`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  bigint: 'a BigInt',
  symbol: 'a symbol',
  function: 'a function',
  array: 'a list',
  record: 'a map of keys to values',
  object: 'a map of keys to values',
};

/** What a value is instead of one of the right form: of a text, nothing more is known. */
const kindOfInvalid = (value: unknown): string =>
  value === '' ? 'empty' : typeof value === 'string' || typeof value === 'number' ? 'invalid' : typeNameOf(value);

/** The type of a value; in TypeScript it may be any, such as a `Quantity` of cdk8s-plus. */
function typeNameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  const { name = '' } = (isRecord(value) && Object.getPrototypeOf(value)?.constructor) || {};
  return /^[A-Z]\w*$/.test(name) && name !== 'Object'
    ? `an object of class ${name}`
    : (TYPE_NAMES[typeof value] ?? 'something else');
}

function describeType(expected: string, value: unknown, type: z.core.$ZodType | undefined): string {
  const is = typeNameOf(value);
  const must = TYPE_NAMES[expected] ?? expected;
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `is read as ${is}, not as text (write it in quotes)`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return `is ${value} (must be a finite number)`;
  if (expected === 'int' && typeof value === 'number') return `is ${value} (must be a whole number)`;
  const isNumber = ['number', 'int'].includes(expected) && typeof value === 'string';
  const form = `must be ${must}${isNumber ? numberHint(type, value) : formHint(type, value)}`;
  if (!isSwitchedOn(type)) return `is ${is} (${form})`;
  if (value === false) return 'is false (remove the key to turn it off)';
  return `is ${value === true ? 'true' : is} (${form}, or {} for its defaults)`;
}

/** The value at a path of a given value; undefined if there is none. */
export function valueAt(given: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined,
    given,
  );
}
