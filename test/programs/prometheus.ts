import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { Monitoring } from '../../lib/components/monitoring/construct';
import { scrapeConfig } from '../../lib/components/monitoring/scraping';
import { METRICS_FOLDER, METRICS_LOGIN_FOLDER, metricsContainer } from '../../lib/components/monitoring/sidecar';
import { healthPath } from '../../lib/components/server/lifecycle';
import { serviceHost } from '../../lib/components/service/hosts';
import { serviceScheme } from '../../lib/components/service/tls';
import { TLS_PATH } from '../../lib/components/shared/constants';
import { instanceOf } from '../../lib/components/shared/instance';
import { collect } from '../../lib/environment/contributions';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { PrometheusQueries } from '../support/prometheus-queries';
import { request } from './http';
import type { Lab } from './lab';
import { freePort } from './ports';
import { Service, waitForService } from './process';
import type { RenderedServer, ServedCertificate } from './rendered-server';
import { virtualEnvironment } from './tools';

/** The login of the scraper, which no user of MLflow has. */
export const scraper = ['metrics', 'the scraper: p@ss%word é'] as const;

/** Whether this machine has Prometheus (Debian: prometheus). */
export const hasPrometheus = ((): boolean => {
  try {
    execFileSync('prometheus', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();

/** Writes a login as a Secret volume has it. */
export function writeLogin(folder: string, [username, password]: readonly [string, string]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'username'), username);
  writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
}

/** The container beside a server, with what is synthesized for it but for paths and ports. */
export async function startExporter(
  lab: Lab,
  server: RenderedServer,
  tls?: ServedCertificate,
): Promise<{ service: Service; url: string }> {
  const { environment } = server;
  const login = lab.path('metrics-login');
  writeLogin(login, scraper);
  const port = await freePort();
  const [, serverPort = ''] = /:(\d+)$/.exec(server.url) ?? [];
  const places: Readonly<Record<string, string>> = {
    [METRICS_FOLDER]: server.metrics,
    [METRICS_LOGIN_FOLDER]: login,
    [`--tls=${TLS_PATH}`]: `--tls=${tls?.folder}`,
    '5001': `${port}`,
    '5000': serverPort,
  };
  const service = lab.keep(
    new Service(
      (metricsContainer(instanceOf(environment), healthPath(environment), environment.service).command ?? []).map(
        (word) => places[word] ?? word,
      ),
      { PATH: `${virtualEnvironment(environment.release.version)}:${process.env.PATH}` },
    ),
  );
  const url = `${serviceScheme(environment.service)}://127.0.0.1:${port}`;
  const ask = { ca: tls?.ca };
  await waitForService(service, 'the exporter', async () => (await request(`${url}/metrics`, ask)).status === 401);
  return { service, url };
}

/** A pod as Prometheus finds it by Kubernetes' API. */
export interface FoundPod {
  readonly environment: ResolvedEnvironment;
  readonly pod: string;
  readonly url: string;
}

/** A rule as it is synthesized. */
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
}

/** The groups of rules that are synthesized for an environment, with other names, since several stand in one file here. */
function ruleGroups(environment: ResolvedEnvironment) {
  const chart = new Chart(new App({ outdir: '.' }), environment.name);
  new Monitoring(chart, 'monitoring', {
    instance: instanceOf(environment),
    monitoring: environment.monitoring,
    service: environment.service,
    host: serviceHost(environment),
    observed: collect(environment),
  });
  const rule = chart.toJson().find(({ kind }) => kind === 'PrometheusRule') as {
    spec: { groups: { name: string; rules: Rule[] }[] };
  };
  return rule.spec.groups.map(({ name, rules }) => ({
    name: `${environment.name} ${name}`,
    // What would take minutes takes seconds; that the minutes are right, promtool tests.
    rules: rules.map((each) => ({ ...each, for: '2s' })),
  }));
}

/** A real Prometheus with the settings that are synthesized, but for how it finds pods and how long it waits. */
export class Prometheus extends PrometheusQueries {
  private constructor(
    readonly service: Service,
    private readonly url: string,
  ) {
    super();
  }

  static async start(lab: Lab, pods: readonly FoundPod[]): Promise<Prometheus> {
    const folder = lab.path('prometheus');
    mkdirSync(folder);
    const password = join(folder, 'password');
    writeFileSync(password, scraper[1], { mode: 0o600 });
    const jobs = pods.map(({ environment, pod, url }) => {
      const { metrics } = environment.monitoring;
      if (!metrics) throw new Error('no metrics are on');
      const { kubernetes_sd_configs: _, basic_auth: login, ...config } = scrapeConfig(environment, metrics);
      const label = (name: string) => `__meta_kubernetes_pod_label_app_kubernetes_io_${name}`;
      const labels = {
        [label('name')]: 'mlflow',
        [label('instance')]: environment.name,
        [label('component')]: 'server',
        __meta_kubernetes_namespace: environment.namespace.name,
        __meta_kubernetes_pod_name: pod,
        __meta_kubernetes_pod_container_port_name: 'metrics',
        __meta_kubernetes_pod_phase: 'Running',
      };
      const targets = [url.replace('http://', '')];
      return {
        ...config,
        scrape_interval: '1s',
        scrape_timeout: '1s',
        basic_auth: { username: login.username, password_file: password },
        static_configs: [
          { targets, labels },
          { targets: ['127.0.0.1:9'], labels: { ...labels, [label('component')]: 'database' } },
        ],
      };
    });
    writeFileSync(
      join(folder, 'rules.yaml'),
      stringify({ groups: pods.flatMap((pod) => ruleGroups(pod.environment)) }),
    );
    writeFileSync(
      join(folder, 'prometheus.yaml'),
      stringify({ global: { evaluation_interval: '1s' }, rule_files: ['rules.yaml'], scrape_configs: jobs }),
    );
    const port = await freePort();
    const service = lab.keep(
      new Service(
        [
          'prometheus',
          `--config.file=${join(folder, 'prometheus.yaml')}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${port}`,
        ],
        { PATH: process.env.PATH },
      ),
    );
    const prometheus = new Prometheus(service, `http://127.0.0.1:${port}`);
    await waitForService(
      service,
      'Prometheus',
      async () => (await request(`${prometheus.url}/-/ready`)).status === 200,
    );
    return prometheus;
  }

  protected async get(path: string): Promise<string> {
    const { status, text } = await request(this.url + path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return text;
  }
}
