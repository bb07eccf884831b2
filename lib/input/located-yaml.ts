import { readFileSync } from 'node:fs';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Issue, Path, Position } from './issue';

/**
 * A YAML file as a tree in which every value knows its place, so that an issue found later, also in a merged
 * environment, can still say the file, line and column.
 */
export type Located =
  | { readonly kind: 'scalar'; readonly at: Position; readonly value: unknown }
  | { readonly kind: 'list'; readonly at: Position; readonly items: readonly Located[] }
  | { readonly kind: 'map'; readonly at: Position; readonly entries: ReadonlyMap<string, LocatedEntry> };

/** A key of a map with its own place (the key's, not the value's) and the value. */
export interface LocatedEntry {
  readonly at: Position;
  readonly value: Located;
}

/** An issue of the file itself (unreadable, no YAML), which has a place but no path yet. */
export interface DocumentIssue extends Issue {
  readonly at: Position;
}

/** What reading one file gave: the tree, or the issues that kept it from being one. */
export interface DocumentReading {
  readonly root?: Located & { readonly kind: 'map' };
  readonly issues: readonly DocumentIssue[];
  /** Why the file could not even be opened, for whoever named it. */
  readonly unreadable?: string;
}

const MAX_BYTES = 1024 * 1024;
/** Aliases are followed, but not into a bomb: no honest environment has more values than this. */
const MAX_VALUES = 20_000;
const MAX_DEPTH = 64;
/** Half of a character, which no UTF-8 file can hold: `\ud83d` without what belongs to it. */
const HALF = /\p{Surrogate}/u;

/** Reads one YAML file. Never throws for what a file may hold: all that is wrong comes back as issues. */
export function readDocument(file: string): DocumentReading {
  const start: Position = { file, line: 1, column: 1 };
  const failed = (message: string, at = start, path: Path = []): DocumentReading => ({
    issues: [{ at, path, message }],
  });

  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const unreadable = readingFailure(error);
    return { ...failed(unreadable), unreadable };
  }
  if (bytes.length > MAX_BYTES) return failed('is larger than 1 MiB (is this an environment file?)');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return failed('is not UTF-8 text (save it as UTF-8)');
  }
  if (text.includes('\u0000')) return failed('is a binary file (an environment is written in YAML)');

  const counter = new LineCounter();
  let documents: Document.Parsed[];
  try {
    documents = [...parseAllDocuments(text, { lineCounter: counter, prettyErrors: false })];
  } catch {
    return failed('cannot be read as YAML (it may be nested too deeply)');
  }
  const position = (offset: number | undefined): Position => {
    const { line, col } = counter.linePos(offset ?? 0);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const complaints = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  if (complaints.length > 0) {
    return {
      issues: complaints.map(({ message, pos }) => ({
        at: position(pos[0]),
        path: [],
        message: `is not valid YAML: ${message.split('\n')[0]} (look at indentation, quotes and colons there)`,
      })),
    };
  }
  const [document, second] = documents;
  const contents = document?.contents;
  if (!document || !contents || (isScalar(contents) && contents.value === null)) {
    return failed('is empty (an environment needs at least database and artifacts)');
  }
  if (second) {
    return failed('holds more than one YAML document (keep one and remove the --- lines)', position(second.range[0]));
  }
  if (!isMap(contents)) return failed('is not a map of keys to values', position(contents.range?.[0]));

  const issues: DocumentIssue[] = [];
  try {
    const root = locate(document, contents, position, issues);
    return issues.length > 0 || root.kind !== 'map' ? { issues } : { root, issues };
  } catch (error) {
    if (error instanceof TooLarge) return failed(error.message);
    throw error;
  }
}

class TooLarge extends Error {}

function locate(
  document: Document.Parsed,
  contents: Node,
  position: (offset: number | undefined) => Position,
  issues: DocumentIssue[],
): Located {
  let values = 0;
  const visit = (node: unknown, at: Position, path: Path): Located => {
    values += 1;
    if (values > MAX_VALUES) throw new TooLarge('expands to too many values (use fewer aliases)');
    if (path.length > MAX_DEPTH) throw new TooLarge(`is nested deeper than ${MAX_DEPTH} levels`);
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target) return visit(target, at, path);
      issues.push({ at, path, message: `refers to an anchor *${node.source} that is not there` });
      return { kind: 'scalar', at, value: null };
    }
    if (isMap(node)) {
      const entries = new Map<string, LocatedEntry>();
      for (const { key, value } of node.items) {
        const place = isScalar(key) ? position(key.range?.[0]) : at;
        if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
          issues.push({ at: place, path, message: 'has a key that is no plain word' });
          continue;
        }
        const name = key.source ?? String(key.value);
        if (name === '__proto__') {
          // It would be lost on the way through JavaScript, and silently.
          issues.push({ at: place, path: [...path, name], message: 'is no name that can be used (rename it)' });
          continue;
        }
        if (entries.has(name)) {
          issues.push({ at: place, path: [...path, name], message: 'is given twice (keep one)' });
        }
        const valueAt = (value as Node | null)?.range ? position((value as Node).range?.[0]) : place;
        entries.set(name, { at: place, value: visit(value, valueAt, [...path, name]) });
      }
      return { kind: 'map', at, entries };
    }
    if (isSeq(node)) {
      const items = node.items.map((item, index) =>
        visit(item, position((item as Node | null)?.range?.[0]), [...path, index]),
      );
      return { kind: 'list', at, items };
    }
    const scalar = isScalar(node) ? node : undefined;
    if (typeof scalar?.value === 'string' && HALF.test(scalar.value)) {
      issues.push({
        at,
        path,
        message: 'holds half of a character (write both halves of the escape, or the character)',
      });
    }
    return { kind: 'scalar', at, value: scalar?.value ?? null };
  };
  return visit(contents, position(contents.range?.[0]), []);
}

function readingFailure(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EISDIR') return 'is a folder (name the file)';
  if (code === 'EACCES') return 'cannot be read (no permission)';
  return `cannot be read (${code ?? 'unknown error'})`;
}

/** The plain value of a tree. */
export function toPlain(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
}

/** One tree over another: maps merge key by key, all else (lists too) is replaced. */
export function mergeLocated(base: Located, over: Located): Located {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    entries.set(key, below ? { at: entry.at, value: mergeLocated(below.value, entry.value) } : entry);
  }
  return { kind: 'map', at: over.at, entries };
}

/** A tree without one entry; the same tree when it is not there. */
export function without(node: Located, path: Path): Located {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  if (node.kind === 'map' && typeof step === 'string') {
    const entry = node.entries.get(step);
    if (!entry) return node;
    const entries = new Map(node.entries);
    if (rest.length === 0) entries.delete(step);
    else entries.set(step, { at: entry.at, value: without(entry.value, rest) });
    return { ...node, entries };
  }
  if (node.kind === 'list' && typeof step === 'number') {
    const item = node.items[step];
    if (!item) return node;
    const items = [...node.items];
    if (rest.length === 0) items.splice(step, 1);
    else items[step] = without(item, rest);
    return { ...node, items };
  }
  return node;
}

/** The place of a path: its key's, or that of the deepest part of the path that is written down. */
export function positionOf(root: Located, path: Path): Position {
  let node = root;
  let at = root.at;
  for (const step of path) {
    const next =
      node.kind === 'map'
        ? node.entries.get(String(step))
        : node.kind === 'list' && typeof step === 'number'
          ? node.items[step]
          : undefined;
    if (!next) return at;
    at = next.at;
    node = 'value' in next && 'at' in next && !('kind' in next) ? next.value : (next as Located);
  }
  return at;
}
