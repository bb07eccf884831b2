import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertGroups } from '../../lib/components/monitoring/alert-groups';
import type { Alert } from '../../lib/components/shared/contributions/observability';
import { alertsOf } from '../../lib/environment/contributions';
import { ROOT, resolved, temporaryFolder } from '../support/support';
import { LAB_HOME, output } from './validator';

/** The alerts as Prometheus' own tool evaluates them over made-up series: each fires when it should, and not otherwise. */

const PROMTOOL = join(LAB_HOME, 'bin', 'promtool');

const environment = resolved({
  database: { embedded: {} },
  artifacts: { embedded: {} },
  monitoring: { metrics: {}, rules: {} },
  // A bucket, so that the claims are those of the stores.
  backup: { destination: { s3: { bucket: 'backups', endpoint: 'https://s3.example.com' } }, verification: {} },
  garbageCollection: {},
  service: { tls: { issuer: 'internal' } },
});
const groups = alertGroups(alertsOf(environment));
const alerts: readonly Alert[] = groups.flatMap((group) => group.alerts);

/** A series with its values, in promtool's short form: `0+60x10` grows by 60 ten times. One a minute, where nothing else is said. */
type Series = readonly [series: string, values: string];

interface Case {
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

const own = (series: string, more = '') => `${series}{namespace="mlflow",job="mlflow",pod="mlflow-7d9c-abcde"${more}}`;
const up = (values: string, pod = 'mlflow-7d9c-abcde'): Series => [
  `mlflow_server_up{namespace="mlflow",job="mlflow",pod="${pod}"}`,
  values,
];
const total = (status: string, values: string, more = ''): Series => [
  own('mlflow_http_request_total', `,method="POST",status="${status}"${more}`),
  values,
];
const bucket = (le: string, values: string): Series => [
  own('mlflow_http_request_duration_seconds_bucket', `,method="POST",status="200",le="${le}"`),
  values,
];
/** When the certificate of a pod ends, in days. */
const certificate = (pod: string, days: number): Series => [
  `mlflow_certificate_expiry_timestamp_seconds{namespace="mlflow",job="mlflow",pod="${pod}"}`,
  `${days * 86_400}x60`,
];
const restarts = (pod: string, values: string, container = 'server'): Series => [
  `kube_pod_container_status_restarts_total{namespace="mlflow",pod="${pod}",container="${container}"}`,
  values,
];
const volume = (kind: string, claim: string, values: string): Series => [
  `kubelet_volume_stats_${kind}_bytes{namespace="mlflow",persistentvolumeclaim="${claim}"}`,
  values,
];
/** A claim with its size, and what is available. */
const claim = (name: string, capacity: string, available: string): Series[] => [
  volume('capacity', name, capacity),
  volume('available', name, available),
];
const connections = (database: string, values: string, server = 'pg:9187'): Series => [
  `pg_stat_activity_count{instance="${server}",datname="${database}",state="idle"}`,
  values,
];
const cronJob = (series: string, name: string, values: string): Series => [
  `kube_cronjob_${series}{namespace="mlflow",cronjob="${name}"}`,
  values,
];
/** A Job that began so many seconds after the beginning, and failed. */
const failedJob = (name: string, began: number): Series[] => [
  [`kube_job_failed{namespace="mlflow",job_name="${name}",condition="true"}`, '1x400'],
  [`kube_job_failed{namespace="mlflow",job_name="${name}",condition="false"}`, '0x400'],
  [`kube_job_status_start_time{namespace="mlflow",job_name="${name}"}`, `${began}x400`],
];
/** Long ones are looked at every ten minutes. */
const [HOUR, DAY, every] = [60, 24 * 60, 10];
const DAYS = (3 * DAY) / every;

const CASES: readonly Case[] = [
  { alert: 'MlflowDown', what: 'the only pod does not answer', series: [up('1x5 0x20')], at: 12, firing: 1 },
  { alert: 'MlflowDown', what: 'there is no series at all', series: [], at: 6, firing: 1 },
  { alert: 'MlflowDown', what: 'it was not long enough', series: [up('1x5 0x20')], at: 9, firing: 0 },
  {
    alert: 'MlflowDown',
    what: 'one of two answers',
    series: [up('0x30'), up('1x30', 'mlflow-7d9c-fghij')],
    at: 20,
    firing: 0,
  },
  {
    alert: 'MlflowDown',
    what: 'only another instance answers',
    series: [['mlflow_server_up{namespace="mlflow",job="other",pod="other-7d9c-abcde"}', '1x30']],
    at: 20,
    firing: 1,
  },
  {
    alert: 'MlflowPodDown',
    what: 'one of two does not answer',
    series: [up('0x30'), up('1x30', 'mlflow-7d9c-fghij')],
    at: 15,
    firing: 1,
  },
  { alert: 'MlflowPodDown', what: 'one cannot be scraped', series: [[own('up'), '0x30']], at: 15, firing: 1 },
  { alert: 'MlflowPodDown', what: 'it starts', series: [up('0x5 1x20'), [own('up'), '1x30']], at: 15, firing: 0 },
  {
    alert: 'MlflowErrors',
    what: 'a tenth of the requests fails',
    series: [total('200', '0+90x30'), total('500', '0+10x30')],
    at: 15,
    firing: 1,
  },
  {
    alert: 'MlflowErrors',
    what: 'one of a hundred fails',
    series: [total('200', '0+99x30'), total('503', '0+1x30')],
    at: 15,
    firing: 0,
  },
  {
    alert: 'MlflowErrors',
    what: 'clients are refused',
    series: [total('200', '0+10x30'), total('401', '0+90x30'), total('404', '0+90x30')],
    at: 15,
    firing: 0,
  },
  {
    alert: 'MlflowErrors',
    what: 'nobody asks',
    series: [total('200', '7x30'), total('500', '3x30')],
    at: 15,
    firing: 0,
  },
  {
    alert: 'MlflowErrors',
    what: 'the server restarts and counts from zero',
    series: [total('200', '0+90x10 0+90x20'), total('500', '1000x10 0x20')],
    at: 20,
    firing: 0,
  },
  {
    alert: 'MlflowSlow',
    what: 'a tenth takes eight seconds',
    series: [
      bucket('1.0', '0+90x40'),
      bucket('5.0', '0+90x40'),
      bucket('10.0', '0+100x40'),
      bucket('+Inf', '0+100x40'),
    ],
    at: 25,
    firing: 1,
  },
  {
    alert: 'MlflowSlow',
    what: 'one of fifty does',
    series: [
      bucket('1.0', '0+98x40'),
      bucket('5.0', '0+98x40'),
      bucket('10.0', '0+100x40'),
      bucket('+Inf', '0+100x40'),
    ],
    at: 25,
    firing: 0,
  },
  {
    alert: 'MlflowSlow',
    what: 'nobody asks',
    series: [bucket('1.0', '5x40'), bucket('10.0', '9x40'), bucket('+Inf', '9x40')],
    at: 25,
    firing: 0,
  },
  {
    alert: 'MlflowRestarts',
    what: 'a container restarts every ten minutes',
    series: [restarts('mlflow-7d9c-abcde', '0x10 1x9 2x9 3x9 4x30')],
    at: 45,
    firing: 1,
  },
  {
    alert: 'MlflowRestarts',
    what: 'so does an embedded database',
    series: [restarts('mlflow-database-0', '0x10 1x9 2x9 3x9 4x30', 'database')],
    at: 45,
    firing: 1,
  },
  {
    alert: 'MlflowRestarts',
    what: 'it restarted once',
    series: [restarts('mlflow-7d9c-abcde', '0x10 1x60')],
    at: 45,
    firing: 0,
  },
  {
    alert: 'MlflowRestarts',
    what: 'a Job of ours and another instance do',
    series: [
      restarts('mlflow-backup-29001-abcde', '0x10 1x9 2x9 3x9 4x30', 'backup'),
      restarts('mlflow-b-7d9c-abcde', '0x10 1x9 2x9 3x9 4x30'),
    ],
    at: 45,
    firing: 0,
  },
  {
    alert: 'MlflowCertificateExpires',
    what: 'one of two pods serves one that ends in six days',
    series: [certificate('mlflow-7d9c-abcde', 6), certificate('mlflow-7d9c-fghij', 90)],
    at: 30,
    firing: 1,
  },
  {
    alert: 'MlflowCertificateExpires',
    what: 'both have expired',
    series: [certificate('mlflow-7d9c-abcde', 0), certificate('mlflow-7d9c-fghij', 0)],
    at: 30,
    firing: 2,
  },
  {
    alert: 'MlflowCertificateExpires',
    what: 'it ends in eight days',
    series: [certificate('mlflow-7d9c-abcde', 8)],
    at: 30,
    firing: 0,
  },
  {
    alert: 'MlflowClaimFilling',
    what: 'one of two is nearly full',
    series: [...claim('mlflow-database', '100x60', '10x60'), ...claim('mlflow-object-store', '100x60', '50x60')],
    at: 30,
    firing: 1,
  },
  {
    alert: 'MlflowClaimFilling',
    what: 'a full one was mounted for ten minutes alone, by a Job',
    series: claim('mlflow-database', '100x10', '5x10'),
    at: 10 * HOUR,
    firing: 1,
  },
  {
    alert: 'MlflowClaimFilling',
    what: 'it was full on another node, and has room here',
    series: [
      [`${volume('capacity', 'mlflow-database', '')[0].slice(0, -1)},node="a"}`, '100x10'],
      [`${volume('available', 'mlflow-database', '')[0].slice(0, -1)},node="a"}`, '5x10'],
      [`${volume('capacity', 'mlflow-database', '')[0].slice(0, -1)},node="b"}`, '_x10 200x100'],
      [`${volume('available', 'mlflow-database', '')[0].slice(0, -1)},node="b"}`, '_x10 105x100'],
    ],
    at: 60,
    firing: 0,
  },
  {
    alert: 'MlflowClaimFilling',
    what: 'there is room, and a full one is not ours',
    series: [...claim('mlflow-database', '100x60', '20x60'), ...claim('mlflow-databases', '100x60', '1x60')],
    at: 30,
    firing: 0,
  },
  {
    alert: 'MlflowDatabaseConnections',
    what: 'both databases together are near the budget',
    series: [connections('mlflow', '60x40'), connections('mlflow_auth', '30x40')],
    at: 30,
    firing: 1,
  },
  {
    alert: 'MlflowDatabaseConnections',
    what: 'they are not, and others are no matter',
    series: [connections('mlflow', '50x40'), connections('gitlab', '99x40')],
    at: 30,
    firing: 0,
  },
  {
    alert: 'MlflowDatabaseConnections',
    what: 'two servers are not added up',
    series: [connections('mlflow', '50x40', 'a:9187'), connections('mlflow', '50x40', 'b:9187')],
    at: 30,
    firing: 0,
  },
  {
    alert: 'MlflowBackupFailed',
    what: 'the last Job failed',
    series: [
      ...failedJob('mlflow-backup-29002', 7200),
      cronJob('status_last_successful_time', 'mlflow-backup', '3600x400'),
    ],
    at: 200,
    firing: 1,
  },
  {
    alert: 'MlflowBackupFailed',
    what: 'the first one failed, and none ever succeeded',
    series: failedJob('mlflow-backup-29001', 600),
    at: 200,
    firing: 1,
  },
  {
    alert: 'MlflowBackupFailed',
    what: 'a later one succeeded',
    series: [
      ...failedJob('mlflow-backup-29001', 600),
      cronJob('status_last_successful_time', 'mlflow-backup', '3600x400'),
    ],
    at: 200,
    firing: 0,
  },
  {
    alert: 'MlflowBackupFailed',
    what: 'a Job of something else failed',
    series: [...failedJob('mlflow-restore-1', 7200), ...failedJob('mlflow-backup-extra-1', 7200)],
    at: 200,
    firing: 0,
  },
  {
    alert: 'MlflowBackupTooOld',
    what: 'the last one is two days old',
    series: [cronJob('status_last_successful_time', 'mlflow-backup', `0x${DAYS}`)],
    at: 2 * DAY,
    firing: 1,
    every,
  },
  {
    alert: 'MlflowBackupTooOld',
    what: 'there never was one',
    series: [cronJob('created', 'mlflow-backup', `0x${DAYS}`)],
    at: 2 * DAY,
    firing: 1,
    every,
  },
  {
    alert: 'MlflowBackupTooOld',
    what: 'it is of this night, and the CronJob old',
    series: [
      cronJob('status_last_successful_time', 'mlflow-backup', `${40 * 3600}x${DAYS}`),
      cronJob('created', 'mlflow-backup', `0x${DAYS}`),
    ],
    at: 2 * DAY,
    firing: 0,
    every,
  },
  {
    alert: 'MlflowBackupTooOld',
    what: 'it was by a clock that was a year ahead',
    series: [cronJob('status_last_successful_time', 'mlflow-backup', `${370 * DAY}x${DAYS}`)],
    at: 2 * DAY,
    firing: 1,
    every,
  },
  {
    alert: 'MlflowBackupTooOld',
    what: 'it was by a clock that is some minutes ahead',
    series: [cronJob('status_last_successful_time', 'mlflow-backup', `${20 * HOUR + 600}x${DAYS}`)],
    at: 20 * HOUR,
    firing: 0,
    every,
  },
  {
    alert: 'MlflowBackupTooOld',
    what: 'the CronJob is new',
    series: [cronJob('created', 'mlflow-backup', `0x${DAYS}`)],
    at: 20 * HOUR,
    firing: 0,
    every,
  },
  {
    alert: 'MlflowBackupVerificationFailed',
    what: 'the last Job failed, and the backups succeed',
    series: [
      ...failedJob('mlflow-verify-29002', 7200),
      cronJob('status_last_successful_time', 'mlflow-verify', '3600x400'),
      cronJob('status_last_successful_time', 'mlflow-backup', '9000x400'),
    ],
    at: 200,
    firing: 1,
  },
  {
    alert: 'MlflowBackupVerificationFailed',
    what: 'the first one failed, and none ever succeeded',
    series: failedJob('mlflow-verify-29001', 600),
    at: 200,
    firing: 1,
  },
  {
    alert: 'MlflowBackupVerificationFailed',
    what: 'a later one succeeded, and a backup failed',
    series: [
      ...failedJob('mlflow-verify-29001', 600),
      ...failedJob('mlflow-backup-29001', 7200),
      cronJob('status_last_successful_time', 'mlflow-verify', '3600x400'),
    ],
    at: 200,
    firing: 0,
  },
  {
    alert: 'MlflowBackupVerificationTooOld',
    what: 'the last one is nine days old',
    series: [cronJob('status_last_successful_time', 'mlflow-verify', `0x${3 * DAYS}`)],
    at: 9 * DAY,
    firing: 1,
    every,
  },
  {
    alert: 'MlflowBackupVerificationTooOld',
    what: 'there never was one, and backups succeed',
    series: [
      cronJob('created', 'mlflow-verify', `0x${3 * DAYS}`),
      cronJob('status_last_successful_time', 'mlflow-backup', `${8 * 24 * 3600}x${3 * DAYS}`),
    ],
    at: 9 * DAY,
    firing: 1,
    every,
  },
  {
    alert: 'MlflowBackupVerificationTooOld',
    what: 'it is of this week, as the schedule says',
    series: [cronJob('status_last_successful_time', 'mlflow-verify', `0x${3 * DAYS}`)],
    at: 7 * DAY + HOUR,
    firing: 0,
    every,
  },
  {
    alert: 'MlflowGarbageCollectionFailed',
    what: 'the last Job failed',
    series: failedJob('mlflow-gc-29001', 600),
    at: 200,
    firing: 1,
  },
  {
    alert: 'MlflowGarbageCollectionFailed',
    what: 'a later one succeeded, and a backup failed',
    series: [
      ...failedJob('mlflow-gc-29001', 600),
      ...failedJob('mlflow-backup-29001', 7200),
      cronJob('status_last_successful_time', 'mlflow-gc', '3600x400'),
    ],
    at: 200,
    firing: 0,
  },
];

const rules = {
  groups: groups.map((group) => ({
    name: group.name,
    rules: group.alerts.map(({ name, query, minutes, summary, description }) => ({
      alert: name,
      expr: query,
      ...(minutes > 0 ? { for: `${minutes}m` } : {}),
      annotations: { summary, description },
    })),
  })),
};

/** What promtool says of cases, each with as many alerts as it should have, or one more where it is to be seen that it looks. */
async function run(cases: readonly Case[], more = 0): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
  const files = [1, every].map((minutes) => {
    const tests = cases
      .filter((each) => (each.every ?? 1) === minutes)
      .map(({ alert, what, series, at, firing }) => ({
        name: `${alert}: ${what}`,
        interval: `${minutes}m`,
        input_series: series.map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
            eval_time: `${at}m`,
            exp_samples: [{ labels: '{}', value: firing + more }],
          },
        ],
      }));
    const file = join(folder, `every-${minutes}.yaml`);
    writeFileSync(file, stringify({ rule_files: ['rules.yaml'], evaluation_interval: `${minutes}m`, tests }));
    return file;
  });
  const { stdout, stderr } = await output(PROMTOOL, ['test', 'rules', ...files]);
  return stdout + stderr;
}

