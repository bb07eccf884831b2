import { thresholds as section } from '../components/monitoring/section';
import type { Thresholds } from '../components/monitoring/thresholds';
import type { Issue } from '../input/issue';
import { ALL, alertsOf } from './contributions';
import type { ResolvedEnvironment } from './resolved-environment';

/** What an environment needs before an alert uses a threshold, by its name. */
const NEEDS: Partial<Readonly<Record<keyof Thresholds, string>>> = Object.assign(
  {},
  ...ALL.map(({ thresholds }) => thresholds),
);

/** Thresholds that change no alert of an environment: what they are about is not switched on. */
export function unusedThresholds(environment: ResolvedEnvironment): Issue[] {
  const { monitoring } = environment;
  const { rules } = monitoring;
  if (!rules) return [];
  const defaults: Thresholds = section.parse({});
  const alertsWith = (thresholds: Thresholds) =>
    JSON.stringify(alertsOf({ ...environment, monitoring: { ...monitoring, rules: { ...rules, thresholds } } }));
  const names = Object.keys(defaults) as (keyof Thresholds)[];
  return names
    .filter((name) => rules.thresholds[name] !== defaults[name])
    .filter((name) => alertsWith({ ...rules.thresholds, [name]: defaults[name] }) === alertsWith(rules.thresholds))
    .map((name) => ({
      path: ['monitoring', 'rules', 'thresholds', name],
      // A base sets it for all environments, of which others may have the alert.
      isOfOwnFile: true,
      message: `has no effect without ${NEEDS[name] ?? 'its alert'} (set that, or remove this)`,
    }));
}
