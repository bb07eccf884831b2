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
  readonly backup?: { readonly schedule: string; readonly verification?: { readonly schedule: string } };
}

/** Settings that let the folder of metrics grow without limit: new processes replace old ones. */
const RECYCLING = /max[-_]requests/i;

/** What you should know when metrics are on. */
export function monitoringWarnings({ monitoring, server, backup }: ObservedSections): Issue[] {
  const { backupHours, verificationHours } = monitoring.rules?.thresholds ?? {};
  const given: readonly (readonly [path: readonly string[], value: unknown])[] = [
    ...Object.entries(server.options).map(([name, value]) => [['server', 'options', name], value] as const),
    ...Object.entries({ ...server.env, ...server.envReferences }).map(
      ([name, value]) => [['server', 'env', name], value] as const,
    ),
  ];
  return violatedChecks([
    ageCheck('backupHours', backupHours, { what: 'backup', key: 'backup', schedule: backup?.schedule }),
    ageCheck('verificationHours', verificationHours, {
      what: 'verification',
      key: 'backup.verification',
      schedule: backup?.verification?.schedule,
    }),
    ...given.map(([path, value]) => ({
      path,
      violated: monitoring.metrics !== undefined && RECYCLING.test(`${path.at(-1)} ${value}`),
      message: `replaces server processes, and each one leaves metrics files behind: scrapes become slower, and after some hundred processes the files exceed ${METRICS_SIZE} and the pod is evicted (remove it)`,
    })),
  ]);
}

/** Whether an alert about the age of what a schedule creates fires although none failed. */
function ageCheck(
  threshold: string,
  hours: number | undefined,
  { what, key, schedule }: { readonly what: string; readonly key: string; readonly schedule?: string },
): Check {
  const gap = schedule ? longestGap(schedule) : 0;
  return {
    path: ['monitoring', 'rules', 'thresholds', threshold],
    violated: hours !== undefined && gap >= hours,
    message: `is ${hours}, but two ${what}s can be ${gap} hours apart (${key}.schedule is ${schedule}), so the alert fires although no ${what} failed (use more than ${gap})`,
  };
}
