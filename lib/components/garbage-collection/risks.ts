import { appliedRisks, type Risk } from '../shared/risks/risk';

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** An age such as `1d12h` in seconds. */
const secondsOf = (age: string): number =>
  [...age.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 0),
    0,
  );

/** What garbage collection removes too early. */
export const garbageCollectionRisks = ({
  garbageCollection,
}: {
  readonly garbageCollection?: { readonly olderThan: string };
}): Risk[] =>
  appliedRisks([
    {
      path: ['garbageCollection', 'olderThan'],
      risk: 'early-deletion',
      applies: garbageCollection !== undefined && secondsOf(garbageCollection.olderThan) < 86_400,
      what: `is ${garbageCollection?.olderThan}, so what a user deletes by mistake or an attacker deletes is soon gone, with its artifacts`,
      fix: 'use at least 1d',
    },
  ]);
