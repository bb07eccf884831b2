import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  visit,
} from 'yaml';
import type { LocatedIssue, Path, Position } from './issue';
import type { Located, LocatedEntry } from './located-yaml';
import { RIGHT_ONE } from './read-file';
import { textIssue } from './read-text';
import { scalarIssue } from './scalar-issue';
import { writtenValue } from './written-value';
import { complaints, MAX_DEPTH, NOT_YAML, TOO_DEEP } from './yaml-complaints';

/** One document of a YAML text. */
export interface LocatedDocument {
  readonly at: Position;
  /** Undefined when the document is empty. */
  readonly root?: Located;
  /** With an issue the tree is not complete. */
  readonly issues: readonly LocatedIssue[];
}

/** The documents of a YAML text, or why it has none. */
export interface YamlReading {
  readonly documents: readonly LocatedDocument[];
  /** What keeps the text from being read as YAML. */
  readonly issues: readonly LocatedIssue[];
}

/** Limits the expansion of aliases: no file that a user writes has more values. */
const MAX_VALUES = 20_000;
/** Limits the documents, each of which takes as long as hundreds of values. */
const MAX_DOCUMENTS = 1000;

const TOO_MANY_VALUES = `contains more than ${MAX_VALUES} values ${RIGHT_ONE}`;
const TOO_MANY_ALIASES = 'expands to too many values (use fewer aliases)';
const TOO_MANY_DOCUMENTS = `contains more than ${MAX_DOCUMENTS} YAML documents ${RIGHT_ONE}`;

const NO_ANCHOR = 'refers to an anchor that is not defined (write the value out)';

/**
 * Reads a YAML text, which may have several documents. Never throws for what the text may contain, and no issue repeats
 * a value of it.
 *
 * @param file the name of the file in issues
 */
export function readYaml(text: string, file: string): YamlReading {
  const start: Position = { file, line: 1, column: 1 };
  const failed = (message: string): YamlReading => ({ documents: [], issues: [{ at: start, path: [], message }] });
  const issue = textIssue(text);
  if (issue !== undefined) return failed(issue);
  const counter = new LineCounter();
  // A byte order mark takes no column.
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  const position = (offset: number | undefined): Position => {
    const { line, col } = counter.linePos(offset ?? 0);
    return { file, line: Math.max(line, 1), column: Math.max(line <= 1 ? col - mark : col, 1) };
  };
  let documents: readonly Document.Parsed[];
  try {
    const tokens = [...new Parser(counter.addNewLine).parse(text)];
    if (tokens.some(isTooDeep)) return failed(TOO_DEEP);
    if (tokens.filter(({ type }) => type === 'document').length > MAX_DOCUMENTS) return failed(TOO_MANY_DOCUMENTS);
    // Known tags would turn a text into something that is not YAML 1.2: bytes, a date, a set.
    documents = [...new Composer({ uniqueKeys: false, resolveKnownTags: false }).compose(tokens)];
  } catch (error) {
    // Dashes in one line are read by recursion.
    return failed(error instanceof RangeError ? TOO_DEEP : NOT_YAML);
  }
  const issues = complaints(text, documents, position);
  if (issues.length > 0) return { documents: [], issues };
  try {
    const reader = new TreeReader(text, position);
    return { documents: documents.map((document) => reader.read(document)), issues: [] };
  } catch (error) {
    if (error instanceof TooLarge) return failed(error.message);
    throw error;
  }
}

/** Whether a token is nested so deeply that documents must not be made of it, which takes the stack of this process. */
function isTooDeep(token: CST.Token): boolean {
  let level: readonly CST.Token[] = partsOf(token);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap(partsOf);
  }
  return false;
}

function partsOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part != null));
}

class TooLarge extends Error {}

/** Makes trees of the parser's documents. */
class TreeReader {
  private values = 0;
  private issues: LocatedIssue[] = [];
  private targets: ReadonlyMap<Alias, Node> = new Map();

