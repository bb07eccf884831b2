import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Issue, LocatedIssue } from '../../input/issue';
import { notEmpty, OWN_LABELS } from '../../kubernetes/metadata';
import { isClusterScoped } from '../../kubernetes/scope';
import { describeManifest, identity, isNeededFirst, type Manifest, type OutputFile } from '../manifest';
import { objectIssues } from './checks';
import { type AddedObject, AddedObjects, type AppliedSecret, locator, type UserObject } from './user-object';

/** The output file of the objects of users, except those that others need. */
export const OBJECTS_FILE = 'objects';

/** The output file that kubectl applies first: of the Namespace, and of what else the others cannot be created without. */
const FIRST_FILE = 'namespace';

/** Output files with objects of a user, none of which comes before what it needs. */
export function withAdded(own: readonly OutputFile[], added: readonly AddedObject[]): readonly OutputFile[] {
  const those = (first: boolean) => added.filter(({ isFirst }) => isFirst === first).map(({ manifest }) => manifest);
  const [first, others] = [those(true), those(false)];
  const ofNamespace = own.flatMap(({ name, objects }) => (name === FIRST_FILE ? objects : []));
  return [
    { name: FIRST_FILE, objects: [...ofNamespace, ...first] },
    ...own.filter(({ name }) => name !== FIRST_FILE),
    { name: OBJECTS_FILE, objects: others },
  ].filter(({ objects }) => objects.length > 0);
}

/** The objects of a user that can be added to an output, and what is wrong with the others. */
export interface Addition {
  readonly added: AddedObjects;
  readonly issues: readonly (Issue | LocatedIssue)[];
}

/**
 * Prepares the objects of a user for an output: fills in the namespace, and adds the labels and annotations of every
 * object.
 *
 * @param own the objects of the environment
 * @param secrets what the user applies beside the output
 */
export function addObjects(
  given: readonly UserObject[],
  own: readonly Manifest[],
  environment: ResolvedEnvironment,
  secrets: readonly AppliedSecret[],
): Addition {
  const taken = new Set(own.map(identity));
  const seen = new Map<string, AddedObject>();
  const issues: (Issue | LocatedIssue)[] = [];
  given.forEach(({ manifest: written, at, path, isFirst = false }, index) => {
    const locate = locator({ at, path: path ?? ['objects', index] });
    const wrong = objectIssues(written);
    issues.push(...wrong.map(locate));
    if (wrong.length > 0) return;
    const manifest = complete(written as Manifest, environment);
    const id = identity(manifest);
    const first = seen.get(id);
    if (taken.has(id)) {
      const other = manifest.kind === 'Namespace' ? 'set namespace.create: false' : 'use another name';
      const message = `is ${describeManifest(manifest)}, an object of the environment itself (change that one by its keys or with patches, or ${other})`;
      issues.push(locate({ path: ['metadata', 'name'], message }));
    } else if (first) {
      const message = `is ${describeManifest(manifest)}, which is in the objects already${placeOf(first)} (keep one)`;
      issues.push(locate({ path: ['metadata', 'name'], message }));
    } else seen.set(id, { manifest, locate, isFirst: isFirst || isNeededFirst(manifest) });
  });
  return { added: new AddedObjects([...seen.values()], issues.length === 0, secrets), issues };
}

function placeOf({ locate }: AddedObject): string {
  const place = locate({ path: [], message: '' });
  return 'at' in place ? `, in ${place.at.file}:${place.at.line}` : '';
}

/** The labels of the user, without those that say what an object of the instance is. */
const foreignLabels = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !OWN_LABELS.includes(key)));

/** An object with all that it has from its environment. What it says itself comes first. */
export function complete(written: Manifest, { namespace, labels, annotations }: ResolvedEnvironment): Manifest {
  const { metadata } = written;
  // The schema reports what is not a map.
  const merged = (all: Readonly<Record<string, string>>, own: Readonly<Record<string, string>> = {}) =>
    typeof own === 'object' && !Array.isArray(own) ? notEmpty({ ...all, ...own }) : own;
  const where = metadata.namespace ?? (isClusterScoped(written) ? undefined : namespace.name);
  const { labels: ownLabels, annotations: ownAnnotations, ...rest } = metadata;
  const parts = {
    namespace: where,
    labels: merged(foreignLabels(labels), ownLabels),
    annotations: merged(annotations, ownAnnotations),
  };
  const set = Object.entries(parts).filter(([, value]) => value !== undefined);
  return { ...written, metadata: { ...rest, ...Object.fromEntries(set) } };
}
