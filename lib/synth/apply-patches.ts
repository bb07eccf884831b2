import {
  applyPatch,
  getValueByPointer,
  type Operation,
  unescapePathComponent,
  type Validator,
  validator,
} from 'fast-json-patch';
import type { LocatedPatch } from '../components/shared/contributions/patches';
import type { Issue } from '../input/issue';
import { groupOf, identity, isManifest, type Manifest, type OutputFile } from './manifest';
import { matchesNothing } from './no-object';

/** The files with the environment's patches applied, and what is wrong with the patches. */
export interface PatchedFiles {
  readonly files: readonly OutputFile[];
  readonly issues: readonly Issue[];
  /** The indices of the patches that were not applied. */
  readonly unapplied: ReadonlySet<number>;
}

/**
 * Applies every patch to the object that it names. A patch that matches nothing, or does not apply as a whole, is an
 * issue.
 */
export function applyPatches(files: readonly OutputFile[], patches: readonly LocatedPatch[]): PatchedFiles {
  const issues: Issue[] = [];
  const unapplied = new Set<number>();
  let patched = files;
  patches.forEach((patch, index) => {
    const objects = patched.flatMap(({ objects }) => objects);
    if (!objects.some((object) => matches(object, patch))) {
      unapplied.add(index);
      issues.push({ path: patch.at, message: matchesNothing(patch, objects) });
      return;
    }
    patched = patched.map((file) => ({
      ...file,
      objects: file.objects.map((object) => {
        if (!matches(object, patch)) return object;
        const { changed, failed } = applyOperations(object, patch);
        const wrong = failed.length === 0 ? mistake(object, changed) : undefined;
        if (failed.length === 0 && !wrong) return changed;
        unapplied.add(index);
        issues.push(...failed);
        if (wrong) {
          const message = `makes ${patch.kind} ${patch.name} ${wrong}`;
          issues.push({ path: patch.at, message });
        }
        return object;
      }),
    }));
  });
  return { files: patched, issues, unapplied };
}

/** Whether a patch is of an object. */
export const matches = (object: Manifest, patch: LocatedPatch): boolean =>
  object.kind === patch.kind &&
  object.metadata.name === patch.name &&
  (patch.of === undefined || patch.of === identity(object));

/** What is wrong with a changed object as a whole. */
function mistake(before: Manifest, changed: Manifest): string | undefined {
  if (!isManifest(changed)) {
    return 'invalid (apiVersion, kind, metadata.name and metadata.namespace must be non-empty strings)';
  }
  // The rules know the kinds of synth only: nothing would check the pods in a List.
  if (groupOf(changed) === groupOf(before) && changed.kind === before.kind) return undefined;
  return `an object of kind ${changed.kind} of ${changed.apiVersion} (write another object into a file of your own)`;
}

/**
 * Validates an operation as the library does, and its last step as RFC 6901 reads it: the library also accepts `01`, an
 * empty text and numbers beyond 32 bits as an index, and the names that every JavaScript object inherits.
 */
const validateExactly: Validator<unknown> = (operation, index, document, existingPath) => {
  validator(operation, index, document, existingPath);
  const { op, path } = operation;
  // The whole object, which always exists.
  if (path === '') return;
  const end = path.lastIndexOf('/');
  const parent: unknown = getValueByPointer(document, path.slice(0, end));
  const key = unescapePathComponent(path.slice(end + 1));
  const exists =
    // Those put a value where none has to be.
    ['add', 'copy', 'move'].includes(op)
      ? !Array.isArray(parent) || key === '-' || (String(Number(key)) === key && Number(key) <= parent.length)
      : Object.hasOwn(parent as object, key);
  if (!exists) throw new RangeError(`no ${path}`);
};

/** The object with all operations that apply, and those that do not. */
function applyOperations(object: Manifest, patch: LocatedPatch): { changed: Manifest; failed: Issue[] } {
  const failed: Issue[] = [];
  // One copy for all operations: one for each takes long for many. An operation that fails has changed nothing.
  const changed = patch.operations.reduce<Manifest>((manifest, operation, step) => {
    try {
      // The library puts the value itself into the object, where a later operation would change it.
      return applyPatch(manifest, [structuredClone(operation) as Operation], validateExactly, true).newDocument;
    } catch {
      const path = [...patch.at, 'operations', step];
      const message = `cannot be applied to ${patch.kind} ${patch.name} (does ${operation.path || 'the whole object'} exist, and is the value correct?)`;
      failed.push({ path, message });
      return manifest;
    }
  }, structuredClone(object));
  return { changed, failed };
}
