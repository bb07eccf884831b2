import { isRecord } from '../../input/is-record';
import { differencesBetween } from './align';

/** A step of a path: the key of a map, the index in a list, or the name of an item of a list of named things. */
export type Step = string | number | { readonly name: string };

/**
 * One difference between two values. The index of what is removed or changed is the one before, of what is added the one
 * after: remove first, then add in this order, and the result is the value after.
 */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed' | 'reordered';
  readonly path: readonly Step[];
  /** Undefined for what is added. */
  readonly before?: unknown;
  /** Undefined for what is removed. */
  readonly after?: unknown;
}

/** How two values differ, in the order of their keys. */
export function changesBetween(before: unknown, after: unknown, path: readonly Step[] = []): Change[] {
  if (isRecord(before) && isRecord(after)) {
    return union(before, after).flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return changesOfLists(before, after, path);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined) return [{ kind: 'added', path, after }];
  if (after === undefined) return [{ kind: 'removed', path, before }];
  return [{ kind: 'changed', path, before, after }];
}

/** Lists of named things (containers, variables, ports, volumes) are compared by name, others by what both have. */
function changesOfLists(before: readonly unknown[], after: readonly unknown[], path: readonly Step[]): Change[] {
  const [named, other] = [byName(before), byName(after)];
  return named && other ? changesByName(named, other, path) : changesByPosition(before, after, path);
}

type Named = ReadonlyMap<string, unknown>;

function changesByName(before: Named, after: Named, path: readonly Step[]): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const changes = names.flatMap((name) => changesBetween(before.get(name), after.get(name), [...path, { name }]));
  const shared = (one: Named, other: Named) => [...one.keys()].filter((name) => other.has(name)).join('\n');
  const isMoved = shared(before, after) !== shared(after, before);
  return isMoved ? [...changes, { kind: 'reordered', path }] : changes;
}

/** Where as many items are removed as added, each became the other. */
function changesByPosition(before: readonly unknown[], after: readonly unknown[], path: readonly Step[]): Change[] {
  const texts = [before, after].map((list) => list.map((item) => JSON.stringify(item))) as [string[], string[]];
  return differencesBetween(...texts).flatMap(({ before: from, after: to, removed, added }) => {
    const old = before.slice(from, from + removed);
    const young = after.slice(to, to + added);
    if (removed === added) {
      return old.flatMap((item, index) => changesBetween(item, young[index], [...path, from + index]));
    }
    return [
      ...old.map((item, index): Change => ({ kind: 'removed', path: [...path, from + index], before: item })),
      ...young.map((item, index): Change => ({ kind: 'added', path: [...path, to + index], after: item })),
    ];
  });
}

function byName(list: readonly unknown[]): Named | undefined {
  const names = list.flatMap((item) => (isRecord(item) && typeof item.name === 'string' ? [item.name] : []));
  if (names.length !== list.length || new Set(names).size !== names.length) return undefined;
  return new Map(names.map((name, index) => [name, list[index]]));
}

const union = (a: object, b: object) => [...new Set([...Object.keys(a), ...Object.keys(b)])];