  constructor(
    private readonly text: string,
    private readonly position: (offset: number | undefined) => Position,
  ) {}

  read(document: Document.Parsed): LocatedDocument {
    const { contents } = document;
    const at = this.position(document.range[0]);
    this.targets = targetsOf(document);
    this.issues = [];
    if (!contents || (isScalar(contents) && contents.value === null)) return { at, issues: [] };
    const root = this.visit(contents, this.position(contents.range?.[0]), []);
    return { at, root, issues: this.issues };
  }

  private visit(node: Node | null, at: Position, path: Path): Located {
    this.values += 1;
    if (this.values > MAX_VALUES) throw new TooLarge(this.targets.size > 0 ? TOO_MANY_ALIASES : TOO_MANY_VALUES);
    if (path.length > MAX_DEPTH) throw new TooLarge(TOO_DEEP);
    if (isAlias(node)) return this.visit(this.targets.get(node) ?? null, at, path);
    if (isMap(node)) {
      return { kind: 'map', at, entries: this.mapEntries(node.items, at, path), inBraces: node.flow === true };
    }
    if (isSeq(node)) {
      const entries = node.items.map((item, index): LocatedEntry => {
        const value = item as Node | null;
        const itemAt = this.position(value?.range?.[0]);
        if (isAlias(value) && !this.targets.has(value)) {
          this.issues.push({ at: itemAt, path: [...path, index], message: NO_ANCHOR });
        }
        return {
          at: itemAt,
          value: this.visit(value, itemAt, [...path, index]),
          source: { value: writtenValue(this.text, value) },
        };
      });
      return { kind: 'list', at, entries };
    }
    const message = isScalar(node) ? scalarIssue(node) : undefined;
    if (message !== undefined) this.issues.push({ at, path, message });
    return { kind: 'scalar', at, value: isScalar(node) ? node.value : null };
  }

  private mapEntries(pairs: readonly Pair[], at: Position, path: Path): ReadonlyMap<string, LocatedEntry> {
    const entries = new Map<string, LocatedEntry>();
    for (const pair of pairs) {
      const key = pair.key as Node | null;
      const value = pair.value as Node | null;
      const keyAt = isScalar(key) ? this.position(key.range?.[0]) : at;
      if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
        this.issues.push({ at: keyAt, path, message: 'has a key that is not text (use text)' });
        continue;
      }
      const name = keyText(key);
      const inner = [...path, name];
      if (name === '<<' && key.type === 'PLAIN') {
        this.issues.push({ at: keyAt, path: inner, message: 'is a merge key of YAML 1.1 (write the keys out)' });
        continue;
      }
      if (name === '__proto__') {
        // JavaScript would drop it silently.
        this.issues.push({ at: keyAt, path: inner, message: 'is not a usable name (rename it)' });
        continue;
      }
      if (entries.has(name)) this.issues.push({ at: keyAt, path: inner, message: 'is given twice (keep one)' });
      // Left out, so that no check reports an unknown value.
      if (isAlias(value) && !this.targets.has(value)) {
        this.issues.push({ at: keyAt, path: inner, message: NO_ANCHOR });
        continue;
      }
      const valueAt = value?.range ? this.position(value.range[0]) : keyAt;
      const source = {
        key: key.range ? { start: key.range[0], end: key.range[1] } : undefined,
        value: writtenValue(this.text, value),
      };
      entries.set(name, { at: keyAt, value: this.visit(value, valueAt, inner), source });
    }
    return entries;
  }
}

/**
 * What each alias refers to: the last node before it that has the anchor. One walk, because Alias.resolve takes one for
 * each.
 */
function targetsOf(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
    },
  });
  return targets;
}

/** A key as it is written: a number keeps its digits. */
const keyText = ({ value, source }: Scalar): string => (typeof value === 'string' ? value : (source ?? String(value)));
