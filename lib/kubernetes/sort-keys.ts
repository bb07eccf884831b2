/**
 * A map with its keys in order of their code units.
 *
 * Checksums are computed from such maps, so the order of keys in an environment file must not change them.
 */
export function sortKeys<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A value of plain data with the keys of every map in it in order. Lists keep theirs. */
export function sortKeysDeep<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortKeysDeep) as T;
  if (typeof value !== 'object' || value === null) return value;
  const map = value as Readonly<Record<string, unknown>>;
  const entries = Object.keys(map)
    .sort()
    .map((key) => [key, sortKeysDeep(map[key])]);
  return Object.fromEntries(entries) as T;
}
