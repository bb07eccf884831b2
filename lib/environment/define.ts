import { EnvironmentError } from '../input/issue';
import { evaluate } from './evaluate';
import type { EnvironmentInput } from './generated/input';
import type { ResolvedEnvironment } from './resolved-environment';

/**
 * An environment written in TypeScript instead of YAML: the same keys, the same defaults, the same checks.
 *
 * @throws EnvironmentError with everything that is wrong with it.
 */
export function defineEnvironment(given: EnvironmentInput): ResolvedEnvironment {
  if (given.extends !== undefined) {
    throw new EnvironmentError([{ path: ['extends'], message: 'is only for files (spread a common object instead)' }]);
  }
  const { environment, issues } = evaluate(given);
  if (!environment) throw new EnvironmentError(issues);
  return environment;
}
