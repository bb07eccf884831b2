import type fc from 'fast-check';
import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Optional } from './record';

/** The top-level keys of an environment; `extends` is for files. */
export type SectionKey = Exclude<keyof EnvironmentInput, 'extends'>;

/** The random values of one component. */
export interface ComponentArbitrary<Key extends SectionKey> {
  /** Its top-level keys, each with any value that the model accepts. */
  readonly sections: { readonly [K in Key]: fc.Arbitrary<Optional<EnvironmentInput[K]>> };
  /** Those of its keys that every environment has. @default none */
  readonly required?: readonly SectionKey[];
  /**
   * Changes what other keys or the release do not allow. Components that are before it in the list have done so already;
   * the other sections are as they were generated.
   */
  readonly settle?: (given: Generated, version: string) => Generated;
}

/** A random environment, which says where its stores are. */
export type Generated = EnvironmentInput & {
  database: Optional<EnvironmentInput['database']>;
  artifacts: Optional<EnvironmentInput['artifacts']>;
};
