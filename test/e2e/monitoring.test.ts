import { join } from 'node:path';
import {
  closeConnections,
  damageNewestBackup,
  emptyBackups,
  fillBackups,
  openConnections,
  stopProcesses,
} from './alert-causes';
import { exporterVariables } from './exporter';
import { apply, removeVariants, synthesizeVariant } from './homelab';
import { runJobOf } from './jobs';
import {
  clientPython,
  imageLine,
  kubectl,
  type LabRelease,
  lab,
  program,
  ROOT,
  removeNamespaces,
  run,
  until,
} from './lab';
import { makeLimitedClaim, removeLimitedClaim } from './limited-claim';
import {
  ClusterPrometheus,
  dashboardQueries,
  forgetContainers,
  letCadvisorKnowContainers,
  MONITORING,
  rulesOf,
} from './prometheus';
import { ProvokedAlerts } from './provoked-alerts';
import { allReady, crash, login, podOf, psql, secrets } from './quickstart';
import { reads } from './readers';

/**
 * The synthesized settings in a real Prometheus in the cluster: it finds every replica by Kubernetes' API under the network
 * policy, each alert is provoked by what it is about, and every query of the dashboard has data. Not part of every run:
 * it takes some minutes a release and programs of others (`test/e2e/monitoring-tools`). MLFLOW_MONITORING_RELEASES names other releases.
 */

const releases = (process.env.MLFLOW_MONITORING_RELEASES ?? '3.18.0,3.1.0').split(',') as LabRelease[];

/** Seconds that stand for the hour after which a backup is too old. */
const HOUR = 60;

const scale = (replicas: number) => kubectl(['-n', 'mlflow', 'scale', 'deployment/mlflow', `--replicas=${replicas}`]);

beforeAll(letCadvisorKnowContainers);
afterAll(forgetContainers);

