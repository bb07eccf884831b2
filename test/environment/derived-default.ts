import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { SMALLEST } from '../support/support';

/** A statement of the model, an environment that leaves the key out, and what it then has. */
export interface Case {
  readonly input: EnvironmentInput;
  actual(environment: ResolvedEnvironment): unknown;
  /** What the statement says of this environment. */
  readonly expected: unknown;
}

/** The name of every instance. */
export const NAME = 'tracking';
/** With stores of its own. */
export const EMBEDDED: EnvironmentInput = { name: NAME, database: { embedded: {} }, artifacts: { embedded: {} } };
/** With stores of others. */
export const external = (more: EnvironmentInput = {}): EnvironmentInput => ({ ...SMALLEST, name: NAME, ...more });
/** What a container may use. */
export const limits = { cpu: '3', memory: '4Gi' };

/** One of them. */
export const is = (input: EnvironmentInput, actual: Case['actual'], expected: unknown): Case => ({
  input,
  actual,
  expected,
});
