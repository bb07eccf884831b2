import { isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import { withNote } from './ciphertext';
import { type NewValue, valueLine } from './manifest-lines';
import { commentBehind } from './yaml-tree';

/** A piece of a text that gives way to another. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Thrown when a text is written in a way that cannot be changed without touching more than was asked for. */
export class Unchangeable extends Error {
  constructor(
    message: string,
    /** Where in the text. */
    readonly offset: number,
  ) {
    super(message);
  }
}

/** A text with some pieces replaced. They must not overlap. */
export const replaced = (text: string, pieces: readonly Replacement[]): string =>
  pieces
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: piece }) => result.slice(0, start) + piece + result.slice(end), text);

/** What ends a line of the text: what ends its first. */
export const lineBreakOf = (text: string): string => (/^[^\n]*\r\n/.test(text) ? '\r\n' : '\n');

/** The replacement of one value and of the note behind it. */
export function replaceValue(text: string, pair: Pair, value: NewValue, isFlow: boolean): Replacement {
  const node = pair.value as Node | null;
  const key = pair.key as Node;
  if (!node?.range) throw new Unchangeable('has no value (write "" there)', key.range?.[0] ?? 0);
  const [start, valueEnd] = node.range;
  if ('anchor' in node && node.anchor) throw new Unchangeable('has an anchor (write the value out)', start);
  if (isScalar(node) && node.tag) throw new Unchangeable('has a tag (remove it)', start);
  const quote =
    isScalar(node) && node.type === 'QUOTE_DOUBLE' ? '"' : isScalar(node) && node.type === 'QUOTE_SINGLE' ? "'" : '';
  const written = `${quote}${value.ciphertext}${quote}`;
  // In JSON there are no comments.
  if (isFlow) return { start, end: valueEnd, text: written };
  const behind = commentBehind(text, node);
  const line = `${written} # ${withNote(behind?.comment ?? '', value.note)}`;
  const isBlock = isScalar(node) && node.type?.startsWith('BLOCK');
  if (isBlock) {
    // The block's range takes in its last line break, if there is one.
    const end = /\r?\n$/.exec(text.slice(start, valueEnd))?.[0] ?? '';
    return { start, end: valueEnd, text: `${line}${end}` };
  }
  // Without a value, as in `key:`, the blank before it is missing too.
  const blank = start === valueEnd && !/\s/.test(text[start - 1] ?? ' ') ? ' ' : '';
  return { start, end: behind?.end ?? valueEnd, text: `${blank}${line}` };
}

/** The insertion of keys behind the last one of `encryptedData`. */
export function addValues(text: string, map: YAMLMap, values: ReadonlyMap<string, NewValue>): Replacement {
  const last = map.items.at(-1);
  const key = last?.key as Node | undefined;
  const offset = map.range?.[0] ?? 0;
  if (map.flow || !key?.range) {
    throw new Unchangeable(
      'is written in braces, where no key can be added (write it as kubeseal -o yaml prints it)',
      offset,
    );
  }
  const lineStart = text.lastIndexOf('\n', key.range[0] - 1) + 1;
  const indent = text.slice(lineStart, key.range[0]);
  if (/[^ ]/.test(indent)) throw new Unchangeable('does not begin on a line of its own (write the key there)', offset);
  const value = last?.value as Node | null;
  const end = endOfLine(text, isMap(value) || !value?.range ? key.range[1] : value.range[1]);
  const lineBreak = lineBreakOf(text);
  const lines = [...values].map(([name, each]) => `${indent}${valueLine(name, each)}`).join(lineBreak);
  // At the end of a line, which may be the last of the text and then gets no break; or, after a block, at the start of one.
  return { start: end, end, text: text[end - 1] === '\n' ? `${lines}${lineBreak}` : `${lineBreak}${lines}` };
}

/** The offset at which the line of an offset ends, or the offset itself at the start of a line. */
function endOfLine(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  return offset + (/^[^\r\n]*/.exec(text.slice(offset))?.[0].length ?? 0);
}
