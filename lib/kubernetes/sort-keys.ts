/** A map by its keys: checksums are taken of it, and the order of a file must not change a Job's name. */
export const inOrder = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
