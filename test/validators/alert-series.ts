/** Series as exporters would show them, for the cases of alerts. */

/** A series with its values, in promtool's short form: `0+60x10` grows by 60 ten times. One a minute, where nothing else is said. */
export type Series = readonly [series: string, values: string];

/** What happens, and whether an alert fires. */
export interface Case {
  readonly alert: string;
  readonly what: string;
  readonly series: readonly Series[];
  /** The minute that is looked at. */
  readonly at: number;
  /** How many of it fire: one for each pod, claim and the like. */
  readonly firing: number;
  /** Minutes between two values, and two looks at the rules. @default 1 */
  readonly every?: number;
}

/** A series of the server. */
export const own = (series: string, more = '') =>
  `${series}{namespace="mlflow",job="mlflow",pod="mlflow-7d9c-abcde"${more}}`;
export const up = (values: string, pod = 'mlflow-7d9c-abcde'): Series => [
  `mlflow_server_up{namespace="mlflow",job="mlflow",pod="${pod}"}`,
  values,
];
export const total = (status: string, values: string, more = ''): Series => [
  own('mlflow_http_request_total', `,method="POST",status="${status}"${more}`),
  values,
];
export const bucket = (le: string, values: string): Series => [
  own('mlflow_http_request_duration_seconds_bucket', `,method="POST",status="200",le="${le}"`),
  values,
];
/** When the certificate of a pod ends, in days. */
export const certificate = (pod: string, days: number): Series => [
  `mlflow_certificate_expiry_timestamp_seconds{namespace="mlflow",job="mlflow",pod="${pod}"}`,
  `${days * 86_400}x60`,
];
export const restarts = (pod: string, values: string, container = 'server'): Series => [
  `kube_pod_container_status_restarts_total{namespace="mlflow",pod="${pod}",container="${container}"}`,
  values,
];
export const volume = (kind: string, claim: string, values: string): Series => [
  `kubelet_volume_stats_${kind}_bytes{namespace="mlflow",persistentvolumeclaim="${claim}"}`,
  values,
];
/** A claim with its size, and what is available. */
export const claim = (name: string, capacity: string, available: string): Series[] => [
  volume('capacity', name, capacity),
  volume('available', name, available),
];
export const connections = (database: string, values: string, server = 'pg:9187'): Series => [
  `pg_stat_activity_count{instance="${server}",datname="${database}",state="idle"}`,
  values,
];
export const cronJob = (series: string, name: string, values: string): Series => [
  `kube_cronjob_${series}{namespace="mlflow",cronjob="${name}"}`,
  values,
];
/** A Job that began so many seconds after the beginning, and failed. */
export const failedJob = (name: string, began: number): Series[] => [
  [`kube_job_failed{namespace="mlflow",job_name="${name}",condition="true"}`, '1x400'],
  [`kube_job_failed{namespace="mlflow",job_name="${name}",condition="false"}`, '0x400'],
  [`kube_job_status_start_time{namespace="mlflow",job_name="${name}"}`, `${began}x400`],
];

/** Long ones are looked at every ten minutes. */
export const [HOUR, DAY, every] = [60, 24 * 60, 10];
export const DAYS = (3 * DAY) / every;
