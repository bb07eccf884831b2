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

function commentBehind(
  text: string,
  start: number,
  end: number,
  style: WrittenValue['style'],
): WrittenValue['comment'] {
  const from = style === 'block' ? start : end;
  const lineEnd = from + (/^[^\r\n]*/.exec(text.slice(from))?.[0].length ?? 0);
  const rest = text.slice(from, lineEnd);
  // Behind nothing, the blanks before the comment are those before the value.
  const before = style === 'block' ? /^\S+[ \t]+#/ : start === end ? /^[ \t]*#/ : /^[ \t]+#/;
  const found = before.exec(rest);
  return found ? { text: rest.slice(found[0].length).trim(), end: lineEnd } : undefined;
}
