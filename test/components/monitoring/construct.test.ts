import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { alertGroups, ruleGroups } from '../../../lib/components/monitoring/alerts';
import { type PanelRow, panelRows } from '../../../lib/components/monitoring/panels';
import { selector } from '../../../lib/components/shared/contributions/promql';
import { alertsOf, panelsOf } from '../../../lib/environment/contributions';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { explainMonitoring } from '../../../lib/synth/explain-monitoring';
import type { Manifest } from '../../../lib/synth/manifest';
import { EMBEDDED, SHORT_PROGRAMS, written } from '../../support/fixtures';
import {
  all,
  command,
  container,
  objectsOf,
  one,
  playing,
  ROOT,
  resolution,
  resolved,
  SMALLEST,
  selects,
} from '../../support/support';

/** What a monitoring system is given: metrics, what finds them, alerts and a dashboard. */

const ALL = { metrics: {}, serviceMonitor: {}, rules: {}, dashboard: {} } as const;
const monitored = (more: EnvironmentInput = {}): Manifest[] => objectsOf({ ...SMALLEST, monitoring: ALL, ...more });
const kind = (objects: readonly Manifest[], wanted: string) => objects.filter((object) => object.kind === wanted);

describe('metrics', () => {
  const objects = monitored();

  test('are off unless they are asked for: no port, no volume, no object', () => {
    expect(JSON.stringify(objectsOf(SMALLEST, SHORT_PROGRAMS))).not.toMatch(/expose-prometheus|5001|mlflow-metrics/);
  });

  test('are counted in a volume with a size, which is emptied before the server starts', () => {
    const { command: argv = [] } = container(objects, 'server');
    expect(argv.slice(0, 5)).toEqual([
      'python',
      '/programs/server/start.py',
      '/run/mlflow-metrics',
      'mlflow',
      'server',
    ]);
    expect(argv).toContain('--expose-prometheus=/run/mlflow-metrics');
    const { spec } = one(objects, 'Deployment');
    expect(spec?.template.spec?.volumes).toContainEqual({ name: 'metrics', emptyDir: { sizeLimit: '64Mi' } });
  });

  test('are shown by a container that gets the login of the scraper and no other Secret', () => {
    const exporter = container(objects, 'metrics');
    expect(exporter.command?.slice(1)).toEqual([
      ...[
        '/programs/metrics/exporter.py',
        '/run/mlflow-metrics',
        '/run/mlflow-metrics-login',
        '5001',
        '5000',
        '/health',
      ],
    ]);
    expect([exporter.env, exporter.envFrom]).toEqual([undefined, undefined]);
    expect(exporter.volumeMounts?.map(({ name }) => name)).toEqual(['programs', 'metrics', 'metrics-login']);
    expect(exporter.volumeMounts?.every(({ readOnly }) => readOnly)).toBe(true);
    expect(JSON.stringify(exporter.command)).not.toMatch(/password/i);
  });

  test('have a Service of their own, so that no load balancer offers them', () => {
    const services = all(
      monitored({ service: { type: 'LoadBalancer', loadBalancerIP: '192.168.1.201', nodePort: 30800 } }),
      'Service',
    );
    const ports = services.map(({ metadata, spec }) => [
      metadata?.name,
      spec?.type,
      spec?.ports?.map(({ port }) => port),
    ]);
    expect(ports).toEqual([
      ['mlflow', 'LoadBalancer', [5000]],
      ['mlflow-metrics', 'ClusterIP', [5001]],
    ]);
  });

  test('do not keep a server from starting when their login is missing, and follow it', () => {
    const { spec } = one(objects, 'Deployment');
    expect(spec?.template.spec?.volumes).toContainEqual({
      name: 'metrics-login',
      secret: {
        secretName: 'mlflow-metrics',
        optional: true,
        items: [
          { key: 'username', path: 'username' },
          { key: 'password', path: 'password' },
        ],
      },
    });
    expect(container(objects, 'server').volumeMounts?.map(({ name }) => name)).not.toContain('metrics-login');
  });

  test('do not make a server unready when they are slow', () => {
    expect(container(objects, 'metrics').readinessProbe).toBeUndefined();
    expect(container(objects, 'metrics').livenessProbe).toBeDefined();
  });

  test('may be reached by the scraper alone, who may reach nothing else', () => {
    const { spec } = one(playing(objects, 'server'), 'NetworkPolicy');
    const of = (port: number) => spec?.ingress?.filter(({ ports = [] }) => ports.some((each) => each.port === port));
    expect(of(5001)).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
            podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
          },
        ],
        ports: [{ port: 5001, protocol: 'TCP' }],
      },
    ]);
    expect(JSON.stringify(of(5000))).not.toContain('prometheus');
  });

  test('that recycle processes are warned of', () => {
    const { warnings } = resolution({
      ...SMALLEST,
      image: { repository: 'own/mlflow', tag: '3.1.0' },
      monitoring: { metrics: {} },
      server: { options: { 'gunicorn-opts': '--max-requests=1000' } },
    });
    expect(warnings).toContainEqual(
      expect.objectContaining({
        path: ['server', 'options', 'gunicorn-opts'],
        message: expect.stringContaining('leaves its counts behind'),
      }),
    );
  });

  test.each<[string, EnvironmentInput['monitoring'], string]>([
    ['a ServiceMonitor without metrics', { serviceMonitor: {} }, 'monitoring.serviceMonitor'],
    ['rules without metrics', { rules: {} }, 'monitoring.rules'],
    ['a dashboard without metrics', { dashboard: {} }, 'monitoring.dashboard'],
    [
      'a scrape that takes longer than the time between two',
      { metrics: {}, serviceMonitor: { interval: 10, timeout: 11 } },
      'monitoring.serviceMonitor.timeout',
    ],
    [
      'a label that is a template',
      { metrics: {}, rules: { alertLabels: { team: '{{ $value }}' } } },
      'monitoring.rules.alertLabels.team',
    ],
    [
      'scrapes too rare for what alerts look at',
      { metrics: {}, serviceMonitor: { interval: 121 } },
      'monitoring.serviceMonitor.interval',
    ],
    [
      'a threshold below all that is kept',
      { metrics: {}, rules: { thresholds: { latencySeconds: 0.04 } } },
      'monitoring.rules.thresholds.latencySeconds',
    ],
    [
      'a threshold that no measurement reaches',
      { metrics: {}, rules: { thresholds: { latencySeconds: 10 } } },
      'monitoring.rules.thresholds.latencySeconds',
    ],
  ])('refuse %s', (_, monitoring, path) => {
    expect(resolution({ ...SMALLEST, monitoring }).issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  test('refuse to select by a label whose value is ours', () => {
    const [monitor] = kind(objects, 'ServiceMonitor');
    const ours = Object.keys(monitor?.metadata.labels ?? {}).map((label) => [label, 'theirs']);
    const { issues } = resolution({ ...SMALLEST, monitoring: { ...ALL, rules: { labels: Object.fromEntries(ours) } } });
    expect(ours).toHaveLength(6);
    expect(issues.map(({ path }) => path.at(-1)).sort()).toEqual(ours.map(([label]) => label).sort());
  });
});

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

  test('to a claim that was there before have it looked after, and not made', () => {
    const objects = monitored({ backup: TO_CLAIM });
    expect(all(objects, 'PersistentVolumeClaim')).toEqual([]);
    expect(JSON.stringify(kind(objects, 'PrometheusRule'))).toContain('copies');
  });
});

