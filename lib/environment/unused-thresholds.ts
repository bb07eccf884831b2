import { thresholds as section } from '../components/monitoring/section';
import type { Thresholds } from '../components/monitoring/thresholds';
import type { Alert } from '../components/shared/contributions/observability';
import type { Issue } from '../input/issue';
import { ALL, alertsOf } from './contributions';
import type { ResolvedEnvironment } from './resolved-environment';

/** What an environment needs before an alert uses a threshold, by its name. */
const NEEDS: Partial<Readonly<Record<keyof Thresholds, string>>> = Object.assign(
  {},
  ...ALL.map(({ thresholds }) => thresholds),
);

/** The alerts of an environment with other thresholds. */
export function alertsWith(environment: ResolvedEnvironment, thresholds: Thresholds): Alert[] {
  const { monitoring } = environment;
  const rules = monitoring.rules && { ...monitoring.rules, thresholds };
  return alertsOf({ ...environment, monitoring: { ...monitoring, rules } });
}

/** Thresholds that change no alert of an environment: what they are about is not switched on. */
export function unusedThresholds(environment: ResolvedEnvironment): Issue[] {
  const { thresholds } = environment.monitoring.rules ?? {};
  if (!thresholds) return [];
  const defaults: Thresholds = section.parse({});
  const changed = (Object.keys(defaults) as (keyof Thresholds)[]).filter((name) => thresholds[name] !== defaults[name]);
  if (changed.length === 0) return [];
  const textWith = (others: Thresholds) => JSON.stringify(alertsWith(environment, others));
  const text = textWith(thresholds);
  return changed
    .filter((name) => textWith({ ...thresholds, [name]: defaults[name] }) === text)
    .map((name) => ({
      path: ['monitoring', 'rules', 'thresholds', name],
      // A base sets it for all environments, of which others may have the alert.
      isOfOwnFile: true,
      message: `has no effect without ${NEEDS[name] ?? 'its alert'} (set that, or remove this)`,
    }));
}
