import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { PrometheusQueries } from '../support/prometheus-queries';
import { applyObjects, IMAGE, IMAGES, kubectl, LAB, lab, NODE, namespace, secret, TEST_HOME, until } from './lab';

/** The namespace that the scraper is in, and what is in the cluster beside it. */
export const MONITORING = 'monitoring';
const ROLE = 'mlflow-test-prometheus';

/** Where `test/e2e/monitoring-tools` puts programs. */
const PROGRAMS = join(TEST_HOME, 'bin');

/** A rule as it is synthesized. */
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
}

interface Settings {
  /** The folder that is applied, for its rules. */
  readonly dist: string;
  /** What `synth --explain monitoring` prints. */
  readonly explained: string;
  /** The login of Secret `mlflow-metrics`. */
  readonly password: string;
  /** An hour is long in a test: rules compare with so many seconds in its place. */
  readonly hour: number;
}

/** The objects of a kind in a folder of manifests that have to do with monitoring. */
function monitoringObjects<T>(dist: string, kind: string): T[] {
  const text = readFileSync(join(dist, 'monitoring.k8s.yaml'), 'utf8');
  return text.split(/^---$/m).flatMap((each) => {
    const found = parse(each) as { kind: string } | null;
    return found?.kind === kind ? [found as T] : [];
  });
}

/** The alerts of a folder of manifests; conditions hold for seconds in place of minutes, which `promtool` tests. */
export function rulesOf(dist: string, hour: number): Rule[] {
  const found = monitoringObjects<{ spec: { groups: { rules: Rule[] }[] } }>(dist, 'PrometheusRule');
  const rules = found.flatMap(({ spec }) => spec.groups).flatMap((group) => group.rules);
  return rules.map((rule) => ({
    ...rule,
    expr: /TooOld$/.test(rule.alert) ? rule.expr.replace('> 3600', `> ${hour}`) : rule.expr,
    ...(rule.for ? { for: '2s' } : {}),
  }));
}

