import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support';

/** What stands for a value in the texts below, and is in none of them. */
const VALUE = '\u0000';

/** The texts of all sources that print messages: literals that are written in parts are one text, and values are marked. */
const TEXTS = ['lib', 'programs']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|py|sh)$/.test(name) && !/(^|\/)(tests|generated)\//.test(name))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  )
  .map((source) =>
    source
      .replace(/["'`]\s*\+?\s*\n\s*(?:\+\s*)?f?["'`]/g, '')
      .replace(/\\(["'`])/g, '$1')
      .replace(/\$?\{[^{}]*\}|\$\w+/g, VALUE)
      .replace(/\s+/g, ' '),
  )
  .join(VALUE);

/** A run of words that the sources have is at least this long, unless it is all between two values. */
const RUN = 3;

/** Beside a value, fewer words are enough. */
const PAIR = 2;

/** A word that a message may fill in: a number, a key, path or name, something in quotes, or what a page leaves out. */
const isValue = (word: string) => /[\d…/]|\w[.-]\w|[a-z][A-Z]|^['"].*['"][,:;]?$/.test(word);

/**
 * How much of a message that a page quotes is in our sources: the share of its words, without values, that are in a run of
 * words that a text there has.
 */
export function shareInSources(message: string): number {
  const words = message.trim().split(/\s+/);
  const fixed = words.flatMap((word, index) => (isValue(word) ? [] : [index]));
  const known = fixed.filter((index) => RUNS.some((run) => run(words, index)));
  return fixed.length === 0 ? 1 : known.length / fixed.length;
}

const RUNS = [
  /** What is between two values, or its beginning or end: a value may be a word like any other. */
  (words: readonly string[], index: number): boolean => {
    const start = words.findLastIndex((word, each) => each < index && isValue(word)) + 1;
    const next = words.findIndex((word, each) => each > index && isValue(word));
    const end = next < 0 ? words.length : next;
    const lengths = Array.from({ length: end - start }, (_, less) => end - start - less);
    return lengths.some(
      (length) =>
        (length >= PAIR || length === end - start) &&
        ((index < start + length && has(words.slice(start, start + length))) ||
          (index >= end - length && has(words.slice(end - length, end)))),
    );
  },
  /** Any few words in a row with this one. */
  (words: readonly string[], index: number): boolean =>
    Array.from({ length: RUN }, (_, before) => index - before).some(
      (start) => start >= 0 && start + RUN <= words.length && has(words.slice(start, start + RUN)),
    ),
];

const has = (words: readonly string[]): boolean => TEXTS.includes(words.join(' '));
