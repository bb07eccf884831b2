import { isRecord } from '../../input/is-record';
import type { Manifest } from '../manifest';
import type { Change } from './compare';
import { showBoth } from './show';

/** An object with the file that it is in. */
export interface Placed {
  readonly object: Manifest;
  readonly path: string;
}

/** An object of two versions of the output. */
export interface Difference {
  /** Undefined if it is new. */
  readonly before?: Placed;
  /** Undefined if it is gone. */
  readonly after?: Placed;
  readonly changes: readonly Change[];
}

/** Differences of which some are said in one line. */
interface Folded {
  readonly lines: readonly string[];
  readonly rest: readonly Difference[];
}

/** The environment of an object: the folder of its file. */
export const environmentOf = ({ path }: Placed): string => path.split('/')[0] ?? '';

/**
 * A label that has one value in all objects of an environment and gets another in each of them, such as the version, is
 * one line instead of one in each.
 *
 * @param kept the objects of files that stay as they are
 */
export function foldLabels(differences: readonly Difference[], kept: () => readonly Placed[]): Folded {
  const groups = groupsOf(differences);
  if (groups.length === 0) return { lines: [], rest: differences };
  const stay = kept();
  const alike = groups.filter(
    ({ environment, key, before, changes }) =>
      changes.length ===
      [...stay, ...differences.flatMap((each) => (each.before && each.after ? each.before : []))]
        .filter((placed) => environmentOf(placed) === environment)
        .reduce((sum, { object }) => sum + occurrences(object, key, before), 0),
  );
  const said = new Set(alike.flatMap(({ changes }) => changes));
  return {
    lines: alike.map(
      ({ environment, key, before, after, objects }) =>
        `~ ${objects.size} objects (${environment}): label ${key}: ${showBoth(before, after).join(' -> ')}`,
    ),
    rest: differences.map((each) => ({ ...each, changes: each.changes.filter((change) => !said.has(change)) })),
  };
}

/** The same change of a label in several objects. */
interface LabelChange {
  readonly environment: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly changes: Change[];
  readonly objects: Set<Difference>;
}

function groupsOf(differences: readonly Difference[]): LabelChange[] {
  const groups = new Map<string, LabelChange>();
  for (const difference of differences) {
    for (const change of difference.changes) {
      const { before, after, path } = change;
      const [map, key] = path.slice(-2);
      if (!difference.after || map !== 'labels' || typeof key !== 'string') continue;
      if (typeof before !== 'string' || typeof after !== 'string') continue;
      const environment = environmentOf(difference.after);
      const id = JSON.stringify([environment, key, before, after]);
      const group = groups.get(id) ?? { environment, key, before, after, changes: [], objects: new Set() };
      groups.set(id, group);
      group.changes.push(change);
      group.objects.add(difference);
    }
  }
  return [...groups.values()].filter(({ objects }) => objects.size > 1);
}

/** How often a label has a value in an object: in its metadata, and in templates. */
function occurrences(value: unknown, key: string, label: string): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + occurrences(item, key, label), 0);
  if (!isRecord(value)) return 0;
  const { labels } = value;
  const own = isRecord(labels) && labels[key] === label ? 1 : 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + occurrences(inner, key, label), own);
}
