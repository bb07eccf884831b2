import type { ObjectOwner } from '../../../kubernetes/metadata';
import { type LabelMatch, selector } from './promql';

/** Labels of a series by name. */
type Labels = Readonly<Record<string, LabelMatch>>;

/**
 * The series that alerts and dashboard query, by the names that their exporters document: the server's own and what the
 * metrics exporter adds, kube-state-metrics, cAdvisor and the kubelet.
 */
export interface Series {
  /** A series of the server, as a scraper finds it. */
  own(series: string, labels?: Labels): string;
  /** A series about the containers of server pods. */
  ofServer(series: string, labels?: Labels): string;
  /** A series about every pod that runs all the time. */
  ofPods(series: string): string;
  /** How full claims are, in percent. */
  usedPercent(claims: readonly string[]): string;
  /** When a CronJob last succeeded, or was created if it never did, in seconds. */
  lastSuccess(cronJob: string): string;
  /** Whether the last Job of a CronJob failed, and no later one succeeded. */
  lastFailed(cronJob: string): string;
}

/** The labels that every series of an instance has, whatever scrapes it. */
const seriesLabels = ({ name, namespace }: Pick<ObjectOwner, 'name' | 'namespace'>) => ({
  namespace,
  job: name,
});

/**
 * The series of an instance.
 *
 * @param storePods names of the pods of embedded stores
 */
export function seriesOf(owner: Pick<ObjectOwner, 'name' | 'namespace'>, storePods: readonly string[]): Series {
  const { name, namespace } = owner;
  const within = (series: string, labels: Labels) => `${series}${selector({ namespace, ...labels })}`;
  // A Deployment's pods have two words after its name, which no other instance's name can be.
  const serverPods = `${name}-[a-z0-9]+-[a-z0-9]+`;
  const ofJobs = (series: string, cronJob: string, labels: Labels = {}) =>
    within(series, { job_name: { matches: `${cronJob}-[0-9]+` }, ...labels });
  return {
    own: (series, labels) => `${series}${selector({ ...seriesLabels(owner), ...labels })}`,
    ofServer: (series, labels) => within(series, { pod: { matches: serverPods }, container: 'server', ...labels }),
    ofPods: (series) => within(series, { pod: { matches: [serverPods, ...storePods].join('|') } }),
    usedPercent: (claims) => {
      // The kubelet reports it only while a pod mounts the claim, and that of a Job is mounted minutes a day: then the
      // last report counts.
      const latest = (aggregate: string, what: string) => {
        const series = within(`kubelet_volume_stats_${what}_bytes`, { persistentvolumeclaim: claims });
        const by = `${aggregate} by (persistentvolumeclaim)`;
        return `(${by} (${series}) or ${by} (last_over_time(${series}[26h])))`;
      };
      return `100 * (1 - ${latest('min', 'available')} / ${latest('max', 'capacity')})`;
    },
    lastSuccess: (cronJob) => {
      const labels = { cronjob: cronJob };
      const succeeded = within('kube_cronjob_status_last_successful_time', labels);
      return `(max(${succeeded}) or max(${within('kube_cronjob_created', labels)}))`;
    },
    lastFailed: (cronJob) => {
      const isFailed = `max by (job_name) (${ofJobs('kube_job_failed', cronJob, { condition: 'true' })}) == 1`;
      const started = `max by (job_name) (${ofJobs('kube_job_status_start_time', cronJob)})`;
      const succeeded = `max(${within('kube_cronjob_status_last_successful_time', { cronjob: cronJob })})`;
      return `max(${started} and on (job_name) (${isFailed})) > (${succeeded} or vector(0))`;
    },
  };
}