test('every alert has a case in which it fires, and one in which it does not', () => {
  for (const { name } of alerts) {
    const fires = CASES.filter(({ alert }) => alert === name).map(({ firing }) => firing > 0);
    expect([name, [...new Set(fires)].sort()]).toEqual([name, [false, true]]);
  }
  expect(CASES.filter(({ alert }) => !alerts.some(({ name }) => name === alert))).toEqual([]);
});

test('all rules are understood', async () => {
  const file = join(temporaryFolder(), 'rules.yaml');
  writeFileSync(file, stringify(rules));
  const { stdout, stderr } = await output(PROMTOOL, ['check', 'rules', file]);
  expect(`${stdout}${stderr}`).toContain(`SUCCESS: ${alerts.length} rules found`);
});

test('alerts fire when they should, and only then', async () => {
  const text = await run(CASES);
  expect(text.match(/SUCCESS/g)).toHaveLength(2);
  expect(text).not.toContain('FAILED');
});

test('a case that expects the wrong number is seen, whichever it is', async () => {
  const text = await run(CASES, 1);
  expect(text.match(/^ *expr: "count\(ALERTS/gm)).toHaveLength(CASES.length);
  expect(text).not.toContain('SUCCESS');
});

test('each alert has its page, and no page is left over', () => {
  const folder = join(ROOT, 'docs', 'alerts');
  expect(readdirSync(folder).sort()).toEqual(alerts.map(({ name }) => `${name}.md`).sort());
  for (const { name } of alerts) expect(readFileSync(join(folder, `${name}.md`), 'utf8')).toMatch(`# ${name}\n`);
});
