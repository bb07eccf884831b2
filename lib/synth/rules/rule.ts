import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Manifest } from '../manifest';

/** Something that a rule found: the object and what is wrong with it. */
export interface Violation {
  readonly object: Manifest;
  /** In lower case, ending in "(what would be right)". */
  readonly message: string;
  /** Further objects that decide about it, so that a patch of them may be its cause. */
  readonly others?: readonly Manifest[];
}

/** Something that must hold over all objects of an environment. */
export interface Rule {
  readonly name: string;
  /** What goes wrong in a cluster when it does not hold. */
  readonly reason: string;
  /**
   * What it is when a patch breaks it. `issue`: the cluster would refuse it, wait for ever, lose data or drift, whoever
   * wrote it; nobody means that. `meant`: it is what we promise beyond what a cluster demands, and a patch is the
   * user's way to decide otherwise, so nothing is said of what a patch changes.
   */
  readonly patched: 'issue' | 'allowed';
  check(objects: readonly Manifest[], environment: ResolvedEnvironment): Violation[];
}
