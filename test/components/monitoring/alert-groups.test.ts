import { alertGroups } from '../../../lib/components/monitoring/alert-groups';
import { selector } from '../../../lib/components/shared/contributions/promql';
import { alertsOf } from '../../../lib/environment/contributions';
import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { all, objectsOf, resolution, resolved, SMALLEST } from '../../support/support';

const ALL = { metrics: {}, serviceMonitor: {}, rules: {}, dashboard: {} } as const;

const monitored = (more: EnvironmentInput = {}): Manifest[] => objectsOf({ ...SMALLEST, monitoring: ALL, ...more });

const kind = (objects: readonly Manifest[], wanted: string) => objects.filter((object) => object.kind === wanted);

interface Groups {
  readonly groups: readonly {
    readonly rules: readonly { alert: string; labels: object; annotations: object }[];
  }[];
}

describe('backups', () => {
  const TO_CLAIM = { destination: { claim: { name: 'copies', create: false } } } as const;
  const warnings = (schedule: string, thresholds = {}) =>
    resolution({
      ...SMALLEST,
      backup: { ...TO_CLAIM, schedule },
      monitoring: { metrics: {}, rules: { thresholds } },
    }).warnings.filter(({ path }) => path.at(-1) === 'backupHours');

  test('that are rarer than the alert waits are warned of', () => {
    expect(warnings('30 3 * * *')).toEqual([]);
    expect(warnings('30 3 * * 0')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('168 hours') }),
    ]);
    expect(warnings('30 3 * * 0', { backupHours: 168 })).toHaveLength(1);
    expect(warnings('30 3 * * 0', { backupHours: 170 })).toEqual([]);
  });

  test('to an existing claim are monitored, and the claim is not created', () => {
    const objects = monitored({ backup: TO_CLAIM });
    expect(all(objects, 'PersistentVolumeClaim')).toEqual([]);
    expect(JSON.stringify(kind(objects, 'PrometheusRule'))).toContain('copies');
  });
});

describe('alerts', () => {
  const namesOf = (input: EnvironmentInput) =>
    alertGroups(alertsOf(resolved({ ...SMALLEST, monitoring: ALL, ...input }))).flatMap(({ alerts }) =>
      alerts.map(({ name }) => name),
    );

  const withJobs: EnvironmentInput = { backup: { destination: { claim: {} } }, garbageCollection: {} };
  const ofAll = alertsOf(resolved({ ...SMALLEST, monitoring: ALL, ...withJobs }));

  test('are about what there is', () => {
    const always = ['MlflowDown', 'MlflowPodDown', 'MlflowErrors', 'MlflowSlow', 'MlflowRestarts'];
    expect(namesOf({})).toEqual([...always, 'MlflowDatabaseConnections']);
    expect(namesOf({ server: { replicas: 0 } })).not.toContain('MlflowDown');
    expect(namesOf({ server: { autoscaling: { maxReplicas: 3 } } })).toContain('MlflowDown');
    expect(namesOf({ storage: { data: {} } })).toContain('MlflowClaimFilling');
    expect(namesOf({ backup: { destination: { claim: {} } } })).toEqual(
      expect.arrayContaining(['MlflowBackupFailed', 'MlflowBackupTooOld']),
    );
    expect(namesOf({ garbageCollection: {} })).toContain('MlflowGarbageCollectionFailed');
  });

  test('look at their own Jobs, and at the connections to both databases', () => {
    const query = (wanted: string) => ofAll.find(({ name }) => name === wanted)?.query;
    for (const [alert, cronJob] of [
      ['MlflowBackupFailed', 'mlflow-backup'],
      ['MlflowGarbageCollectionFailed', 'mlflow-gc'],
    ] as const) {
      expect(query(alert)).toContain(
        `kube_job_failed{namespace="mlflow",job_name=~"${cronJob}-[0-9]+",condition="true"}`,
      );
    }
    expect(query('MlflowBackupTooOld')).toMatch(/^time\(\) - .*last_successful_time\{[^}]*cronjob="mlflow-backup"\}/);
    expect(query('MlflowDatabaseConnections')).toContain('pg_stat_activity_count{datname=~"mlflow|mlflow_auth"}');
  });

  test('are critical where clients fail or nothing could be restored, and only there', () => {
    const critical = ofAll.filter(({ severity }) => severity === 'critical');
    expect(critical.map(({ name }) => name)).toEqual(['MlflowDown', 'MlflowBackupTooOld']);
  });

  test('name their page and go where the environment says', () => {
    const rules = { labels: { release: 'stack' }, alertLabels: { team: 'ml' }, runbooks: 'https://x.example/alerts' };
    const [rule] = kind(monitored({ monitoring: { ...ALL, rules } }), 'PrometheusRule');
    const spec = rule?.spec as Groups | undefined;
    const names: string[] = [];
    expect(rule?.metadata.labels).toMatchObject({ release: 'stack' });
    for (const { alert, labels, annotations } of spec?.groups.flatMap((group) => group.rules) ?? []) {
      names.push(alert);
      expect(labels).toMatchObject({
        team: 'ml',
        namespace: 'mlflow',
        severity: expect.stringMatching(/^(critical|warning)$/),
      });
      expect(annotations).toMatchObject({ runbook_url: `https://x.example/alerts/${alert}.md` });
    }
    expect(names.length).toBeGreaterThan(4);
  });

  test('of two instances in one namespace look at their own alone', () => {
    const text = (name: string) => JSON.stringify(kind(monitored({ name }), 'PrometheusRule')[0]?.spec);
    expect(text('a')).toContain('job=\\"a\\"');
    expect(text('a')).not.toContain('job=\\"b\\"');
  });
});

test('a query matches any text literally', () => {
  expect(selector({ a: 'say "x" \\ y', b: ['c.d', 'e'], f: { matches: 'g.*' } })).toBe(
    '{a="say \\"x\\" \\\\ y",b=~"c\\\\.d|e",f=~"g.*"}',
  );
});
