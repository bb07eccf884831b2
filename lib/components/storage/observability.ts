import { thresholdsOf, type WithRules } from '../monitoring/thresholds';
import type { Alert, PlacedPanel } from '../shared/contributions/observability';
import type { Series } from '../shared/contributions/series';

/** A claim fills up. @param claims names of the claims that an instance mounts */
export function claimAlerts(
  resolved: WithRules & { readonly name: string },
  claims: readonly string[],
  { usedPercent }: Series,
): Alert[] {
  if (claims.length === 0) return [];
  return [
    {
      name: 'MlflowClaimFilling',
      group: 'mlflow-stores',
      severity: 'warning',
      query: `${usedPercent(claims)} > ${thresholdsOf(resolved).claimPercent}`,
      minutes: 15,
      summary: `claim {{ $labels.persistentvolumeclaim }} of MLflow ${resolved.name} is {{ $value | printf "%.0f" }} % full`,
      description: 'When the volume is full, writes fail: a database stops, and uploads and backups are interrupted.',
    },
  ];
}

/** How full the claims are. */
export const claimPanels = (claims: readonly string[], { usedPercent }: Series): PlacedPanel[] =>
  claims.length === 0
    ? []
    : [
        {
          row: 'stores',
          title: 'Claims',
          kind: 'lines',
          unit: 'percent',
          queries: [{ query: usedPercent(claims), legend: '{{persistentvolumeclaim}}' }],
        },
      ];
