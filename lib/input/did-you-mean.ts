/** No list that a user would look through is longer; comparing many texts with many others takes long. */
const MAXIMUM_CANDIDATES = 100;

/** The candidate that a user most likely meant, or undefined if none is similar. */
export function nearest(given: string, candidates: readonly string[]): string | undefined {
  const wanted = given.toLowerCase();
  const [best] = candidates
    .slice(0, MAXIMUM_CANDIDATES)
    // As many letters are missing as the lengths differ: of a long text nothing is compared.
    .filter((candidate) => Math.abs(candidate.length - given.length) <= tolerance(given, candidate))
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= tolerance(given, best.candidate) ? best.candidate : undefined;
}

/** How many letters of two similar texts may differ. */
const tolerance = (given: string, candidate: string): number =>
  Math.max(1, Math.floor(Math.max(given.length, candidate.length) / 2.5));

/** How many letters must be inserted, deleted, replaced or swapped with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
