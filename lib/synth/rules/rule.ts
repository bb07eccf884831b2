import type { ResolvedEnvironment } from '../../mlflow/resolved-environment';
import type { Manifest } from '../manifest';

/** Something that a rule found: the object and what is wrong with it. */
export interface Finding {
  readonly object: Manifest;
  /** In lower case, ending in "(what would be right)". */
  readonly message: string;
}

/** Something that must hold over all objects of an environment. */
export interface Rule {
  readonly name: string;
  /** What goes wrong in a cluster when it does not hold. */
  readonly reason: string;
  check(objects: readonly Manifest[], environment: ResolvedEnvironment): Finding[];
}
