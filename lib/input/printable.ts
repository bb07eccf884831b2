/**
 * Characters that have no sign of their own, and act on a terminal, a reader or a parser instead: control characters,
 * format characters such as bidirectional marks, further line breaks, halves of characters, and what is invisible.
 */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffe\uffff]/u;

const EACH = new RegExp(UNPRINTABLE, 'gu');

/**
 * Text of others (a name, a key, a value, a message) as it may be printed, or written into a comment: on one line, with
 * escapes for characters that have no sign. Printing a text twice changes nothing more.
 */
export const printable = (text: string): string => text.replace(EACH, escaped);

/** A message, which may have several lines or be indented, as one printable line. */
export const oneLine = (text: string): string => printable(text.replace(/[ \t\r\n]+/g, ' ').trim());

/** A text in double quotes, as YAML reads it. */
export const quoted = (text: string): string => printable(JSON.stringify(text));

/** An escape of YAML: `\u001b`, or `\U000e0001` beyond 16 bits. */
function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
