import { isRecord } from '../input/is-record';
import type { Issue, Path } from '../input/issue';
import { type Evaluation, evaluate } from './evaluate';
import type { EnvironmentInput } from './generated/input';

/** An environment written in TypeScript instead of YAML: the same keys, the same defaults, the same checks. */
export function defineEnvironment(given: EnvironmentInput): Evaluation {
  const cycle = cycleIn(given);
  if (cycle) return failed({ path: cycle, message: 'contains itself (write the value out)' });
  if (isRecord(given) && given.extends !== undefined) {
    return failed({ path: ['extends'], message: 'is only for files (spread a common object instead)' });
  }
  return evaluate(given);
}

const failed = (issue: Issue): Evaluation => ({ issues: [issue], warnings: [] });

/**
 * The path of a value that is one of those around it, or undefined.
 *
 * @param finished values that contain none: what many share is read once
 */
function cycleIn(
  value: unknown,
  path: Path = [],
  around: readonly unknown[] = [],
  finished = new Set<unknown>(),
): Path | undefined {
  if (typeof value !== 'object' || value === null || finished.has(value)) return undefined;
  if (around.includes(value)) return path;
  for (const [key, inner] of Object.entries(value)) {
    const found = cycleIn(inner, [...path, Array.isArray(value) ? Number(key) : key], [...around, value], finished);
    if (found) return found;
  }
  finished.add(value);
  return undefined;
}
