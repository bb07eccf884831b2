import { type Check, type Issue, violatedChecks } from '../../input/issue';
import { longestGap } from '../../kubernetes/cron';
import { OWN_LABELS } from '../../kubernetes/metadata';
import type { GivenMonitoring, Monitoring } from './resolve';
import { METRICS_SIZE } from './sidecar';

/** Checks between the keys of monitoring. */
export function monitoringChecks({ monitoring }: Pick<GivenMonitoring, 'monitoring'>): Check[] {
  const { metrics, serviceMonitor, rules } = monitoring;
  const parts = ['serviceMonitor', 'rules', 'dashboard'] as const;
  return [
    ...parts.map((part) => ({
      path: ['monitoring', part],
      violated: monitoring[part] !== undefined && metrics === undefined,
      message: 'needs the metrics of the server (set monitoring.metrics: {} too)',
    })),
    {
      path: ['monitoring', 'serviceMonitor', 'timeout'],
      violated: serviceMonitor !== undefined && serviceMonitor.timeout > serviceMonitor.interval,
      message: `is ${serviceMonitor?.timeout}, more than the interval of ${serviceMonitor?.interval}, which the operator refuses (use at most the interval)`,
    },
    ...parts.flatMap((part) =>
      OWN_LABELS.map((label) => ({
        path: ['monitoring', part, 'labels', label],
        violated: monitoring[part]?.labels[label] !== undefined,
        message: 'is a label that synth sets on every object (use another label)',
      })),
    ),
    ...Object.entries(rules?.alertLabels ?? {}).map(([name, value]) => ({
      path: ['monitoring', 'rules', 'alertLabels', name],
      violated: value.includes('{{'),
      message: 'contains {{, which Prometheus reads as a template (remove it)',
    })),
  ];
}

/** The sections that monitoring is compared with. */
export interface ObservedSections {
  readonly monitoring: Monitoring;
  readonly server: {
    readonly options: Readonly<Record<string, unknown>>;
    readonly env: Readonly<Record<string, string>>;
    readonly envReferences: Readonly<Record<string, unknown>>;
  };
  readonly backup?: { readonly schedule: string };
}

/** Settings that let the folder of metrics grow without limit: new processes replace old ones. */
const RECYCLING = /max[-_]requests/i;

/** What you should know when metrics are on. */
export function monitoringWarnings({ monitoring, server, backup }: ObservedSections): Issue[] {
  const backupHours = monitoring.rules?.thresholds.backupHours ?? Number.POSITIVE_INFINITY;
  const gap = backup && monitoring.rules ? longestGap(backup.schedule) : 0;
  const given: readonly (readonly [path: readonly string[], value: unknown])[] = [
    ...Object.entries(server.options).map(([name, value]) => [['server', 'options', name], value] as const),
    ...Object.entries({ ...server.env, ...server.envReferences }).map(
      ([name, value]) => [['server', 'env', name], value] as const,
    ),
  ];
  return violatedChecks([
    {
      path: ['monitoring', 'rules', 'thresholds', 'backupHours'],
      violated: gap >= backupHours,
      message: `is ${backupHours}, but two backups can be ${gap} hours apart (backup.schedule is ${backup?.schedule}), so the alert fires although no backup failed (use more than ${gap})`,
    },
    ...given.map(([path, value]) => ({
      path,
      violated: monitoring.metrics !== undefined && RECYCLING.test(`${path.at(-1)} ${value}`),
      message: `replaces server processes, and each one leaves metrics files behind: scrapes become slower, and after some hundred processes the files exceed ${METRICS_SIZE} and the pod is evicted (remove it)`,
    })),
  ]);
}
