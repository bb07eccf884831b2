import { isScalar, type Node } from 'yaml';
import type { WrittenValue } from './located-yaml';

const STYLES: Readonly<Record<string, WrittenValue['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single-quoted',
  QUOTE_DOUBLE: 'double-quoted',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
};

/** How a value is written in its text, or undefined if nothing is. */
export function writtenValue(text: string, node: Node | null): WrittenValue | undefined {
  if (!node?.range) return undefined;
  const [start, end] = node.range;
  const style = (isScalar(node) && STYLES[node.type ?? '']) || 'other';
  return {
    start,
    end,
    style,
    hasAnchor: 'anchor' in node && node.anchor !== undefined,
    hasTag: node.tag !== undefined,
    comment: style === 'other' ? undefined : commentBehind(text, start, end, style),
  };
}

/** What is between a value and the comment on its line; behind nothing, the blanks before the value are those. */
const BEFORE_COMMENT = { block: /\S+[ \t]+#/y, nothing: /[ \t]*#/y, value: /[ \t]+#/y } as const;

function commentBehind(
  text: string,
  start: number,
  end: number,
  style: WrittenValue['style'],
): WrittenValue['comment'] {
  const before = BEFORE_COMMENT[style === 'block' ? 'block' : start === end ? 'nothing' : 'value'];
  // At its position: a search through the rest of the line takes long for each of many values on one line.
  before.lastIndex = style === 'block' ? start : end;
  if (!before.test(text)) return undefined;
  const from = before.lastIndex;
  const comment = text.slice(from, lineEndOf(text, from));
  return { text: comment.trim(), end: from + comment.length };
}

function lineEndOf(text: string, from: number): number {
  const lineBreak = /[\r\n]/g;
  lineBreak.lastIndex = from;
  return lineBreak.exec(text)?.index ?? text.length;
}
