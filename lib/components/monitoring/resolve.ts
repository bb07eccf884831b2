import type { Environment } from '../../environment/model';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Issue, violatedChecks } from '../../input/issue';
import { longestGap } from '../../kubernetes/cron';
import { probes } from '../server/lifecycle';
import { METRICS_PORT, SCRIPTS_PATH, SERVER_PORT } from '../shared/constants';

/** Where the server's processes keep their counts: a volume that the container beside it reads. */
export const METRICS_FOLDER = '/run/mlflow-metrics';

/** Its size: three small files for each process that ever ran in the container. */
export const METRICS_SIZE = '64Mi';

/** Where the scraper's login is: two files, which follow the Secret. */
export const METRICS_LOGIN_FOLDER = '/run/mlflow-metrics-login';

/** Where the counts are shown. */
export const METRICS_PATH = '/metrics';

/** The Service of the metrics alone, so that no load balancer or node offers them. */
export const metricsName = (instance: string): string => `${instance}-metrics`;

type Monitoring = ResolvedEnvironment['monitoring'];

/** The section with the Secret of the scraper's login named. */
export function resolveMonitoring({ name, monitoring }: Environment): Monitoring {
  const { metrics, ...others } = monitoring;
  if (!metrics) return others;
  const { credentials } = metrics;
  return {
    ...others,
    metrics: { ...metrics, credentials: { ...credentials, secret: credentials.secret ?? metricsName(name) } },
  };
}

/** What comes before the server's own command: a program that empties the folder of counts and then becomes the server. */
export const startCommand = ({ monitoring }: ResolvedEnvironment): string[] =>
  monitoring.metrics ? ['python', `${SCRIPTS_PATH}/start.py`, METRICS_FOLDER] : [];

/** The command of the container that shows the counts. */
export function exportCommand(environment: ResolvedEnvironment): string[] {
  const { path } = probes(environment);
  const ports = [METRICS_PORT, SERVER_PORT].map(String);
  return [
    'python',
    `${SCRIPTS_PATH}/export_metrics.py`,
    METRICS_FOLDER,
    METRICS_LOGIN_FOLDER,
    ...ports,
    ...(path ? [path] : []),
  ];
}

/** What makes the folder of counts grow for ever: new processes in the place of old ones. */
const RECYCLING = /max-requests/;

/** What a person should know who has metrics on. */
export function monitoringWarnings({ monitoring, server, backup }: ResolvedEnvironment): Issue[] {
  const backupHours = monitoring.rules?.thresholds.backupHours ?? Number.POSITIVE_INFINITY;
  const gap = backup ? longestGap(backup.schedule) : 0;
  const given: readonly (readonly [path: readonly string[], value: unknown])[] = [
    ...Object.entries(server.options).map(([name, value]) => [['server', 'options', name], value] as const),
    ...Object.entries(server.env).map(([name, value]) => [['server', 'env', name], value] as const),
  ];
  return violatedChecks([
    {
      path: ['monitoring', 'rules', 'thresholds', 'backupHours'],
      violated: gap >= backupHours,
      message: `is ${backupHours}, and up to ${gap} hours lie between two backups (backup.schedule is ${backup?.schedule}): the alert fires though all is well (give somewhat more than ${gap})`,
    },
    ...given.map(([path, value]) => ({
      path,
      violated: monitoring.metrics !== undefined && RECYCLING.test(String(value)),
      message: `replaces server processes, and each one leaves its counts behind: a scrape takes longer and longer, and after some hundreds of them the pod is evicted for its ${METRICS_SIZE} of counts (leave it out)`,
    })),
  ]);
}