describe('a ServiceMonitor', () => {
  const objects = monitored({ monitoring: { ...ALL, serviceMonitor: { labels: { release: 'stack' } } } });
  const [monitor] = kind(objects, 'ServiceMonitor');
  const spec = monitor?.spec as {
    selector: object;
    endpoints: { port: string; basicAuth: Record<string, { name: string; key: string }> }[];
  };

  test('has the label that the operator selects', () => {
    expect(monitor?.metadata.labels).toMatchObject({ release: 'stack', 'app.kubernetes.io/name': 'mlflow' });
  });

  test('finds the port of one Service, and of no other', () => {
    const [endpoint] = spec.endpoints;
    const found = all(objects, 'Service').filter(
      ({ metadata, spec: service }) =>
        selects({ ...spec.selector }, { ...metadata?.labels }) &&
        service?.ports?.some(({ name }) => name === endpoint?.port),
    );
    expect(found.map(({ metadata }) => metadata?.name)).toEqual(['mlflow-metrics']);
  });

  test('logs in with the Secret that the pod reads', () => {
    expect(spec.endpoints[0]?.basicAuth).toEqual({
      username: { name: 'mlflow-metrics', key: 'username' },
      password: { name: 'mlflow-metrics', key: 'password' },
    });
  });
});

interface Groups {
  readonly groups: readonly {
    readonly rules: readonly { alert: string; labels: object; annotations: object }[];
  }[];
}

