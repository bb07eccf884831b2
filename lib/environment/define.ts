import { isRecord } from '../input/is-record';
import { EnvironmentError, formatPath, type Issue, type Path } from '../input/issue';
import { oneLine } from '../input/printable';
import { evaluate } from './evaluate';
import type { EnvironmentInput } from './generated/input';
import type { ResolvedEnvironment } from './resolved-environment';

/**
 * An environment written in TypeScript instead of YAML: the same keys, the same defaults, the same checks.
 *
 * @param warn is called with what you should know; @default prints a line on standard error
 * @throws EnvironmentError with everything that is wrong with it.
 */
export function defineEnvironment(
  given: EnvironmentInput,
  warn: (warning: Issue) => void = print,
): ResolvedEnvironment {
  const cycle = cycleIn(given);
  if (cycle) throw new EnvironmentError([{ path: cycle, message: 'contains itself (write the value out)' }]);
  if (isRecord(given) && given.extends !== undefined) {
    throw new EnvironmentError([{ path: ['extends'], message: 'is only for files (spread a common object instead)' }]);
  }
  const { environment, issues, warnings } = evaluate(given);
  if (!environment) throw new EnvironmentError(issues);
  warnings.forEach(warn);
  return environment;
}

const print = ({ path, message }: Issue): void => console.warn(`warning: ${formatPath(path)}: ${oneLine(message)}`);

/** The path of a value that is one of those around it, or undefined. */
function cycleIn(value: unknown, path: Path = [], around: readonly unknown[] = []): Path | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (around.includes(value)) return path;
  for (const [key, inner] of Object.entries(value)) {
    const found = cycleIn(inner, [...path, Array.isArray(value) ? Number(key) : key], [...around, value]);
    if (found) return found;
  }
  return undefined;
}
