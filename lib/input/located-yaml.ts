import type { Path, Position } from './issue';

/**
 * YAML as a tree in which every value knows its location, so that an issue found later, also in a merged environment,
 * can still name the file, line and column.
 */
export type Located = LocatedScalar | LocatedList | LocatedMap;

/** A text, a number, true, false or null. */
export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: unknown;
}

/** A list, in its order. */
export interface LocatedList {
  readonly kind: 'list';
  readonly at: Position;
  readonly entries: readonly LocatedEntry[];
}

/** A map of keys to values, in the order in which they are written. */
export interface LocatedMap {
  readonly kind: 'map';
  readonly at: Position;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
  /** Whether it is written in braces, as in JSON. */
  readonly inBraces: boolean;
}

/** A value of a map or a list, with the location of its key or, in a list, its own. */
export interface LocatedEntry {
  readonly at: Position;
  readonly value: Located;
  readonly source: EntrySource;
}

/** A part of a text, as offsets of its first character and of the one behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The source of an entry, for changes of the text. */
export interface EntrySource {
  /** The key; undefined in a list. */
  readonly key?: Span;
  /** The value as it is written, an alias too; undefined when nothing is written. */
  readonly value?: WrittenValue;
}

/** A value as it is written. */
export interface WrittenValue extends Span {
  readonly style: 'plain' | 'single-quoted' | 'double-quoted' | 'block' | 'other';
  readonly hasAnchor: boolean;
  readonly hasTag: boolean;
  /** The comment on the last line of the value (the first line of a block), and the offset of its end. */
  readonly comment?: { readonly text: string; readonly end: number };
}

/** The plain value of a tree. */
export function toPlain(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.entries.map((entry) => toPlain(entry.value));
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
}

/**
 * One tree over another: maps merge key by key, everything else (lists too) is replaced, and a written `null` removes the
 * value below. A key with nothing behind it does not, since it may be forgotten.
 */
export function mergeLocated(base: Located, over: Located): Located {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    if (below && isWrittenNull(entry)) entries.delete(key);
    else entries.set(key, below ? { ...entry, value: mergeLocated(below.value, entry.value) } : entry);
  }
  return { ...over, entries };
}

const isWrittenNull = ({ value, source }: LocatedEntry): boolean =>
  value.kind === 'scalar' && value.value === null && (source.value?.end ?? 0) > (source.value?.start ?? 0);

/** A tree without the entry at a path, and without the whole list that it is in; the same tree when there is none. */
export const without = (node: Located, path: Path): Located => withoutAll(node, [path]);

/** The same for many paths at once. */
export function withoutAll(node: Located, paths: readonly Path[]): Located {
  if (node.kind !== 'map') return node;
  const below = new Map<string, Path[]>();
  for (const [step, ...rest] of paths) {
    const inside = below.get(String(step)) ?? [];
    if (step !== undefined && node.entries.has(String(step))) below.set(String(step), inside);
    inside.push(rest);
  }
  if (below.size === 0) return node;
  const entries = new Map(node.entries);
  for (const [key, inside] of below) {
    const entry = node.entries.get(key);
    if (entry?.value.kind !== 'map' || inside.some(({ length }) => length === 0)) entries.delete(key);
    else entries.set(key, { ...entry, value: withoutAll(entry.value, inside) });
  }
  return { ...node, entries };
}

/** The entry at a path, if it is written. */
export function entryAt(root: Located, path: Path): LocatedEntry | undefined {
  let node: Located | undefined = root;
  let entry: LocatedEntry | undefined;
  for (const step of path) {
    entry = node && childOf(node, step);
    node = entry?.value;
  }
  return entry;
}

/** The position of the entry at a path, or of the deepest part of the path that is written. */
export function positionOf(root: Located, path: Path): Position {
  let { at } = root;
  let node = root;
  for (const step of path) {
    const entry = childOf(node, step);
    if (!entry) return at;
    at = entry.at;
    node = entry.value;
  }
  return at;
}

function childOf(node: Located, step: string | number): LocatedEntry | undefined {
  if (node.kind === 'map') return node.entries.get(String(step));
  return node.kind === 'list' && typeof step === 'number' ? node.entries[step] : undefined;
}
