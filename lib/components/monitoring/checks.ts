import type { Environment } from '../../environment/model';
import type { Check } from '../../input/issue';

/** The labels that every object has, with values that no environment can change. */
export const OWN_LABELS: readonly string[] = ['name', 'instance', 'component', 'version', 'part-of', 'managed-by'].map(
  (name) => `app.kubernetes.io/${name}`,
);

/** What the keys of monitoring demand of each other. */
export function monitoringChecks({ monitoring }: Environment): Check[] {
  const { metrics, serviceMonitor, rules } = monitoring;
  const parts = ['serviceMonitor', 'rules', 'dashboard'] as const;
  return [
    ...parts.map((part) => ({
      path: ['monitoring', part],
      violated: monitoring[part] !== undefined && metrics === undefined,
      message: 'needs the metrics of the server (give monitoring.metrics: {} too)',
    })),
    {
      path: ['monitoring', 'serviceMonitor', 'timeout'],
      violated: serviceMonitor !== undefined && serviceMonitor.timeout > serviceMonitor.interval,
      message: `is ${serviceMonitor?.timeout}, more than the interval of ${serviceMonitor?.interval}, which the operator refuses (use at most that)`,
    },
    ...parts.flatMap((part) =>
      OWN_LABELS.map((label) => ({
        path: ['monitoring', part, 'labels', label],
        violated: monitoring[part]?.labels[label] !== undefined,
        message: 'is a label that every object has with a value of its own (select by another one)',
      })),
    ),
    ...Object.entries(rules?.alertLabels ?? {}).map(([name, value]) => ({
      path: ['monitoring', 'rules', 'alertLabels', name],
      violated: value.includes('{{'),
      message: 'holds {{, which Prometheus takes for a template (remove it)',
    })),
  ];
}
