import { type Owner, serviceHost } from '../service/hosts';
import { type Served, serviceScheme } from '../service/tls';
import type { ObjectSource } from '../shared/contributions/references';
import type { FileSource } from '../shared/mounted-files';
import type { Metrics, Monitoring } from './resolve';

/** Where the metrics are exported. */
export const METRICS_PATH = '/metrics';

/** The scraper's user name if it is generated. */
export const GENERATED_USERNAME = 'metrics';

/** Interval and timeout of a scrape, in seconds, unless a ServiceMonitor sets them. */
const USUAL = { interval: 30, timeout: 10 };

/** A step that changes or drops series, as Prometheus writes it. */
export interface Relabeling {
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: 'keep' | 'drop' | 'labeldrop';
}

/**
 * What is dropped: a series that only contains the exporter's version, and 4 of the 15 histogram buckets, those
 * below 0.1 that add almost no information.
 */
export const METRIC_RELABELINGS: readonly Relabeling[] = [
  { source_labels: ['__name__'], regex: 'mlflow_exporter_info', action: 'drop' },
  {
    source_labels: ['__name__', 'le'],
    regex: 'mlflow_http_request_duration_seconds_bucket;(0\\.005|0\\.01|0\\.025|0\\.075)',
    action: 'drop',
  },
];

/** Interval and timeout of a scrape. */
export const scrapeTimes = ({ monitoring }: Pick<ScrapedSections, 'monitoring'>): typeof USUAL => ({
  ...USUAL,
  ...monitoring.serviceMonitor,
});

/** The sections that a scrape job follows from. */
export interface ScrapedSections extends Owner {
  readonly monitoring: Pick<Monitoring, 'serviceMonitor'>;
  readonly service: Served;
}

/** The path of a mounted file: where the operator would mount it. Users adapt it. */
const mountedFile = ({ secret, configMap }: ObjectSource, key: string): string =>
  `/etc/prometheus/${secret ? `secrets/${secret}` : `configmaps/${configMap}`}/${key}`;

/** How a scraper, which requests pods by their addresses, verifies the certificate. */
const tlsConfig = (ca: FileSource, server_name: string) => ({ ca_file: mountedFile(ca, ca.key), server_name });

/**
 * A job for a Prometheus without the operator: the pods of the instance by their labels, each by its own address.
 * Series get the same labels as by the operator, so that alerts and dashboard work with both.
 */
export function scrapeConfig(environment: ScrapedSections, metrics: Metrics) {
  const { name, namespace, service } = environment;
  const { interval, timeout } = scrapeTimes(environment);
  const { secret, passwordKey } = metrics.credentials;
  const pod = (label: string) => `__meta_kubernetes_pod_${label}`;
  const labels = { name: 'mlflow', instance: name, component: 'server' };
  const keep = (source: string, regex: string): Relabeling => ({ source_labels: [source], regex, action: 'keep' });
  const copy = (source: string, target: string): Relabeling => ({ source_labels: [source], target_label: target });
  return {
    job_name: `${namespace.name}/${name}`,
    metrics_path: METRICS_PATH,
    ...(service.tls
      ? { scheme: serviceScheme(service), tls_config: tlsConfig(service.tls.ca, serviceHost(environment)) }
      : {}),
    scrape_interval: `${interval}s`,
    scrape_timeout: `${timeout}s`,
    basic_auth: {
      username: GENERATED_USERNAME,
      password_file: mountedFile({ secret }, passwordKey),
    },
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace.name] } }],
    relabel_configs: [
      ...Object.entries(labels).map(([key, value]) => keep(pod(`label_app_kubernetes_io_${key}`), value)),
      keep(pod('container_port_name'), 'metrics'),
      keep(pod('phase'), 'Pending|Running'),
      copy('__meta_kubernetes_namespace', 'namespace'),
      copy(pod('name'), 'pod'),
      { target_label: 'job', replacement: name },
    ] satisfies readonly Relabeling[],
    metric_relabel_configs: METRIC_RELABELINGS,
  };
}
