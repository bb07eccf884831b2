import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { sortKeys } from '../../kubernetes/sort-keys';
import { type MonitoredParts, scheduledJobsOf, seriesOf } from './series';

/** A condition that somebody is told of. */
export interface Alert {
  /** Its name, which is also that of its page in docs/alerts. */
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  /** The query that has a result while the condition holds. */
  readonly query: string;
  /** Minutes for which it must hold. */
  readonly minutes: number;
  /** What is wrong, in one line. Prometheus puts labels and value of the result in. */
  readonly summary: string;
  /** What that means. */
  readonly description: string;
}

/** Alerts that are looked at together. */
export interface AlertGroup {
  readonly name: string;
  readonly alerts: readonly Alert[];
}

type Rules = NonNullable<ResolvedEnvironment['monitoring']['rules']>;

/** Every alert of an instance. An alert about something that the instance does not have is left out. */
export function alertGroups(parts: MonitoredParts): AlertGroup[] {
  const { rules } = parts.environment.monitoring;
  if (!rules) return [];
  const groups = [
    { name: 'mlflow-server', alerts: serverAlerts(parts, rules) },
    { name: 'mlflow-stores', alerts: storeAlerts(parts, rules) },
    { name: 'mlflow-jobs', alerts: jobAlerts(parts, rules) },
  ];
  return groups.filter(({ alerts }) => alerts.length > 0);
}

/** The rules of an instance in Prometheus' own words: what stands below `groups` in a file of rules. */
export function ruleGroups(parts: MonitoredParts) {
  const { namespace, monitoring } = parts.environment;
  const { alertLabels = {}, runbooks = '' } = monitoring.rules ?? {};
  return alertGroups(parts).map(({ name, alerts }) => ({
    name,
    rules: alerts.map((alert) => ({
      alert: alert.name,
      expr: alert.query,
      ...(alert.minutes > 0 ? { for: `${alert.minutes}m` } : {}),
      labels: { namespace: namespace.name, ...sortKeys(alertLabels), severity: alert.severity },
      annotations: {
        summary: alert.summary,
        description: alert.description,
        runbook_url: `${runbooks}/${alert.name}.md`,
      },
    })),
  }));
}

function serverAlerts({ environment }: MonitoredParts, { thresholds }: Rules): Alert[] {
  const { name, server } = environment;
  const { own, ofPods } = seriesOf(environment);
  const requests = (more = {}) => `sum(rate(${own('mlflow_http_request_total', more)}[5m]))`;
  const down: Alert = {
    name: 'MlflowDown',
    severity: 'critical',
    query: `(sum(${own('mlflow_server_up')}) or vector(0)) == 0`,
    minutes: thresholds.downMinutes,
    summary: `MLflow ${name} is down`,
    description: 'No pod of the server answers, or none can be scraped. Clients fail.',
  };
  return [
    // Who asks for no pod is not told that there is none.
    ...(server.replicas === 0 ? [] : [down]),
    {
      name: 'MlflowPodDown',
      severity: 'warning',
      query: `min by (pod) (${own('mlflow_server_up')}) == 0 or min by (pod) (${own('up')}) == 0`,
      minutes: 10,
      summary: `pod {{ $labels.pod }} of MLflow ${name} does not answer`,
      description:
        'Other pods may serve in its place. Either the server in it does not answer, or its metrics cannot be scraped.',
    },
    {
      name: 'MlflowErrors',
      severity: 'warning',
      query: `100 * ${requests({ status: { matches: '5..' } })} / ${requests()} > ${thresholds.errorPercent}`,
      minutes: 5,
      summary: `{{ $value | printf "%.1f" }} % of the requests to MLflow ${name} fail`,
      description: `More than ${thresholds.errorPercent} % of the requests of five minutes ended with a status of 5xx.`,
    },
    {
      name: 'MlflowSlow',
      severity: 'warning',
      query: `histogram_quantile(0.95, sum by (le) (rate(${own('mlflow_http_request_duration_seconds_bucket')}[5m]))) > ${thresholds.latencySeconds}`,
      minutes: 10,
      summary: `MLflow ${name} is slow: one of twenty requests takes {{ $value | printf "%.1f" }} s or more`,
      description: `The 95th percentile is above ${thresholds.latencySeconds} s.`,
    },
    {
      name: 'MlflowRestarts',
      severity: 'warning',
      query: `sum by (pod, container) (round(increase(${ofPods('kube_pod_container_status_restarts_total')}[1h]))) >= ${thresholds.restartsPerHour}`,
      minutes: 0,
      summary: `container {{ $labels.container }} of pod {{ $labels.pod }} restarted {{ $value }} times within an hour`,
      description: 'Something ends it again and again: memory, a fault at its start, or its liveness probe.',
    },
  ];
}

