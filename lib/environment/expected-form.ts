import { z } from 'zod';
import { matches } from '../kubernetes/grammar';
import { DIGEST, formatReference, parseReference, REPOSITORY, TAG } from '../kubernetes/image-reference';
import { enumOf, isRequired, isSwitchedOn, isUnion, itemOf, recordOf, shapeOf } from './model-tree';

/** What a value should look like by its type in the model, for messages. */

/** How many keys of a section a message names. */
const NAMED = 4;

/** What to set where there is no value. */
export function whatToSet(type: z.core.$ZodType | undefined): string {
  const allowed = type && enumOf(type);
  if (allowed) return `use ${allowed.join(', ')}`;
  const description = firstSentence(type && z.globalRegistry.get(type)?.description);
  return `${description ? `set it: ${description}` : 'set one'}${exampleIn(type)}`;
}

/** What to write in place of a value of another type, as the end of a sentence; empty if the type says it all. */
export function formHint(type: z.core.$ZodType | undefined, value: unknown): string {
  const instead = insteadOf(type, value);
  return instead ? `: write ${instead}` : exampleIn(type);
}

/** Seconds of each unit that people write behind a number, by its first letter. */
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A number, with one of the words for these units, or with a sign of percent. */
const WITH_UNIT = /^(\d+(?:\.\d+)?)\s*(%|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)?$/i;

/** The number that a text means, in the unit of the key, as the end of a sentence. */
export function numberHint(type: z.core.$ZodType | undefined, text: string): string {
  const description = (type && z.globalRegistry.get(type)?.description) ?? '';
  const [, wanted] = /, in (seconds|minutes|hours|days|percent)\b/.exec(description) ?? [];
  const [, digits = '', unit] = WITH_UNIT.exec(text.trim()) ?? [];
  if (digits !== '' && unit === undefined) return `: ${digits}, without quotes`;
  if (wanted === undefined) return '';
  if (digits === '' || unit === undefined) return `, in ${wanted}`;
  if (unit === '%' || wanted === 'percent')
    return unit === '%' && wanted === 'percent' ? `: ${digits}, in percent` : `, in ${wanted}`;
  const seconds = (letter: string) => SECONDS[letter.charAt(0).toLowerCase()] ?? Number.NaN;
  const amount = (Number(digits) * seconds(unit)) / seconds(wanted);
  return Number.isInteger(amount) ? `: ${amount}, in ${wanted}` : `, in ${wanted}`;
}

/** A section that is most likely meant by a text or by true and false; undefined if the value tells nothing. */
function insteadOf(type: z.core.$ZodType | undefined, value: unknown): string | undefined {
  const shape = type && shapeOf(type);
  if (!shape) return undefined;
  if (typeof value === 'boolean') return Object.hasOwn(shape, 'enabled') ? `{enabled: ${value}}` : undefined;
  if (typeof value !== 'string') return undefined;
  if (Object.hasOwn(shape, 'repository')) return imageOf(value);
  const key = Object.keys(shape).find((each) => enumOf(shape[each])?.includes(value));
  if (key) return `{${key}: ${value}}`;
  return Object.hasOwn(shape, value) ? `{${value}: ${exampleOf(shape[value])}}` : undefined;
}

/** An image reference in its parts. What is none may be anything, and is not repeated. */
function imageOf(text: string): string | undefined {
  const parts = parseReference(text);
  const { repository, tag, digest } = parts;
  const isReference =
    formatReference(parts) === text &&
    matches(REPOSITORY, repository) &&
    (tag === undefined || matches(TAG, tag)) &&
    (digest === undefined || matches(DIGEST, digest));
  if (!isReference) return undefined;
  const written = Object.entries({ repository, tag, digest }).flatMap(([key, part]) =>
    part === undefined ? [] : [`${key}: ${quoteNumber(part)}`],
  );
  return `{${written.join(', ')}}`;
}

/** YAML reads some tags, such as 3.10 and 1e3, as a number. */
const quoteNumber = (text: string) => (Number.isNaN(Number(text)) ? text : `"${text}"`);

/** What a list or a map looks like, as the end of a sentence; empty for all else, whose form needs no example. */
function exampleIn(type: z.core.$ZodType | undefined): string {
  if (!type) return '';
  const shape = shapeOf(type);
  if (!shape) return itemOf(type) || recordOf(type) ? `, such as ${exampleOf(type)}` : '';
  if (required(shape).length > 0) return `, such as ${exampleOf(type)}`;
  const keys = Object.keys(shape);
  const alternatives = keys.filter((key) => isAlternative(shape[key]));
  if (alternatives.length > 1) {
    return `, such as ${alternatives.map((key) => `{${key}: ${exampleOf(shape[key])}}`).join(' or ')}`;
  }
  return `, with keys such as ${keys.slice(0, NAMED).join(', ')}`;
}

/** A value as users write it in one line; `…` is whatever fits. */
function exampleOf(type: z.core.$ZodType | undefined): string {
  if (!type || isUnion(type)) return '…';
  if (isSwitchedOn(type)) return '{}';
  const item = itemOf(type);
  if (item) return `[${exampleOf(item)}]`;
  const value = recordOf(type);
  if (value) return `{KEY: ${exampleOf(value)}}`;
  const shape = shapeOf(type);
  if (!shape) return enumOf(type)?.[0] ?? '…';
  const needed = required(shape);
  const shown = needed.length > 0 ? needed : Object.keys(shape).slice(0, 1);
  return `{${shown.map((key) => `${key}: ${exampleOf(shape[key])}`).join(', ')}}`;
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** The keys that have to be set. */
const required = (shape: Shape) => Object.keys(shape).filter((key) => isRequired(shape[key]));

/** Whether it is a section that is there only when it is written. */
const isAlternative = (type: z.core.$ZodType | undefined) =>
  type?._zod.def.type === 'optional' && (isSwitchedOn(type) || shapeOf(type) !== undefined);

/** The beginning of a description as the continuation of a sentence, without Markdown. */
function firstSentence(description = ''): string {
  const [found = ''] = /^.*?(?=\.(?:\s|$)|$)/s.exec(description) ?? [];
  const sentence = found.replace(/: (`[^`]+`)$/, ', such as $1').replaceAll('`', '');
  return /^[A-Z][a-z]/.test(sentence) ? `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` : sentence;
}
