import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Advice, messageOf, type Path } from '../../input/issue';
import type { Manifest } from '../manifest';
import type { AddedObjects } from '../user-objects/user-object';

/** A violation of a rule: the object and what is wrong with it. */
export interface Violation {
  readonly object: Manifest;
  /** In lower case, ending in "(what to do)". */
  readonly message: string;
  /** Where in the object it is, if the rule knows. */
  readonly path?: Path;
  /** Further objects that it depends on, so that a patch of one may be its cause. */
  readonly others?: readonly Manifest[];
}

/** A rule over all objects of an environment. */
export interface Rule {
  readonly name: string;
  /** What goes wrong in a cluster if it is violated. */
  readonly reason: string;
  /**
   * What happens if the object of a violation, or one that it depends on, is patched:
   * - `issue`: it is reported at the patch, because the cluster would refuse the object, wait forever, lose data or
   *   drift
   * - `allowed`: it is accepted, because the rule is stricter than a cluster and a patch is how a user decides
   *   otherwise
   *
   * Without a patch a violation is always reported.
   */
  readonly patched: 'issue' | 'allowed';
  /**
   * What happens if the object of a violation is one that a user added, as for a patched one.
   *
   * @default as for a patched object
   */
  readonly added?: 'issue' | 'allowed';
  /** Whether it applies to any kind, also to custom ones. @default false */
  readonly anyKind?: boolean;
  /** Whether it compares an object with others, which it misses unless all can be read. @default false */
  readonly relates?: boolean;
  /** Whether it sees nulls. @default false, since the API server reads null as an absent field */
  readonly seesNulls?: boolean;
  /**
   * @param unpatched the same objects, in the same order, before any patch
   * @param added those of the objects that users added
   */
  check(
    objects: readonly Manifest[],
    environment: ResolvedEnvironment,
    unpatched: readonly Manifest[],
    added: AddedObjects,
  ): Violation[];
}

/** A violation of a rule that a user may accept. */
export interface AdvisedViolation extends Omit<Violation, 'message'>, Advice {}

/** A rule that a user may accept, and so be told of it as a risk. */
export interface AdvisedRule extends Rule {
  find(objects: readonly Manifest[], environment: ResolvedEnvironment): AdvisedViolation[];
}

/** A rule whose violations have their advice apart. */
export const advisedRule = (rule: Omit<AdvisedRule, 'check'>): AdvisedRule => ({
  ...rule,
  check: (objects, environment) =>
    rule.find(objects, environment).map(({ what, fix, ...violation }) => ({
      ...violation,
      message: messageOf({ what, fix }),
    })),
});

/** The names that are in a list more than once. */
export const repeated = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.indexOf(name) !== index);
