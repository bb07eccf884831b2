import { EnvironmentError } from '../input/issue';
import type { EnvironmentInput } from './generated/input';
import { parseEnvironment } from './parse';
import { resolve } from './resolve';
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
  const parsed = parseEnvironment(given);
  if (!parsed.environment) throw new EnvironmentError(parsed.issues);
  const { environment, issues } = resolve(parsed.environment);
  if (!environment) throw new EnvironmentError(issues);
  return environment;
}
