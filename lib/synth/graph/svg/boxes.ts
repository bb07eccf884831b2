import type { GraphNode } from '../graph';
import { captionOf } from '../labels';
import { type Font, widthOf, wrapped } from './text';

/** A line of text in a box. */
export interface TextLine {
  readonly text: string;
  readonly style: 'caption' | 'title' | 'detail';
  /** The base line, below the top of the box. */
  readonly y: number;
}

/** A node with its size and its text. */
export interface Box {
  readonly node: GraphNode;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly TextLine[];
}

/** The fonts of each kind of line. */
export const FONTS: Readonly<Record<TextLine['style'] | 'label' | 'namespace' | 'heading', Font>> = {
  caption: { size: 11 },
  title: { size: 13, isBold: true },
  detail: { size: 11 },
  label: { size: 11 },
  namespace: { size: 12, isBold: true },
  heading: { size: 16, isBold: true },
};

/** Between the border of a box and its text. */
export const PADDING = 10;

/** The width of text at which it is wrapped. */
const MOST: Readonly<Record<TextLine['style'], number>> = { caption: 170, title: 200, detail: 170 };

/** Of each line, in pixels. */
const LINE_HEIGHT: Readonly<Record<TextLine['style'], number>> = { caption: 15, title: 18, detail: 15 };

/** The box of a node. */
export function boxOf(node: GraphNode): Box {
  const texts: readonly (readonly [style: TextLine['style'], text: string])[] = [
    ['caption', captionOf(node)],
    ['title', node.title],
    ...node.lines.map((line) => ['detail', line] as const),
  ];
  let bottom = PADDING - 2;
  const lines = texts.flatMap(([style, text]) =>
    wrapped(text, FONTS[style], MOST[style]).map((part): TextLine => {
      bottom += LINE_HEIGHT[style];
      return { text: part, style, y: bottom - 4 };
    }),
  );
  const widest = Math.max(...lines.map(({ text, style }) => widthOf(text, FONTS[style])));
  return { node, lines, width: widest + 2 * PADDING, height: bottom + PADDING - 2 };
}