describe.each(releases)('MLflow %s', (release) => {
  const prometheus = new ClusterPrometheus();
  let dist = '';

  const queries = () => dashboardQueries(dist);

  const alerts = new ProvokedAlerts(prometheus, release);
  const { fires, provoked } = alerts;

  beforeAll(async () => {
    await run(join(ROOT, 'test', 'e2e', 'monitoring-tools'), [], { seconds: 900 });
    await removeNamespaces(['mlflow', MONITORING]);
    await makeLimitedClaim();
    dist = await synthesizeVariant(
      'monitored',
      `${imageLine(release)}server: { replicas: 2, rollout: RollingUpdate }
database: { maxConnections: 60 }
backup:
  destination: { claim: { size: 64Mi, storageClass: mlflow-test-limited } }
  verification: { temporaryStorage: 1Gi }
garbageCollection: { olderThan: 30d }
monitoring: { metrics: {}, rules: { thresholds: { backupHours: 1, verificationHours: 1 } }, dashboard: {} }
`,
      'quickstart',
    );
    await apply(dist);
    await allReady();
    const environments = join(dist, '..', '..', 'environments');
    const given = ['--import', 'tsx', 'main.ts', 'synth', 'monitored', '--environments', environments];
    const explained = await run(process.execPath, [...given, '--explain', 'monitoring']);
    const value = (from: Readonly<Record<string, string>> = {}, key = '') =>
      Buffer.from(from[key] ?? '', 'base64').toString();
    const made = await secrets();
    await prometheus.start(
      { dist, explained, password: value(made['mlflow-metrics'], 'password'), hour: HOUR },
      await exporterVariables(),
    );
  });

  afterAll(async () => {
    removeVariants();
    // Whatever fails, the rest is removed too.
    await prometheus.stop().finally(() => removeNamespaces(['mlflow', MONITORING]).finally(removeLimitedClaim));
  });

  it('is scraped in every replica, by the login alone', async () => {
    const names = await kubectl([
      '-n',
      'mlflow',
      'get',
      'pods',
      '-l',
      'app.kubernetes.io/component=server',
      '-o',
      'jsonpath={range .items[*]}{.metadata.name} {.status.podIP}{"\\n"}{end}',
    ]);
    const pods = names
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(pods).toHaveLength(2);
    const up = await prometheus.query('mlflow_server_up == 1');
    expect(up.map(({ metric }) => [metric.namespace, metric.job, metric.pod]).sort()).toEqual(
      pods.map(([name]) => ['mlflow', 'mlflow', name]).sort(),
    );
    const made = (await secrets())['mlflow-metrics']?.password ?? '';
    const page = `http://${pods[0]?.[1]}:5001/metrics`;
    expect(await prometheus.statusFromScraper(page)).toBe(401);
    expect(await prometheus.statusFromScraper(page, 'another')).toBe(401);
    expect(await prometheus.statusFromScraper(page, Buffer.from(made, 'base64').toString())).toBe(200);
  });

  it('has data for every query of the dashboard after a load, the series of others too', async () => {
    // Few, so that what is slow later is more than one of twenty.
    await Promise.all([
      reads(75, 2, 1),
      lab('exec', [clientPython(release), program('client.py'), 'load', '1'], { env: await login() }),
    ]);
    await runJobOf('mlflow-backup');
    await until('all of it is scraped', 120, async () => (await prometheus.empty(queries(), '1m')).length === 0).catch(
      async () => expect(await prometheus.empty(queries(), '1m')).toEqual([]),
    );
    expect(queries().length).toBeGreaterThan(20);
  });

  it('fires nothing while all is well', async () => {
    // The backup of a minute ago is made again, since a minute stands for the hour.
    expect((await runJobOf('mlflow-verify')).condition).toBe('Complete');
    await runJobOf('mlflow-backup');
    await until('nothing fires', 60, async () => (await prometheus.firing()).length === 0).catch(async () =>
      expect(await prometheus.firing()).toEqual([]),
    );
  });

  it('fires MlflowBackupTooOld when no backup completed for that long', async () => {
    await provoked('MlflowBackupTooOld', async () => undefined, '', HOUR + 60);
  });

  it('fires MlflowBackupVerificationTooOld when no backup was verified for that long', async () => {
    expect((await runJobOf('mlflow-verify')).condition).toBe('Complete');
    await provoked('MlflowBackupVerificationTooOld', async () => undefined, '', HOUR + 60);
  });

  it('fires MlflowBackupVerificationFailed when the newest backup cannot be restored', async () => {
    expect((await runJobOf('mlflow-backup')).condition).toBe('Complete');
    await provoked('MlflowBackupVerificationFailed', async () => {
      const name = damageNewestBackup();
      const { condition, log } = await runJobOf('mlflow-verify', 'mlflow', 400);
      expect([condition, log]).toEqual(['Failed', expect.stringContaining('(backup-damaged, exit 61)')]);
      expect(log).toContain(`${name}/tracking.dump: SHA-256 is`);
    });
    expect((await runJobOf('mlflow-backup')).condition).toBe('Complete');
    const { condition, log } = await runJobOf('mlflow-verify');
    expect([condition, log]).toEqual(['Complete', expect.stringMatching(/done: \S+ can be restored/)]);
    await until('it is silent again', 60, async () => !(await fires('MlflowBackupVerificationFailed')));
  });

  it('fires MlflowSlow when requests wait for a lock in PostgreSQL', async () => {
    await provoked('MlflowSlow', async () => {
      const hold = 'BEGIN; LOCK TABLE experiments IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(12); COMMIT;\n';
      await Promise.all([psql(`\\c mlflow\n${hold.repeat(4)}`), reads(50, 24, 1)]);
    });
  });

  it('fires MlflowDatabaseConnections when they are nearly used up', async () => {
    // So many that an administrator still comes in.
    const [now] = await prometheus.query('sum(pg_stat_activity_count{datname=~"mlflow|mlflow_auth"})');
    const more = 54 - (now?.value ?? 0);
    expect(more).toBeGreaterThan(10);
    const sleepers = openConnections(more);
    try {
      await provoked('MlflowDatabaseConnections', async () => undefined);
    } finally {
      await closeConnections(sleepers);
    }
  });

  it('fires MlflowErrors when PostgreSQL refuses all connections', async () => {
    await provoked('MlflowErrors', async () => {
      await psql(
        "ALTER DATABASE mlflow ALLOW_CONNECTIONS false;\nSELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'mlflow';",
      );
      await reads(40, 12, 0.2);
      await psql('ALTER DATABASE mlflow ALLOW_CONNECTIONS true');
    });
  });

  it('fires MlflowRestarts when a pod’s containers end again and again', async () => {
    await provoked('MlflowRestarts', async () => {
      for (let time = 0; time < 3; time += 1) await crash('server');
    });
  });

  it('fires MlflowPodDown for the one of two pods that does not answer', async () => {
    await allReady();
    const { name } = await podOf('server');
    await provoked('MlflowPodDown', () => stopProcesses(name), name);
    expect(await fires('MlflowDown')).toBe(false);
    await kubectl(['-n', 'mlflow', 'delete', 'pod', name, '--grace-period=1']);
    await allReady();
  });

  it('fires MlflowClaimFilling and MlflowBackupFailed when the claim of the backups is full', async () => {
    await provoked('MlflowClaimFilling', fillBackups, 'mlflow-backup', 240);
    await provoked('MlflowBackupFailed', async () => {
      const { condition, log } = await runJobOf('mlflow-backup', 'mlflow', 400);
      expect(condition).toBe('Failed');
      console.log(log.split('\n').slice(-6).join('\n'));
    });
    await emptyBackups();
    expect((await runJobOf('mlflow-backup')).condition).toBe('Complete');
    await until('MlflowBackupFailed is silent again', 60, async () => !(await fires('MlflowBackupFailed')));
  });

  it('fires MlflowDown without a server, and MlflowGarbageCollectionFailed when that cannot go on', async () => {
    await provoked('MlflowDown', () => scale(0));
    await provoked('MlflowGarbageCollectionFailed', async () => {
      expect((await runJobOf('mlflow-gc', 'mlflow', 400)).condition).toBe('Failed');
    });
    await scale(2);
    await allReady();
    await until('MlflowDown is silent again', 90, async () => !(await fires('MlflowDown')));
  });

  it('has provoked every alert that is synthesized', () => {
    expect([...alerts.done].sort()).toEqual(
      rulesOf(dist, HOUR)
        .map(({ alert }) => alert)
        .sort(),
    );
    expect(alerts.done.size).toBe(12);
  });
});
