import { thresholdsOf, type WithRules } from '../monitoring/thresholds';
import { type Alert, numberPanel, type PlacedPanel } from '../shared/contributions/observability';
import type { Series } from '../shared/contributions/series';
import { backupName } from './names';
import type { Backup } from './resolve';

/** The sections that alerts about backups follow from. */
export interface ObservedBackup extends WithRules {
  readonly name: string;
  readonly backup?: Backup;
}

/** The last backup failed, or is too old. */
export function backupAlerts(resolved: ObservedBackup, { lastFailed, lastSuccess }: Series): Alert[] {
  const { name, backup } = resolved;
  if (!backup) return [];
  const { backupHours } = thresholdsOf(resolved);
  const cronJob = backupName(name);
  return [
    {
      name: 'MlflowBackupFailed',
      group: 'mlflow-jobs',
      severity: 'warning',
      query: lastFailed(cronJob),
      minutes: 0,
      summary: `the last backup of MLflow ${name} failed`,
      description: `A Job of CronJob ${cronJob} failed, and no later Job has succeeded.`,
    },
    {
      name: 'MlflowBackupTooOld',
      group: 'mlflow-jobs',
      severity: 'critical',
      // A success in the future is one by a wrong clock, and would hide for as long that none follows.
      query: `time() - ${lastSuccess(cronJob)} > ${backupHours * 3600} or ${lastSuccess(cronJob)} - time() > 3600`,
      minutes: 10,
      summary: `the last backup of MLflow ${name} is {{ $value | humanizeDuration }} old, or that far in the future`,
      description: `CronJob ${cronJob} has not completed a backup for more than ${backupHours} hours, or the clock of the cluster was wrong when it did.`,
    },
  ];
}

/** The age of the last backup. */
export function backupPanels(resolved: ObservedBackup, { lastSuccess }: Series): PlacedPanel[] {
  if (!resolved.backup) return [];
  return [
    numberPanel('Age of the last backup', 's', `time() - ${lastSuccess(backupName(resolved.name))}`, {
      description: 'Age of the CronJob if no backup has completed yet.',
      bad: thresholdsOf(resolved).backupHours * 3600,
    }),
  ];
}