/** Everything that the dashboard of a folder of manifests asks. */
export function dashboardQueries(dist: string): string[] {
  interface Panel {
    readonly targets?: readonly { readonly expr: string }[];
    readonly panels?: readonly Panel[];
  }
  const maps = monitoringObjects<{ data: Record<string, string> }>(dist, 'ConfigMap');
  const panels = maps
    .flatMap(({ data }) => Object.values(data))
    .flatMap((text) => (JSON.parse(text) as { panels: Panel[] }).panels);
  return panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

/** A job for series of others, whose labels say what each is about. */
const job = (name: string, address: string, more: object = {}) => ({
  job_name: name,
  honor_labels: true,
  static_configs: [{ targets: [address] }],
  ...more,
});

/** The kubelet's pages, for those with leave to see them. */
const kubelet = (name: string, path: string) =>
  job(name, `${NODE}:10250`, {
    scheme: 'https',
    metrics_path: path,
    authorization: { credentials_file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    tls_config: { insecure_skip_verify: true },
  });

/** Where cAdvisor asks containerd for names, whatever the kubelet is told. */
const CONTAINERD = '/run/containerd/containerd.sock';

/** The lab's own. */
const LAB_CONTAINERD = join(IMAGES, '..', 'k8s', 'run', 'containerd', 'containerd.sock');

/** The lab's containerd is elsewhere: cAdvisor would know pods and no containers. It looks once, when the kubelet starts. */
export async function letCadvisorKnowContainers(): Promise<void> {
  if (lstatSync(CONTAINERD, { throwIfNoEntry: false }) && !isOurs()) return;
  forgetContainers();
  mkdirSync(dirname(CONTAINERD), { recursive: true });
  symlinkSync(LAB_CONTAINERD, CONTAINERD);
  await lab('down', [], { seconds: 120 });
  await lab('up', [], { seconds: 180 });
}

/** Takes the way to containerd back, also one that a run left which was killed. */
export function forgetContainers(): void {
  if (isOurs()) rmSync(CONTAINERD);
}

function isOurs(): boolean {
  const found = lstatSync(CONTAINERD, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true && readlinkSync(CONTAINERD) === LAB_CONTAINERD;
}

/**
 * A real Prometheus in a pod that the environment's network policy lets in, with the job that is synthesized (every five
 * seconds), and kube-state-metrics, the kubelet, cAdvisor and postgres_exporter beside it.
 */
export class ClusterPrometheus extends PrometheusQueries {
  private readonly beside: ChildProcess[] = [];
  private address = '';

  /** Starts all of it. `database`: the address and login of PostgreSQL. */
  async start(
    { dist, explained, password, hour }: Settings,
    database: Readonly<Record<string, string>>,
  ): Promise<void> {
    const [jobs] = parseAllDocuments(explained).map((each) => each.toJS() as { scrape_configs: object[] });
    const synthesized = jobs?.scrape_configs ?? [];
    const configuration = {
      global: { scrape_interval: '5s', scrape_timeout: '5s', evaluation_interval: '2s' },
      rule_files: ['rules.yaml'],
      scrape_configs: [
        ...synthesized.map((each) => ({ ...each, scrape_interval: '5s', scrape_timeout: '5s' })),
        job('kube-state-metrics', `${NODE}:18080`),
        job('postgres', `${NODE}:19187`),
        kubelet('kubelet', '/metrics'),
        kubelet('cadvisor', '/metrics/cadvisor'),
      ],
    };
    const files = {
      'prometheus.yaml': stringify(configuration),
      'rules.yaml': stringify({ groups: [{ name: 'synthesized', rules: rulesOf(dist, hour) }] }),
    };
    await applyObjects([
      namespace(MONITORING),
      ...leave(),
      secret(MONITORING, 'mlflow-metrics', { password }),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prometheus', namespace: MONITORING }, data: files },
      pod(),
    ]);
    const state = ['--host', NODE, '--port=18080', '--telemetry-host', NODE, '--telemetry-port=18081'];
    const start = `exec "${join(PROGRAMS, 'kube-state-metrics')}" --kubeconfig "$KUBECONFIG" "$@"`;
    this.run(['sh', '-c', start, 'sh', ...state]);
    this.run(['prometheus-postgres-exporter', `--web.listen-address=${NODE}:19187`], database);
    await kubectl(['-n', MONITORING, 'wait', '--for=condition=Ready', 'pod/prometheus', '--timeout=120s']);
    this.address = await kubectl(['-n', MONITORING, 'get', 'pod', 'prometheus', '-o', 'jsonpath={.status.podIP}']);
    await until('everything is scraped', 90, async () => {
      const targets = await this.targets();
      return targets.length >= 5 && targets.every(({ error }) => error === '');
    }).catch(async (error) => {
      throw new Error(`${error}: ${JSON.stringify(await this.targets())}`);
    });
  }

  /** Ends what was started beside the pods. */
  async stop(): Promise<void> {
    for (const each of this.beside.splice(0)) each.kill();
    await kubectl(['delete', 'clusterrole,clusterrolebinding', ROLE, '--ignore-not-found']);
  }

  /** A request to a page by the scraper's own pod: its status. */
  async statusFromScraper(url: string, password?: string): Promise<number> {
    const code = [
      'import base64, os, sys, urllib.error, urllib.request',
      'given = sys.stdin.read()',
      "headers = {'Authorization': 'Basic ' + base64.b64encode(f'metrics:{given}'.encode()).decode()} if given else {}",
      'try: print(urllib.request.urlopen(urllib.request.Request(sys.argv[1], headers=headers), timeout=10).status)',
      'except urllib.error.HTTPError as error: print(error.code)',
    ].join('\n');
    const argv = ['-n', MONITORING, 'exec', '-i', 'prometheus', '--', 'python', '-c', code, url];
    return Number(await kubectl(argv, { input: password ?? '' }));
  }

  protected get(path: string): Promise<string> {
    return lab('exec', [
      'curl',
      '--silent',
      '--show-error',
      '--globoff',
      '--fail',
      `http://${this.address}:9090${path}`,
    ]);
  }

  private run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): void {
    const child = spawn(join(LAB, 'cluster', 'exec'), argv, { stdio: 'ignore', env: { ...process.env, ...env } });
    this.beside.push(child);
  }
}

/** What docs/watch.md says that it needs (pods in the namespace), and leave to see the kubelet's pages. */
function leave(): object[] {
  const role = { apiGroup: 'rbac.authorization.k8s.io', name: ROLE };
  const subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: MONITORING }];
  const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const inNamespace = { name: ROLE, namespace: 'mlflow' };
  return [
    {
      ...api,
      kind: 'Role',
      metadata: inNamespace,
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    },
    { ...api, kind: 'RoleBinding', metadata: inNamespace, roleRef: { ...role, kind: 'Role' }, subjects },
    {
      ...api,
      kind: 'ClusterRole',
      metadata: { name: ROLE },
      rules: [{ apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }],
    },
    {
      ...api,
      kind: 'ClusterRoleBinding',
      metadata: { name: ROLE },
      roleRef: { ...role, kind: 'ClusterRole' },
      subjects,
    },
  ];
}

/** The program of the node in an image of the same Debian. */
function pod(): object {
  const volume = (name: string, mountPath: string, source: object) => ({ name, mountPath, source });
  const volumes = [
    volume('program', '/opt/prometheus', { hostPath: { path: join(PROGRAMS, 'prometheus'), type: 'File' } }),
    volume('configuration', '/etc/prometheus', { configMap: { name: 'prometheus' } }),
    volume('login', '/etc/prometheus/secrets/mlflow-metrics', { secret: { secretName: 'mlflow-metrics' } }),
    volume('data', '/data', { emptyDir: {} }),
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'prometheus', namespace: MONITORING, labels: { 'app.kubernetes.io/name': 'prometheus' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'prometheus',
          image: IMAGE['3.18.0'],
          command: ['/opt/prometheus', '--config.file=/etc/prometheus/prometheus.yaml', '--storage.tsdb.path=/data'],
          readinessProbe: { httpGet: { path: '/-/ready', port: 9090 }, periodSeconds: 2 },
          volumeMounts: volumes.map(({ name, mountPath }) => ({ name, mountPath })),
        },
      ],
      volumes: volumes.map(({ name, source }) => ({ name, ...source })),
    },
  };
}
