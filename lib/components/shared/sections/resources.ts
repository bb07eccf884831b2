import type { Check, Path } from '../../../input/issue';
import { quantityValue } from '../../../kubernetes/quantity';

interface GivenResources {
  readonly requests: Readonly<Record<string, string | undefined>>;
  readonly limits: Readonly<Record<string, string | undefined>>;
}

/** Nothing is asked for that would be more than may be used. */
export function resourceChecks(
  path: Path,
  { requests, limits }: GivenResources = { requests: {}, limits: {} },
): Check[] {
  return ['cpu', 'memory', 'ephemeral-storage'].map((name) => ({
    path: [...path, 'resources', 'requests', name],
    violated: quantityValue(requests[name] ?? '0') > quantityValue(limits[name] ?? 'none'),
    message: `is more than the limit of ${limits[name]} (ask for at most the limit)`,
  }));
}
