import type { Path } from '../../../input/issue';

/** An operation of a JSON patch (RFC 6902). */
export interface PatchOperation {
  /** `copy` and `move` only in TypeScript. */
  readonly op: 'add' | 'remove' | 'replace' | 'test' | 'copy' | 'move';
  /** A JSON Pointer. */
  readonly path: string;
  /** A JSON Pointer; of `copy` and `move`. */
  readonly from?: string;
  /** Of `add`, `replace` and `test`. */
  readonly value?: unknown;
}

/** A JSON patch of the objects with a kind and a name. */
export interface Patch {
  readonly kind: string;
  readonly name: string;
  readonly operations: readonly PatchOperation[];
}

/**
 * A patch with the path of the key that says so: an item of `patches`, or a key whose value goes into an object as it
 * is written. What it adds is judged as the user's own.
 */
export interface LocatedPatch extends Patch {
  readonly at: Path;
  /** The identity of the only object that it is of. @default it is of each object with its kind and name */
  readonly of?: string;
}

/** The items of `patches` with their paths. */
export const locatedPatches = (patches: readonly Patch[]): LocatedPatch[] =>
  patches.map((patch, index) => ({ ...patch, at: ['patches', index] }));
