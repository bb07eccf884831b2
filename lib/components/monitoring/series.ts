import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { backupName } from '../backup/resolve';
import { databaseName, objectStoreName } from '../shared/embedded';
import { garbageCollectionName } from '../shared/jobs';
import { selector, type Wanted } from './promql';
import { seriesLabels } from './scraping';

/**
 * The series that alerts and dashboard ask for, by the names that their exporters document: the server's own and what
 * `export_metrics.py` adds, kube-state-metrics, cAdvisor and the kubelet, and postgres_exporter.
 */
export function seriesOf(environment: ResolvedEnvironment) {
  const { name, namespace, database } = environment;
  const own = seriesLabels(environment);
  const within = (series: string, labels: Readonly<Record<string, Wanted>>) =>
    `${series}${selector({ namespace: namespace.name, ...labels })}`;
  // A Deployment's pods have two words after its name, which no other instance's name can be.
  const serverPods = `${name}-[a-z0-9]+-[a-z0-9]+`;
  const storePods = [
    ...(database.embedded ? [`${databaseName(name)}-0`] : []),
    ...(environment.artifacts.embedded ? [`${objectStoreName(name)}-0`] : []),
  ];
  return {
    /** A series of the server, as a scraper finds it. */
    own: (series: string, more: Readonly<Record<string, Wanted>> = {}) => `${series}${selector({ ...own, ...more })}`,
    /** A series about the containers of server pods. */
    ofServer: (series: string, more: Readonly<Record<string, Wanted>> = {}) =>
      within(series, { pod: { matches: serverPods }, container: 'server', ...more }),
    /** A series about every pod that runs all the time. */
    ofPods: (series: string) => within(series, { pod: { matches: [serverPods, ...storePods].join('|') } }),
    /**
     * How full claims are, in percent. The kubelet tells that only while a pod mounts them, and the claim of a Job is
     * mounted minutes a day: then it is the last that was told.
     */
    usedPercent: (claims: readonly string[]) => {
      const latest = (aggregate: string, what: string) => {
        const series = within(`kubelet_volume_stats_${what}_bytes`, { persistentvolumeclaim: claims });
        const by = `${aggregate} by (persistentvolumeclaim)`;
        return `(${by} (${series}) or ${by} (last_over_time(${series}[26h])))`;
      };
      return `100 * (1 - ${latest('min', 'available')} / ${latest('max', 'capacity')})`;
    },
    /** When a CronJob last succeeded, or was made where it never did, in seconds. */
    lastSuccess: (cronjob: string) =>
      `(max(${within('kube_cronjob_status_last_successful_time', { cronjob })}) or max(${within('kube_cronjob_created', { cronjob })}))`,
    /** A series about a CronJob. */
    ofCronJob: (series: string, cronjob: string) => within(series, { cronjob }),
    /** A series about the Jobs that a CronJob made. */
    ofJobs: (series: string, cronjob: string, more: Readonly<Record<string, Wanted>> = {}) =>
      within(series, { job_name: { matches: `${cronjob}-[0-9]+` }, ...more }),
    /** Connections to the databases of the instance. The exporter stands beside PostgreSQL, in whatever namespace. */
    connections: `pg_stat_activity_count${selector({ datname: [...new Set([database.name, database.authName])] })}`,
  };
}

/** What alerts and dashboard are made from. */
export interface MonitoredParts {
  readonly environment: ResolvedEnvironment;
  /** The names of all volume claims that are looked after. */
  readonly claims: readonly string[];
  /**
   * The CronJobs to look after.
   *
   * @default those of the environment
   */
  readonly jobs?: ScheduledJobs;
}

/** The CronJobs that alerts and dashboard look at, by what they do. */
export interface ScheduledJobs {
  readonly backup?: string;
  readonly garbageCollection?: string;
}

/** Those that an environment has. */
export function scheduledJobsOf(environment: ResolvedEnvironment): ScheduledJobs {
  const { name, backup, garbageCollection } = environment;
  return {
    ...(backup ? { backup: backupName(name) } : {}),
    ...(garbageCollection ? { garbageCollection: garbageCollectionName(name) } : {}),
  };
}
