import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import type { Path, Position } from '../input/issue';
import type { DocumentIssue } from '../input/located-yaml';

/** A key of a map, or an item of a list, with its value. */
export interface YamlEntry {
  readonly at: Position;
  readonly path: Path;
  readonly node: Node | null;
}

/** A text of a file with its place. */
export interface PlacedText {
  readonly value: string;
  readonly at: Position;
  readonly path: Path;
}

/** Texts by their key, as labels and annotations are. */
export type PlacedTexts = ReadonlyMap<string, PlacedText>;

/** What YAML a text is, with the source ranges of all nodes, for those who change it. */
export const parseYaml = (text: string, counter?: LineCounter): Document.Parsed[] => {
  const documents = parseAllDocuments(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  return [...documents];
};

/** What the parser complains of, in words that repeat nothing of the text: it may hold a value. */
const COMPLAINTS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'has an alias without its anchor (write the value out)',
  BAD_INDENT: 'is indented unlike its neighbours, or a bracket before it is open (align it, or close the bracket)',
  TAB_AS_INDENT: 'is indented with a tab (use blanks)',
  MISSING_CHAR: 'lacks a character such as a closing quote, a colon or a comma (add it)',
};
const COMPLAINT = 'is not valid YAML (look at indentation, quotes and colons there)';

/**
 * Walks through the YAML of one file and collects what is wrong with it. No message repeats a value: the file might hold one
 * that should be secret.
 */
export class YamlReader {
  readonly issues: DocumentIssue[] = [];
  private readonly counter = new LineCounter();
  private document: Document.Parsed | undefined;

  constructor(
    readonly text: string,
    private readonly file: string,
  ) {}

  /** The documents that are not empty, one at a time. Nothing when the text is no YAML. */
  *documents(): Generator<YamlEntry> {
    const start = this.position(0);
    let documents: Document.Parsed[];
    try {
      documents = parseYaml(this.text, this.counter);
    } catch {
      this.blame(start, [], 'cannot be read as YAML (it may be nested too deeply)');
      return;
    }
    const complaints = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    // One a line: what follows it there comes of it.
    const lines = new Set<number>();
    for (const { code, pos } of complaints) {
      const at = this.position(pos[0]);
      if (!lines.has(at.line)) this.blame(at, [], COMPLAINTS[code] ?? COMPLAINT);
      lines.add(at.line);
    }
    if (complaints.length > 0) return;
    for (const document of documents) {
      const node = document.contents;
      if (isNothing(node)) continue;
      this.document = document;
      yield { at: this.position(node?.range?.[0]), path: [], node };
    }
  }

  blame(at: Position, path: Path, message: string): void {
    this.issues.push({ at, path, message });
  }

  /** The entries of a map; undefined, and an issue, when it is none. Nothing written is no map either, and no issue. */
  map(entry: YamlEntry | undefined): Map<string, YamlEntry> | undefined {
    const node = this.resolved(entry);
    if (!entry || isNothing(entry.node)) return undefined;
    if (!isMap(node)) {
      this.blame(entry.at, entry.path, 'is no map of keys to values');
      return undefined;
    }
    const entries = new Map<string, YamlEntry>();
    for (const { key, value } of node.items) {
      const at = isScalar(key) ? this.position(key.range?.[0]) : entry.at;
      if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
        this.blame(at, entry.path, 'has a key that is no plain word');
        continue;
      }
      const name = keyText(key);
      const path = [...entry.path, name];
      if (entries.has(name)) this.blame(at, path, 'is given twice (keep one)');
      entries.set(name, { at, path, node: value as Node | null });
    }
    return entries;
  }

  /** The items of a list; an issue when it is none. */
  list(entry: YamlEntry): YamlEntry[] {
    const node = this.resolved(entry);
    if (!isSeq(node)) {
      this.blame(entry.at, entry.path, 'is no list');
      return [];
    }
    return node.items.map((item, index) => {
      const node = item as Node | null;
      return { at: this.position(node?.range?.[0]), path: [...entry.path, index], node };
    });
  }

  /** A text; undefined, and an issue, when it is something else. Not there is no issue. */
  string(entry: YamlEntry | undefined): string | undefined {
    if (!entry) return undefined;
    const node = this.resolved(entry);
    if (isScalar(node) && typeof node.value === 'string') return node.value;
    this.blame(entry.at, entry.path, 'is no text (write it in quotes)');
    return undefined;
  }

  /** A text, or what stands in the place of one; an issue when it is a map, a list or an alias of nothing. */
  anyScalar(entry: YamlEntry): string | undefined {
    const node = this.resolved(entry);
    if (isNothing(node) && !isAlias(entry.node)) return '';
    if (!isScalar(node)) return this.string(entry);
    return typeof node.value === 'string' ? node.value : (node.source ?? '');
  }

  /** A yes or no; an issue when it is something else. Not there is no. */
  flag(entry: YamlEntry | undefined): boolean {
    const node = this.resolved(entry);
    const value = isScalar(node) ? node.value : undefined;
    if (entry && typeof value !== 'boolean') this.blame(entry.at, entry.path, 'is neither true nor false');
    return value === true;
  }

  /** A map of texts, such as labels. */
  texts(entry: YamlEntry | undefined): Map<string, PlacedText> {
    const texts = new Map<string, PlacedText>();
    for (const [key, each] of this.map(entry) ?? []) {
      const value = this.string(each);
      if (value !== undefined) texts.set(key, { value, at: each.at, path: each.path });
    }
    return texts;
  }

  /** An issue for each entry whose key is not among those known. */
  refuseOthers(entries: ReadonlyMap<string, YamlEntry>, known: readonly string[], what: string): void {
    for (const [key, { at, path }] of entries) {
      if (!known.includes(key)) this.blame(at, path, `${what} (there are: ${known.join(', ')})`);
    }
  }

  /** The comment behind a value, on its own line or, of a block, on the first. */
  commentAt(entry: YamlEntry): string {
    const node = entry.node;
    return node ? (commentBehind(this.text, node)?.comment ?? '') : '';
  }

  private resolved(entry: YamlEntry | undefined): Node | undefined {
    const node = entry?.node;
    if (!isAlias(node)) return node ?? undefined;
    return this.document ? node.resolve(this.document) : undefined;
  }

  private position(offset: number | undefined): Position {
    const { line, col } = this.counter.linePos(offset ?? 0);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/** A key as it is written; what YAML takes for a number keeps its digits. */
export const keyText = ({ value, source }: Scalar): string =>
  typeof value === 'string' ? value : (source ?? String(value));

/** Whether nothing is written there, or a null. */
export const isNothing = (node: Node | null | undefined): boolean => !node || (isScalar(node) && node.value === null);

/** Where the comment behind a value ends, and what it says. */
export interface CommentBehind {
  readonly end: number;
  readonly comment: string;
}

/** The comment on the line on which a value ends or, of a block, begins. */
export function commentBehind(text: string, node: Node): CommentBehind | undefined {
  if (!isScalar(node) || !node.range) return undefined;
  const [start, valueEnd] = node.range;
  const isBlock = node.type?.startsWith('BLOCK');
  const from = isBlock ? start : valueEnd;
  const rest = /^[^\r\n]*/.exec(text.slice(from))?.[0] ?? '';
  // Behind nothing the blanks before the comment are those before the value.
  const before = isBlock ? /^\S+[ \t]+#/ : start === valueEnd ? /^[ \t]*#/ : /^[ \t]+#/;
  const found = before.exec(rest);
  if (!found) return undefined;
  return { end: from + rest.length, comment: rest.slice(found[0].length).trim() };
}
