import { type Document, parseAllDocuments } from 'yaml';
import { isRecord } from '../../input/is-record';
import { describeManifest, identity, isManifest, type Manifest } from '../manifest';
import type { FileChange } from './writer';

/** How two versions of the output differ, object by object and field by field, as lines to print. */
export function describeChanges(changes: readonly FileChange[]): string[] {
  const before = objectsOf(changes, 'before');
  const after = objectsOf(changes, 'after');
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => describeObject(before.get(key), after.get(key)));
}

interface Placed {
  readonly object: Manifest;
  readonly path: string;
}

/** Objects by environment and identity, so that one which moves to another file is not shown as removed and created. */
function objectsOf(changes: readonly FileChange[], side: 'before' | 'after'): ReadonlyMap<string, Placed> {
  return new Map(
    changes.flatMap((change) => {
      const text = change[side];
      if (text === undefined || change.action === 'keep') return [];
      const environment = change.path.split('/')[0] ?? '';
      return manifestsOf(text).map((object) => [`${environment}|${identity(object)}`, { object, path: change.path }]);
    }),
  );
}

/** The manifests of a text; anything else (a file edited by hand) is left out. */
export function manifestsOf(text: string): Manifest[] {
  return [...parseAllDocuments(text)].flatMap((document) => {
    const value = document.errors.length > 0 ? undefined : plainValue(document);
    return isManifest(value) ? [value] : [];
  });
}

/** A document as plain data; undefined if an alias has no anchor, contains itself or expands to too many values. */
function plainValue(document: Document): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS()));
  } catch {
    return undefined;
  }
}

function describeObject(before: Placed | undefined, after: Placed | undefined): string[] {
  if (!before) return after ? [`+ ${describeManifest(after.object)} (${after.path})`] : [];
  if (!after) return [`- ${describeManifest(before.object)} (${before.path})`];
  const fields = compareValues(before.object, after.object, '');
  if (fields.length === 0) return [];
  return [`~ ${describeManifest(after.object)} (${after.path})`, ...fields.map((field) => `    ${field}`)];
}

function compareValues(before: unknown, after: unknown, path: string): string[] {
  if (isRecord(before) && isRecord(after)) {
    return union(before, after).flatMap((key) => compareValues(before[key], after[key], join(path, key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, path);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined) return [`+ ${path}: ${show(after)}`];
  if (after === undefined) return [`- ${path}: ${show(before)}`];
  return [`~ ${path}: ${showBoth(before, after).join(' -> ')}`];
}

/** Lists of named things (containers, variables, ports, volumes) are compared by name, others by position. */
function compareLists(before: readonly unknown[], after: readonly unknown[], path: string): string[] {
  const [named, other] = [byName(before), byName(after)];
  if (named && other) {
    const fields = union(named, other).flatMap((name) => compareValues(named[name], other[name], `${path}[${name}]`));
    const moved = fields.length === 0 && JSON.stringify(before) !== JSON.stringify(after);
    return moved ? [`~ ${path}: the same in another order`] : fields;
  }
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => compareValues(before[index], after[index], `${path}[${index}]`)).flat();
}

function byName(list: readonly unknown[]): Record<string, unknown> | undefined {
  const names = list.map((item) => (isRecord(item) && typeof item.name === 'string' ? item.name : undefined));
  if (names.includes(undefined) || new Set(names).size !== names.length) return undefined;
  return Object.fromEntries(list.map((item, index) => [names[index], item]));
}

const union = (a: object, b: object) => [...new Set([...Object.keys(a), ...Object.keys(b)])];

const join = (path: string, key: string) => {
  if (!/^[\w-]+$/.test(key)) return `${path}[${key}]`;
  return path ? `${path}.${key}` : key;
};

const MAX_LENGTH = 100;

/** Two values, each from shortly before their first difference. */
function showBoth(before: unknown, after: unknown): string[] {
  const texts = [before, after];
  if (texts.some((value) => typeof value !== 'string' || value.includes('\n'))) return texts.map(show);
  const [a = '', b = ''] = texts as string[];
  let parts = 0;
  while (parts < a.length && a[parts] === b[parts]) parts += 1;
  const skipped = Math.max(a.length, b.length) > MAX_LENGTH ? Math.max(0, parts - SHARED) : 0;
  return [a, b].map((text) => (skipped > 0 ? `…${show(text.slice(skipped))}` : show(text)));
}

/** Characters that are shown before the first difference. */
const SHARED = 20;

/** A value on one line; long texts by their number of lines. */
function show(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return `(text of ${value.split('\n').length - 1} lines)`;
  const text = JSON.stringify(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
