import type { Path } from '../input/issue';

/** What an environment uses, or creates outside of its own objects, and another environment could use by accident. */
export interface SharedThing {
  /** The key that names it. */
  readonly path: Path;
  /** Every key that decides which one it is. */
  readonly keys: readonly Path[];
  /** The same text for the same thing in one cluster. */
  readonly id: string;
  /** What messages call it, before its name: `database`. */
  readonly noun: string;
  readonly name: string;
  /** Where it is, behind the name. @default the noun says so */
  readonly location?: string;
  /** What happens if two environments have it. */
  readonly consequence: string;
  /** Keys of which setting one is enough. */
  readonly ways: readonly string[];
  /** Whether each cluster has its own. @default false */
  readonly isOfCluster?: boolean;
}
