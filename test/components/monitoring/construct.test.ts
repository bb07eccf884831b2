import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { all, container, objectsOf, one, playing, resolution, SMALLEST, selects } from '../../support/support';

const ALL = { metrics: {}, serviceMonitor: {}, rules: {}, dashboard: {} } as const;

const monitored = (more: EnvironmentInput = {}): Manifest[] => objectsOf({ ...SMALLEST, monitoring: ALL, ...more });

const kind = (objects: readonly Manifest[], wanted: string) => objects.filter((object) => object.kind === wanted);

describe('metrics', () => {
  const objects = monitored();

  test('are off by default: no port, no volume, no object', () => {
    expect(JSON.stringify(objectsOf(SMALLEST, SHORT_PROGRAMS))).not.toMatch(/expose-prometheus|5001|mlflow-metrics/);
  });

  test('are counted in a volume with a size', () => {
    const { command: argv = [] } = container(objects, 'server');
    expect(argv).toContain('--expose-prometheus=/run/mlflow-metrics');
    const { spec } = one(objects, 'Deployment');
    expect(spec?.template.spec?.volumes).toContainEqual({ name: 'metrics', emptyDir: { sizeLimit: '64Mi' } });
  });

  test('are shown by a container that gets the login of the scraper and no other Secret', () => {
    const exporter = container(objects, 'metrics');
    expect(exporter.command?.slice(1)).toEqual([
      ...['-m', 'metrics', '/run/mlflow-metrics', '/run/mlflow-metrics-login', '5001', '5000', '/health'],
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

  test('accept connections of the scraper only, which reaches nothing else', () => {
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
        message: expect.stringContaining('leaves metrics files behind'),
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

  test('take a scrape as long as the time between two', () => {
    const monitoring = { metrics: {}, serviceMonitor: { interval: 10, timeout: 10 } };
    expect(resolution({ ...SMALLEST, monitoring }).issues).toEqual([]);
  });

  test('refuse to select by a label whose value is ours', () => {
    const [monitor] = kind(objects, 'ServiceMonitor');
    const ours = Object.keys(monitor?.metadata.labels ?? {}).map((label) => [label, 'theirs']);
    const { issues } = resolution({ ...SMALLEST, monitoring: { ...ALL, rules: { labels: Object.fromEntries(ours) } } });
    expect(ours).toHaveLength(6);
    expect(issues.map(({ path }) => path.at(-1)).sort()).toEqual(ours.map(([label]) => label).sort());
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
