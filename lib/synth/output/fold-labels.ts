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
 * one line instead of one in each. Labels elsewhere do more than describe an object, so each is a line: those of a pod
 * template restart pods, those of an alert choose its receiver.
 *
 * @param kept the objects of files that stay as they are
 */
export function foldLabels(differences: readonly Difference[], kept: () => readonly Placed[]): Folded {
  const groups = groupsOf(differences);
  if (groups.length === 0) return { lines: [], rest: differences };
  const all = [...kept(), ...differences.flatMap((each) => (each.before && each.after ? each.before : []))];
  const alike = groups.filter(({ environment, key, before, changes }) => {
    const objects = all.filter((placed) => environmentOf(placed) === environment).map(({ object }) => object);
    return (
      objects.filter((object) => labelsOf(object)[key] === before).length === changes.length &&
      // A label of some objects only is one that something selects them by, so the reader must see which they are.
      objects.map(labelsOf).every((labels) => key in labels || !(MANAGED_BY in labels))
    );
  });
  const said = new Set(alike.flatMap(({ changes }) => changes));
  return {
    lines: alike.map(
      ({ environment, key, before, after, changes }) =>
        `~ ${changes.length} objects (${environment}): label ${key}: ${showBoth(before, after).join(' -> ')}`,
    ),
    rest: differences.map((each) => ({ ...each, changes: each.changes.filter((change) => !said.has(change)) })),
  };
}

/** What only objects of users may be without. */
const MANAGED_BY = 'app.kubernetes.io/managed-by';

function labelsOf({ metadata }: Manifest): Readonly<Record<string, unknown>> {
  const { labels } = metadata as { readonly labels?: unknown };
  return isRecord(labels) ? labels : {};
}

/** The same change of a label in several objects. */
interface LabelChange {
  readonly environment: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  /** One in each object. */
  readonly changes: Change[];
}

function groupsOf(differences: readonly Difference[]): LabelChange[] {
  const groups = new Map<string, LabelChange>();
  for (const difference of differences) {
    for (const change of difference.changes) {
      const { before, after, path } = change;
      const [map, labels, key, ...inner] = path;
      if (!difference.after || map !== 'metadata' || labels !== 'labels' || inner.length > 0) continue;
      if (typeof key !== 'string') continue;
      if (typeof before !== 'string' || typeof after !== 'string') continue;
      const environment = environmentOf(difference.after);
      const id = JSON.stringify([environment, key, before, after]);
      const group = groups.get(id) ?? { environment, key, before, after, changes: [] };
      groups.set(id, group);
      group.changes.push(change);
    }
  }
  return [...groups.values()].filter(({ changes }) => changes.length > 1);
}
