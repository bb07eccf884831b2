import { type Issue, type Path, violatedChecks } from '../../input/issue';
import { sinceRelease } from '../../mlflow/releases';
import { type HealthSections, healthPath } from '../server/lifecycle';
import type { EDGE_KEYS } from './edge';

/** The resolved sections that decide whether a balancer can tell that a pod is well. */
export interface BalancedSections extends HealthSections {
  readonly server: HealthSections['server'] & { readonly staticPrefixAt: Path };
}

/**
 * A balancer that takes no answer but 200 for that of a pod that is well needs a page that asks for no login.
 *
 * @param kind the controller, if it is one of those
 */
export function healthIssues(
  key: (typeof EDGE_KEYS)[number],
  kind: string | undefined,
  sections: BalancedSections,
): Issue[] {
  const { release, server } = sections;
  return violatedChecks([
    {
      path: server.staticPrefixAt,
      dependsOn: [
        [key, 'controller'],
        ['auth', 'enabled'],
      ],
      violated: kind !== undefined && healthPath(sections) === undefined,
      message: `is ${server.staticPrefix}, below which MLflow ${release.version} asks for a login on every page, so the balancer of ${kind} takes all pods for broken (remove it, or use MLflow ${sinceRelease('openPrefixedHealth')} or newer)`,
    },
  ]);
}
