/** How a text is set. */
export interface Font {
  /** In pixels. */
  readonly size: number;
  readonly isBold?: boolean;
}

/**
 * How wide characters are, as parts of the font's size: those of DejaVu Sans or more, which is wider than the fonts of
 * macOS, Windows and Android.
 */
const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ijlIJ .,:;'|/\\]/, 0.33],
  [/[frt\-()[\]!]/, 0.42],
  [/[mMW%@…—]/, 1.03],
  [/[A-Zw+<>=#~^&]/, 0.86],
  [/[\x20-\x7e–]/, 0.65],
];

/** Of every other character. */
const WIDEST = 1.15;

/** What bold characters are wider. */
const BOLD = 0.08;

/** How wide a text is at most, in pixels, in any common font. */
export function widthOf(text: string, { size, isBold = false }: Font): number {
  let width = 0;
  for (const character of text) {
    width += (WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? WIDEST) + (isBold ? BOLD : 0);
  }
  return Math.ceil(width * size);
}

/** A text in lines that are no wider than a box: broken behind spaces, in long words behind signs, and else anywhere. */
export function wrapped(text: string, font: Font, most: number): string[] {
  const isWide = (part: string) => widthOf(part.trimEnd(), font) > most;
  const lines: string[] = [];
  let line = '';
  const end = () => {
    if (line !== '') lines.push(line.trimEnd());
    line = '';
  };
  for (const word of text.split(/(?<= )/)) {
    if (isWide(word)) end();
    const signs = isWide(word) ? word.split(/(?<=[,./=:_-])/) : [word];
    for (const part of signs.flatMap((sign) => (isWide(sign) ? [...sign] : [sign]))) {
      if (isWide(line + part)) end();
      line += part;
    }
  }
  return [...lines, line.trimEnd()];
}
