import type { Figures } from './measure';

/** The median; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

/** The median of a figure over rounds that have it. */
export const medianOf = (rounds: readonly Figures[], name: string): number =>
  median(rounds.map((round) => round[name]).filter((value) => value !== undefined));

/** The median of the rounds' own ratios: what slows the machine for a while slows both sides of a round. */
export const medianRatio = (of: readonly Figures[], to: readonly Figures[], name: string): number =>
  median(
    of.flatMap((round, index) => {
      const [value, base] = [round[name], to[index]?.[name]];
      return value === undefined || base === undefined ? [] : [value / base];
    }),
  );
