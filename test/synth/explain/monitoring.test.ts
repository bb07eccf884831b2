import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { ruleGroups } from '../../../lib/components/monitoring/alert-groups';
import { alertsOf } from '../../../lib/environment/contributions';
import { explainMonitoring } from '../../../lib/synth/explain/monitoring';
import type { Manifest } from '../../../lib/synth/manifest';
import { command, ROOT, resolved, SMALLEST } from '../../support/support';

describe('synth --explain monitoring', () => {
  test('prints a job and rules for a Prometheus without the operator, and writes nothing', async () => {
    const { code, stdout } = await command(
      'synth',
      'production',
      'quickstart',
      '--environments',
      `${ROOT}/environments`,
      '--explain',
      'monitoring',
    );
    expect(code).toBe(0);
    const [jobs, rules, none] = parseAllDocuments(stdout).map((each) => each.toJS());
    const [applied] = parseAllDocuments(readFileSync(`${ROOT}/dist/production/monitoring.k8s.yaml`, 'utf8'))
      .map((each) => each.toJS() as Manifest & { spec: object })
      .filter((each) => each.kind === 'PrometheusRule');
    expect(rules).toEqual(applied?.spec);
    expect(none).toBeNull();
    expect(jobs?.scrape_configs).toMatchObject([
      {
        job_name: 'mlflow-production/mlflow',
        basic_auth: { username: 'metrics', password_file: '/etc/prometheus/secrets/mlflow-metrics/password' },
        kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: ['mlflow-production'] } }],
      },
    ]);
    expect(stdout).not.toContain('prometheus.io/');
    expect(stdout).toContain('# quickstart: metrics are off');
  });

  test('finds the pods by their labels and the port by its name, and none of a pod that has ended', () => {
    const environment = resolved({ ...SMALLEST, monitoring: { metrics: {} } });
    const [jobs = ''] = explainMonitoring({ name: 'small', environment, warnings: [], sealed: [] } as never);
    const [job] = parse(jobs).scrape_configs as { relabel_configs: Record<string, unknown>[] }[];
    const kept = (job?.relabel_configs ?? []).flatMap(({ source_labels, regex, action }) =>
      action === 'keep' ? [[source_labels, regex]] : [],
    );
    expect(kept).toEqual([
      [['__meta_kubernetes_pod_label_app_kubernetes_io_name'], 'mlflow'],
      [['__meta_kubernetes_pod_label_app_kubernetes_io_instance'], 'mlflow'],
      [['__meta_kubernetes_pod_label_app_kubernetes_io_component'], 'server'],
      [['__meta_kubernetes_pod_container_port_name'], 'metrics'],
      [['__meta_kubernetes_pod_phase'], 'Pending|Running'],
    ]);
  });

  test.each([['--check'], ['--diff'], ['--only', 'service'], ['--out', '/nonexistent']])(
    'cannot be combined with %s, which is refused before anything is read',
    async (option, ...value) => {
      const given = ['synth', 'none', '--environments', '/nonexistent', '--explain', 'monitoring', option, ...value];
      expect(await command(...given)).toMatchObject({
        code: 1,
        stdout: '',
        issues: [`--explain: cannot be combined with ${option} (remove one)`],
      });
    },
  );

  test('uses the default thresholds if the environment has none', () => {
    const environment = resolved({ ...SMALLEST, monitoring: { metrics: {} } });
    const [, rules = ''] = explainMonitoring({ name: 'small', environment, warnings: [], sealed: [] } as never);
    expect(rules).toMatch(/^# small: alerts.*with default thresholds/);
    const withRules = resolved({ ...SMALLEST, monitoring: { metrics: {}, rules: {} } });
    expect(parse(rules)).toEqual({
      groups: ruleGroups(
        alertsOf(withRules),
        'mlflow',
        withRules.monitoring.rules as NonNullable<typeof withRules.monitoring.rules>,
      ),
    });
  });
});
