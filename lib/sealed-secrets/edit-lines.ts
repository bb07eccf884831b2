import type { Position } from '../input/issue';
import type { LocatedMap, Span } from '../input/located-yaml';
import { withNote } from './ciphertext';
import { type NewValue, valueLine } from './manifest-lines';

/** A part of a text, and the text that replaces it. */
export interface Replacement extends Span {
  readonly text: string;
}

/** Thrown when a text cannot be changed without changing more than requested. */
export class Unchangeable extends Error {
  constructor(
    message: string,
    /** The position of what is written that way. */
    readonly at: Position,
  ) {
    super(message);
  }
}

/** A text with some pieces replaced. They must not overlap. */
export const replaced = (text: string, pieces: readonly Replacement[]): string =>
  pieces
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: piece }) => result.slice(0, start) + piece + result.slice(end), text);

/** The line break of the text: that of its first line. */
export const lineBreakOf = (text: string): string => (/^[^\n]*\r\n/.test(text) ? '\r\n' : '\n');

/** The replacement of one value and of the note behind it. */
export function replaceValue(text: string, map: LocatedMap, key: string, value: NewValue): Replacement {
  const entry = map.entries.get(key);
  const source = entry?.source.value;
  if (!entry || !source) throw new Unchangeable('has no value (write "" there)', entry?.at ?? map.at);
  if (source.hasAnchor) throw new Unchangeable('has an anchor (write the value out)', entry.value.at);
  if (source.hasTag) throw new Unchangeable('has a tag (remove it)', entry.value.at);
  const { start, end, style, comment } = source;
  const quote = style === 'double-quoted' ? '"' : style === 'single-quoted' ? "'" : '';
  const written = `${quote}${value.ciphertext}${quote}`;
  // In JSON there are no comments.
  if (map.inBraces) return { start, end, text: written };
  const line = `${written} # ${withNote(comment?.text ?? '', value.note)}`;
  if (style === 'block') {
    // The block includes its last line break, if it has one.
    const lineBreak = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? '';
    return { start, end, text: `${line}${lineBreak}` };
  }
  // Without a value, as in `key:`, the space before it is missing too.
  const space = start === end && !/\s/.test(text[start - 1] ?? ' ') ? ' ' : '';
  return { start, end: comment?.end ?? end, text: `${space}${line}` };
}

/** The insertion of keys behind the last one of `encryptedData`. */
export function addValues(text: string, map: LocatedMap, values: ReadonlyMap<string, NewValue>): Replacement {
  const { key, value } = [...map.entries.values()].at(-1)?.source ?? {};
  if (map.inBraces || !key) {
    throw new Unchangeable(
      'is written in braces, where no key can be added (write it as kubeseal -o yaml prints it)',
      map.at,
    );
  }
  const lineStart = text.lastIndexOf('\n', key.start - 1) + 1;
  const indent = text.slice(lineStart, key.start);
  if (/[^ ]/.test(indent)) throw new Unchangeable('does not begin on a line of its own (write the key there)', map.at);
  const end = endOfLine(text, value?.end ?? key.end);
  const lineBreak = lineBreakOf(text);
  const lines = [...values].map(([name, each]) => `${indent}${valueLine(name, each)}`).join(lineBreak);
  // At the end of a line, which may be the last of the text and then gets no break; or, after a block, at the start of
  // one.
  return { start: end, end, text: text[end - 1] === '\n' ? `${lines}${lineBreak}` : `${lineBreak}${lines}` };
}

/** The offset at which the line of an offset ends, or the offset itself at the start of a line. */
function endOfLine(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  return offset + (/^[^\r\n]*/.exec(text.slice(offset))?.[0].length ?? 0);
}
