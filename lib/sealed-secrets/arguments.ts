import { KeyObject } from 'node:crypto';
import { nearest } from '../input/did-you-mean';
import { InputError } from '../input/input-error';
import { isRecord } from '../input/is-record';
import { quoted } from '../input/printable';
import { type Grammar, matches } from '../kubernetes/grammar';
import { DATA_KEY, DNS_LABEL, DNS_SUBDOMAIN } from '../kubernetes/names';
import { SCOPES } from './seal';

/**
 * Checks of arguments, for JavaScript: what the compiler refuses in TypeScript must not be sealed otherwise than was
 * meant. No message repeats a value, or a text that could be one.
 */

/** What a user passed, of any type. */
export type Given = Readonly<Record<string, unknown>>;

/** The keys of `SecretValues`, which `ValueScope` has a part of. */
const KEYS = ['namespace', 'name', 'scope', 'values', 'type'];

/**
 * Refuses arguments.
 *
 * @throws InputError with the lines, if there are any.
 */
export function refuse(lines: readonly string[]): void {
  if (lines.length > 0) throw new InputError(lines);
}

/** What is wrong with an argument that must be a text. */
export const textIssues = (what: string, given: unknown, fix: string): string[] =>
  typeof given === 'string' ? [] : [`${what}: is ${kindOf(given)} (${fix})`];

/** What is wrong with a certificate: only the key is used. */
export function certificateIssues(given: unknown): string[] {
  const key = isRecord(given) && typeof given.fingerprint === 'string' ? given.publicKey : undefined;
  const isRead = key instanceof KeyObject && key.type === 'public' && key.asymmetricKeyType === 'rsa';
  return isRead ? [] : ['certificate: is not a certificate that was read (pass what readCertificate returns)'];
}

/** What is wrong with what a value is bound to. */
export function scopeIssues(given: unknown, what: string): string[] {
  if (!isRecord(given)) return [`${what}: is ${kindOf(given)} (pass { namespace, name })`];
  const { namespace, name, scope } = given;
  const unknown = Object.keys(given).filter((key) => !KEYS.includes(key));
  return [
    ...nameIssues('namespace', namespace, DNS_LABEL),
    ...nameIssues('name', name, DNS_SUBDOMAIN),
    ...(scope === undefined || SCOPES.some((each) => each === scope)
      ? []
      : [`scope: is not a known scope (use ${SCOPES.join(', ')})`]),
    ...unknown.map(unknownKey),
  ];
}

/** What is wrong with a Secret to seal. */
export function secretIssues(given: unknown): string[] {
  const issues = scopeIssues(given, 'secret');
  if (!isRecord(given)) return issues;
  const { values, type } = given;
  const isType = type === undefined || (typeof type === 'string' && type !== '');
  return [
    ...issues,
    ...(isType ? [] : [`type: is ${kindOf(type)} (pass a type of Secrets, such as Opaque)`]),
    ...valuesIssues(values),
  ];
}

/** If keys and values are mixed up, a key is the secret, so it is not repeated unless it is valid. */
function valuesIssues(given: unknown): string[] {
  if (!isRecord(given)) return [`values: is ${kindOf(given)} (pass { KEY: value })`];
  const keys = Object.keys(given);
  if (keys.length === 0) return ['values: is empty (pass at least one value)'];
  return keys.flatMap((key, index) =>
    matches(DATA_KEY, key)
      ? valueIssues(`values.${key}`, given[key])
      : [`values: key ${index + 1} is not valid (use ${DATA_KEY.form})`],
  );
}

/** What is wrong with a value: a number would be sealed as a buffer of that length, a list as its bytes. */
export const valueIssues = (what: string, given: unknown): string[] =>
  typeof given === 'string' || given instanceof Uint8Array
    ? []
    : [`${what}: is ${kindOf(given)} (pass a text or a Buffer)`];

function nameIssues(what: string, given: unknown, grammar: Grammar): string[] {
  if (typeof given !== 'string') return [`${what}: is ${kindOf(given)} (use ${grammar.form})`];
  return matches(grammar, given) ? [] : [`${what}: ${quoted(given)} is not valid (use ${grammar.form})`];
}

function unknownKey(key: string): string {
  const meant = nearest(key, KEYS);
  return `${quoted(key)}: is not a known key (${meant ? `did you mean ${meant}?` : `known keys: ${KEYS.join(', ')}`})`;
}

/** What a value of another type is, in the terms of JavaScript. */
function kindOf(given: unknown): string {
  if (given === undefined) return 'missing';
  if (given === null) return 'null';
  if (Array.isArray(given)) return 'a list';
  if (given instanceof Uint8Array) return 'a Buffer';
  return given === '' ? 'empty' : (KINDS[typeof given] ?? 'of another type');
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  bigint: 'a number',
  boolean: 'true or false',
  object: 'an object',
  function: 'a function',
};
