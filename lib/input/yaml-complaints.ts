import type { Document, ErrorCode } from 'yaml';
import type { LocatedIssue, Position } from './issue';

/** The deepest nesting of values in one another that is read. */
export const MAX_DEPTH = 64;

/** Why a text is refused that is nested deeper. */
export const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels (use fewer)`;

/** Why a text is refused about which the parser says nothing more. */
export const NOT_YAML = 'is not valid YAML (check indentation, quotes and colons)';

/** Messages for errors of the parser, which repeat nothing of the text, because it may contain a secret. */
const COMPLAINTS: Partial<Readonly<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'begins with *, which YAML reads as an alias (write the value in quotes)',
  BAD_DQ_ESCAPE: 'is not valid YAML: unknown escape in double quotes (use single quotes, or write \\\\)',
  BAD_INDENT:
    'is indented differently from the lines around it, or a bracket before it is open (align it, or close the bracket)',
  BLOCK_AS_IMPLICIT_KEY:
    'is not valid YAML: a second colon in one line, or the line below is indented too far (use quotes, start a new line, or correct the indentation)',
  MULTILINE_IMPLICIT_KEY:
    'is not valid YAML: a key that goes over several lines (is a colon, the space after it, or a quote missing?)',
  MISSING_CHAR:
    'is missing a character such as a closing quote, a colon or a comma, or is indented too little (add it, or align the line)',
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAG_RESOLVE_FAILED: 'has an unknown tag, or one that does not fit the value (remove the tag)',
};

/** Why a line is refused that is indented with a tab, which YAML does not take. */
const TAB = 'is indented with a tab (use spaces)';

/**
 * One issue a line: the parser's others on the same line follow from it. With tabs as indentation these are the only ones,
 * because all of the structure behind a tab is read in another way.
 *
 * @param text the text of the documents
 */
export function complaints(
  text: string,
  documents: readonly Document.Parsed[],
  position: (offset: number | undefined) => Position,
): LocatedIssue[] {
  const byLine = new Map<number, LocatedIssue>();
  for (const { directives, range } of documents) {
    // The same text means something else there: 010 is 8, and yes is true.
    if (!directives?.yaml.explicit || directives.yaml.version === '1.2') continue;
    const at = position(range[0]);
    byLine.set(at.line, { at, path: [], message: 'is not YAML 1.2 (remove the %YAML line)' });
  }
  const found = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  const tabs = found.filter(({ code, pos }) => code === 'TAB_AS_INDENT' || isBehindTab(text, pos[0]));
  if (tabs.length > 0) {
    for (const { pos } of tabs) {
      const at = position(pos[0]);
      if (!byLine.has(at.line)) byLine.set(at.line, { at, path: [], message: TAB });
    }
    return [...byLine.values()];
  }
  for (const { code, pos } of found) {
    const at = position(pos[0]);
    if (!byLine.has(at.line)) byLine.set(at.line, { at, path: [], message: COMPLAINTS[code] ?? NOT_YAML });
  }
  return [...byLine.values()];
}

/** Whether only blanks are before an offset in its line, a tab among them. */
function isBehindTab(text: string, offset: number): boolean {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*\t/.test(text.slice(start, offset + 1));
}
