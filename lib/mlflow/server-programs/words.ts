/** A word: quoted parts, escaped characters, and others. */
const WORD = /(?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s"'\\])+/g;

/** What stays when whole words are taken out, if a quotation or an escape has no end. */
const UNFINISHED = /["'\\]/;

/** Takes the quotes and escapes out of a word. Between double quotes, a backslash escapes only `"` and itself. */
const unquoted = (word: string): string =>
  word.replace(
    /"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double === undefined ? (single ?? escaped ?? '') : double.replace(/\\(["\\])/g, '$1'),
  );

/** The words of a text, as Python's `shlex.split` has them; undefined if a quotation does not end, which it refuses. */
export function wordsOf(text: string): string[] | undefined {
  if (UNFINISHED.test(text.replace(WORD, ''))) return undefined;
  return (text.match(WORD) ?? []).map(unquoted);
}