function storeAlerts({ environment, claims }: MonitoredParts, { thresholds }: Rules): Alert[] {
  const { database, name } = environment;
  const { usedPercent, connections } = seriesOf(environment);
  const most = database.maxConnections;
  const filling: Alert = {
    name: 'MlflowClaimFilling',
    severity: 'warning',
    query: `${usedPercent(claims)} > ${thresholds.claimPercent}`,
    minutes: 15,
    summary: `claim {{ $labels.persistentvolumeclaim }} of MLflow ${name} is {{ $value | printf "%.0f" }} % full`,
    description: 'What writes there fails when it is full: a database stops, an upload or a backup breaks off.',
  };
  return [
    ...(claims.length > 0 ? [filling] : []),
    {
      name: 'MlflowDatabaseConnections',
      severity: 'warning',
      query: `100 * max(sum by (instance) (${connections})) / ${most} > ${thresholds.connectionPercent}`,
      minutes: 10,
      summary: `MLflow ${name} has {{ $value | printf "%.0f" }} % of its ${most} connections to PostgreSQL open`,
      description: 'Beyond database.maxConnections PostgreSQL may refuse the next pod, or whoever else uses it.',
    },
  ];
}

/** A Job failed, and no later one did its work. */
function failed(environment: ResolvedEnvironment, cronjob: string): string {
  const { ofJobs, ofCronJob } = seriesOf(environment);
  const isFailed = `max by (job_name) (${ofJobs('kube_job_failed', cronjob, { condition: 'true' })}) == 1`;
  const started = `max by (job_name) (${ofJobs('kube_job_status_start_time', cronjob)})`;
  const succeeded = `max(${ofCronJob('kube_cronjob_status_last_successful_time', cronjob)})`;
  return `max(${started} and on (job_name) (${isFailed})) > (${succeeded} or vector(0))`;
}

/** The last success of a CronJob, or its making where it never had one, is longer ago than so many seconds. */
function tooOld(environment: ResolvedEnvironment, cronjob: string, seconds: number): string {
  return `time() - ${seriesOf(environment).lastSuccess(cronjob)} > ${seconds}`;
}

function jobAlerts(
  { environment, jobs = scheduledJobsOf(environment) }: MonitoredParts,
  { thresholds }: Rules,
): Alert[] {
  const { name } = environment;
  const { backup, garbageCollection } = jobs;
  return [
    ...(backup
      ? ([
          {
            name: 'MlflowBackupFailed',
            severity: 'warning',
            query: failed(environment, backup),
            minutes: 0,
            summary: `the last backup of MLflow ${name} failed`,
            description: `A Job of CronJob ${backup} failed, and none after it has done its work.`,
          },
          {
            name: 'MlflowBackupTooOld',
            severity: 'critical',
            query: tooOld(environment, backup, thresholds.backupHours * 3600),
            minutes: 10,
            summary: `the last backup of MLflow ${name} is {{ $value | humanizeDuration }} old`,
            description: `CronJob ${backup} has made none for more than ${thresholds.backupHours} hours.`,
          },
        ] as const)
      : []),
    ...(garbageCollection
      ? ([
          {
            name: 'MlflowGarbageCollectionFailed',
            severity: 'warning',
            query: failed(environment, garbageCollection),
            minutes: 0,
            summary: `the last garbage collection of MLflow ${name} failed`,
            description: `A Job of CronJob ${garbageCollection} failed, and none after it has done its work. What was deleted still takes its place.`,
          },
        ] as const)
      : []),
  ];
}