describe('alerts', () => {
  const namesOf = (input: EnvironmentInput) =>
    alertGroups(alertsOf(resolved({ ...SMALLEST, monitoring: ALL, ...input }))).flatMap(({ alerts }) =>
      alerts.map(({ name }) => name),
    );

  test('are about what there is', () => {
    const always = ['MlflowDown', 'MlflowPodDown', 'MlflowErrors', 'MlflowSlow', 'MlflowRestarts'];
    expect(namesOf({})).toEqual([...always, 'MlflowDatabaseConnections']);
    expect(namesOf({ server: { replicas: 0 } })).not.toContain('MlflowDown');
    expect(namesOf({ storage: { data: {} } })).toContain('MlflowClaimFilling');
    expect(namesOf({ backup: { destination: { claim: {} } } })).toEqual(
      expect.arrayContaining(['MlflowBackupFailed', 'MlflowBackupTooOld']),
    );
    expect(namesOf({ garbageCollection: {} })).toContain('MlflowGarbageCollectionFailed');
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

test('a query takes any text as it stands', () => {
  expect(selector({ a: 'say "x" \\ y', b: ['c.d', 'e'], f: { matches: 'g.*' } })).toBe(
    '{a="say \\"x\\" \\\\ y",b=~"c\\\\.d|e",f=~"g.*"}',
  );
});

describe('a dashboard', () => {
  interface Target {
    readonly expr: string;
    readonly refId: string;
    readonly datasource: { readonly uid: string };
  }
  interface Placed {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly Target[];
    readonly interval?: string;
  }
  const dashboardOf = (objects: readonly Manifest[]) => {
    const map = objects.find(
      ({ kind: each, metadata }) => each === 'ConfigMap' && metadata.name.endsWith('-dashboard'),
    );
    const [[file = '', text = ''] = []] = Object.entries((map?.data ?? {}) as Record<string, string>);
    const data = JSON.parse(text) as {
      uid: string;
      panels: Placed[];
      templating: { list: { name: string; type: string }[] };
    };
    return { map, file, text, ...data };
  };
  const small = dashboardOf(monitored());
  const full = dashboardOf(objectsOf(written(EMBEDDED)));

  test('has what the sidecar finds it by, and a name of its own in the folder of all', () => {
    expect(small.map?.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(small.file).toBe(`${small.uid}.json`);
    expect(small.uid.length).toBeLessThanOrEqual(40);
    expect(dashboardOf(monitored({ name: 'other' })).uid).not.toBe(small.uid);
    expect(full.map?.metadata).toMatchObject({ labels: { grafana: 'yes' }, annotations: { grafana_folder: 'MLflow' } });
  });

  test('asks the Prometheus that is chosen, in all panels', () => {
    expect(small.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    for (const { targets = [] } of full.panels)
      for (const target of targets) expect(target.datasource.uid).toBe('$datasource');
  });

  test('is the same at every synth, has no brace that Flux replaces, and is far below the limit', () => {
    expect(dashboardOf(monitored()).text).toBe(small.text);
    expect(full.text).not.toContain('$' + '{');
    expect(Buffer.byteLength(full.text)).toBeLessThan(100_000);
  });

  test('has every panel once, in a place of its own', () => {
    expect(new Set(full.panels.map(({ id }) => id)).size).toBe(full.panels.length);
    const cells = full.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of full.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  test('shows every query of the panels', () => {
    const rows: PanelRow[] = panelRows(panelsOf(resolved({ ...SMALLEST, monitoring: ALL })));
    const wanted = rows.flatMap(({ panels }) => panels).flatMap(({ queries }) => queries.map(({ query }) => query));
    const shown = small.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(shown).toEqual(wanted);
    expect(shown.length).toBeGreaterThan(15);
  });

  test('is red from where alerts fire', () => {
    const bad = (monitoring: EnvironmentInput['monitoring']) =>
      panelRows(panelsOf(resolved({ ...SMALLEST, monitoring, backup: { destination: { claim: {} } } })))
        .flatMap(({ panels }) => panels)
        .flatMap((panel) => panel.bad ?? []);
    const thresholds = { errorPercent: 7, latencySeconds: 2, restartsPerHour: 4, backupHours: 50 };
    expect(bad({ metrics: {}, rules: { thresholds } })).toEqual([7, 2, 4, 50 * 3600]);
    expect(bad({ metrics: {} })).toEqual([5, 5, 3, 26 * 3600]);
  });

  test('takes no rate over less than there is between scrapes', () => {
    const { panels } = dashboardOf(monitored({ monitoring: { ...ALL, serviceMonitor: { interval: 90 } } }));
    const shown = panels.filter(({ targets }) => targets);
    expect(shown.length).toBeGreaterThan(10);
    for (const { interval } of shown) expect(interval).toBe('90s');
  });

  test('shows claims and backups where there are any', () => {
    const titles = (input: EnvironmentInput) =>
      panelsOf(resolved({ ...SMALLEST, monitoring: ALL, ...input })).map(({ title }) => title);
    expect(titles({})).not.toContain('Claims');
    expect(titles({ backup: { destination: { claim: {} } } })).toEqual(
      expect.arrayContaining(['Claims', 'Age of the last backup']),
    );
  });
});

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
      '--out',
      '/nonexistent',
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
    expect(stdout).toContain('# quickstart: no metrics are on');
  });

  test('goes with no other way to write nothing', async () => {
    const given = [
      'synth',
      'production',
      '--environments',
      `${ROOT}/environments`,
      '--explain',
      'monitoring',
      '--check',
    ];
    expect(await command(...given)).toMatchObject({
      code: 1,
      stdout: '',
      issues: ['--explain: cannot be combined with --check or --diff (remove them)'],
    });
  });

  test('has rules of the usual thresholds where the environment has none', () => {
    const environment = resolved({ ...SMALLEST, monitoring: { metrics: {} } });
    const [, rules = ''] = explainMonitoring({ name: 'small', environment, warnings: [], sealed: [] } as never);
    expect(rules).toMatch(/^# small: alerts.*With the usual thresholds/);
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
