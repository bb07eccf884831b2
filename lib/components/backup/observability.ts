import { thresholdsOf, type WithRules } from '../monitoring/thresholds';
import { type Alert, numberPanel, type PlacedPanel } from '../shared/contributions/observability';
import type { Series } from '../shared/contributions/series';
import { backupName, verificationName } from './names';
import type { Backup } from './resolve';

/** The sections that alerts about backups follow from. */
export interface ObservedBackup extends WithRules {
  readonly name: string;
  readonly backup?: Backup;
}

/** The last backup failed, or is too old; so did the last verification, or is. */
export function backupAlerts(resolved: ObservedBackup, series: Series): Alert[] {
  const { name, backup } = resolved;
  if (!backup) return [];
  const { lastFailed } = series;
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
      query: tooOld(cronJob, backupHours, series),
      minutes: 10,
      summary: `the last backup of MLflow ${name} is {{ $value | humanizeDuration }} old, or that far in the future`,
      description: `CronJob ${cronJob} has not completed a backup for more than ${backupHours} hours, or the clock of the cluster was wrong when it did.`,
    },
    ...(backup.verification ? verificationAlerts(resolved, series) : []),
  ];
}

function verificationAlerts(resolved: ObservedBackup, series: Series): Alert[] {
  const { name } = resolved;
  const { verificationHours } = thresholdsOf(resolved);
  const cronJob = verificationName(name);
  return [
    {
      name: 'MlflowBackupVerificationFailed',
      group: 'mlflow-jobs',
      severity: 'critical',
      query: series.lastFailed(cronJob),
      minutes: 0,
      summary: `the last verification of the backups of MLflow ${name} failed`,
      description: `A Job of CronJob ${cronJob} failed, and no later Job has succeeded: the newest backup may not be restorable.`,
    },
    {
      name: 'MlflowBackupVerificationTooOld',
      group: 'mlflow-jobs',
      severity: 'warning',
      query: tooOld(cronJob, verificationHours, series),
      minutes: 10,
      summary: `the last verified backup of MLflow ${name} is {{ $value | humanizeDuration }} old, or that far in the future`,
      description: `CronJob ${cronJob} has not verified a backup for more than ${verificationHours} hours, or the clock of the cluster was wrong when it did.`,
    },
  ];
}

/** A success in the future is one by a wrong clock, and would hide for as long that none follows. */
const tooOld = (cronJob: string, hours: number, { lastSuccess }: Series): string =>
  `time() - ${lastSuccess(cronJob)} > ${hours * 3600} or ${lastSuccess(cronJob)} - time() > 3600`;

/** The age of the last backup, and of the last verification. */
export function backupPanels(resolved: ObservedBackup, { lastSuccess }: Series): PlacedPanel[] {
  const { name, backup } = resolved;
  if (!backup) return [];
  const { backupHours, verificationHours } = thresholdsOf(resolved);
  const age = (what: string, cronJob: string, hours: number) =>
    numberPanel(`Age of the last ${what}`, 's', `time() - ${lastSuccess(cronJob)}`, {
      description: `Age of the CronJob if no ${what} has completed yet.`,
      bad: hours * 3600,
    });
  return [
    age('backup', backupName(name), backupHours),
    ...(backup.verification ? [age('verification', verificationName(name), verificationHours)] : []),
  ];
}
