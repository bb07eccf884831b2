import { sortKeys } from '../../kubernetes/sort-keys';
import { ALERT_GROUPS, type Alert } from '../shared/contributions/observability';
import type { Monitoring } from './resolve';

/** Alerts that are evaluated together. */
export interface AlertGroup {
  readonly name: Alert['group'];
  readonly alerts: readonly Alert[];
}

/** Alerts by group. Groups without an alert are left out. */
export const alertGroups = (alerts: readonly Alert[]): AlertGroup[] =>
  ALERT_GROUPS.map((name) => ({ name, alerts: alerts.filter(({ group }) => group === name) })).filter(
    (group) => group.alerts.length > 0,
  );

/** Alerts in the format of Prometheus: what is below `groups` in a file of rules. */
export function ruleGroups(alerts: readonly Alert[], namespace: string, rules: NonNullable<Monitoring['rules']>) {
  return alertGroups(alerts).map(({ name, alerts: members }) => ({
    name,
    rules: members.map((alert) => ({
      alert: alert.name,
      expr: alert.query,
      ...(alert.minutes > 0 ? { for: `${alert.minutes}m` } : {}),
      labels: { namespace, ...sortKeys(rules.alertLabels), severity: alert.severity },
      annotations: {
        summary: alert.summary,
        description: alert.description,
        runbook_url: `${rules.runbooks}/${alert.name}.md`,
      },
    })),
  }));
}
