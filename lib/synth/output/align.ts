/** The most pairs of items that are compared. Longer lists that differ nearly everywhere are taken as replaced. */
const PAIRS = 1_000_000;

/** Items of two lists that follow each other: both have them, or one has some in place of those of the other. */
export interface Stretch {
  /** Index of the first in the list before. */
  readonly before: number;
  /** Index of the first in the list after. */
  readonly after: number;
  readonly removed: number;
  readonly added: number;
}

/** Where two lists differ, with as many items as possible taken as unchanged. Equal texts are equal items. */
export function differencesBetween(before: readonly string[], after: readonly string[]): Stretch[] {
  const start = sharedLength(before, after);
  const rest = [before, after].map((list) => list.slice(start).toReversed()) as [string[], string[]];
  const end = sharedLength(...rest);
  const [a, b] = [before, after].map((list) => list.slice(start, list.length - end)) as [string[], string[]];
  const stretches: Stretch[] = [];
  let [from, to] = [0, 0];
  for (const [i, j] of [...commonItems(a, b), [a.length, b.length] as const]) {
    if (i > from || j > to)
      stretches.push({ before: start + from, after: start + to, removed: i - from, added: j - to });
    [from, to] = [i + 1, j + 1];
  }
  return stretches;
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const first = a.findIndex((item, index) => item !== b[index]);
  return first < 0 ? Math.min(a.length, b.length) : first;
}

/** The indices of a longest common subsequence. */
function commonItems(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  if (a.length * b.length > PAIRS) return [];
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = lengths[i] ?? [];
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const found: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      found.push([i, j]);
      [i, j] = [i + 1, j + 1];
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i += 1;
    else j += 1;
  }
  return found;
}
