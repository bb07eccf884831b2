import { thresholds } from './section';
import { type MonitoredParts, scheduledJobsOf, seriesOf } from './series';

/** A picture of a dashboard: what is asked, and how it is shown. */
export interface Panel {
  readonly title: string;
  /** What a person should know who looks at it. */
  readonly description?: string;
  /** One number now, or lines over time. */
  readonly kind: 'number' | 'lines' | 'stacked';
  /** Grafana's word for the unit. */
  readonly unit: string;
  readonly queries: readonly { readonly query: string; readonly legend: string }[];
  /** The number from which on it is bad. */
  readonly bad?: number;
  /** The number below which it is bad. */
  readonly badBelow?: number;
}

/** Panels that belong together. */
export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The time that Grafana takes a rate over, for the resolution that is looked at. */
const OVER = '[$__rate_interval]';

/** Everything that the dashboard of an instance shows. */
export function panelRows(parts: MonitoredParts): PanelRow[] {
  return [overview(parts), requests(parts), pods(parts), stores(parts)];
}

function overview({ environment, jobs = scheduledJobsOf(environment) }: MonitoredParts): PanelRow {
  const { own, ofPods, lastSuccess } = seriesOf(environment);
  // Red from where an alert fires, or would.
  const limits = environment.monitoring.rules?.thresholds ?? thresholds.parse({});
  const number = (title: string, unit: string, query: string, more: Partial<Panel> = {}): Panel => ({
    title,
    unit,
    kind: 'number',
    queries: [{ query, legend: '' }],
    ...more,
  });
  const total = own('mlflow_http_request_total');
  const failed = own('mlflow_http_request_total', { status: { matches: '5..' } });
  const buckets = own('mlflow_http_request_duration_seconds_bucket');
  return {
    title: 'Now',
    panels: [
      number('Pods that answer', 'none', `sum(${own('mlflow_server_up')}) or vector(0)`, { badBelow: 1 }),
      number('Requests', 'reqps', `sum(rate(${total}${OVER}))`),
      number(
        'Failed requests',
        'percent',
        `100 * (sum(rate(${failed}${OVER})) or vector(0)) / sum(rate(${total}${OVER}))`,
        {
          bad: limits.errorPercent,
        },
      ),
      number('Slowest of twenty requests', 's', `histogram_quantile(0.95, sum by (le) (rate(${buckets}${OVER})))`, {
        bad: limits.latencySeconds,
      }),
      number(
        'Restarts within a day',
        'none',
        `sum(round(increase(${ofPods('kube_pod_container_status_restarts_total')}[1d])))`,
        { bad: limits.restartsPerHour },
      ),
      ...(jobs.backup
        ? [
            number('Age of the last backup', 's', `time() - ${lastSuccess(jobs.backup)}`, {
              description: 'Of the CronJob, while it never made one.',
              bad: limits.backupHours * 3600,
            }),
          ]
        : []),
    ],
  };
}

function requests({ environment }: MonitoredParts): PanelRow {
  const { own } = seriesOf(environment);
  const total = own('mlflow_http_request_total');
  const buckets = own('mlflow_http_request_duration_seconds_bucket');
  const quantile = (part: number) => ({
    query: `histogram_quantile(${part}, sum by (le) (rate(${buckets}${OVER})))`,
    legend: `${part * 100} %`,
  });
  const rateBy = (label: string, more = {}) => ({
    query: `sum by (${label}) (rate(${own('mlflow_http_request_total', more)}${OVER}))`,
    legend: `{{${label}}}`,
  });
  const [sum, count] = ['sum', 'count'].map((each) => own(`mlflow_http_request_duration_seconds_${each}`));
  return {
    title: 'Requests',
    panels: [
      { title: 'By status', kind: 'stacked', unit: 'reqps', queries: [rateBy('status')] },
      {
        title: 'By method',
        description:
          'MLflow does not count by route. Searches are POST too; artifacts are PUT and GET, where Flask serves them.',
        kind: 'stacked',
        unit: 'reqps',
        queries: [rateBy('method')],
      },
      {
        title: 'Errors',
        description: '4xx: the client is refused (401 is a missing or wrong login). 5xx: the server fails.',
        kind: 'lines',
        unit: 'reqps',
        queries: [rateBy('status', { status: { matches: '[45]..' } })],
      },
      { title: 'Duration', kind: 'lines', unit: 's', queries: [quantile(0.5), quantile(0.95), quantile(0.99)] },
      {
        title: 'Mean duration by method',
        kind: 'lines',
        unit: 's',
        queries: [
          {
            query: `sum by (method) (rate(${sum}${OVER})) / sum by (method) (rate(${count}${OVER}))`,
            legend: '{{method}}',
          },
        ],
      },
      {
        title: 'By pod',
        kind: 'stacked',
        unit: 'reqps',
        queries: [{ query: `sum by (pod) (rate(${total}${OVER}))`, legend: '{{pod}}' }],
      },
    ],
  };
}

function pods({ environment }: MonitoredParts): PanelRow {
  const { own, ofServer, ofPods } = seriesOf(environment);
  const limit = (resource: string) => ({
    query: `max(${ofServer('kube_pod_container_resource_limits', { resource })})`,
    legend: 'limit',
  });
  const each = (query: string, labels = 'pod') => ({
    query,
    legend: labels
      .split(',')
      .map((label) => `{{${label}}}`)
      .join(' '),
  });
  return {
    title: 'Pods',
    panels: [
      {
        title: 'CPU',
        kind: 'lines',
        unit: 'none',
        queries: [each(`sum by (pod) (rate(${ofServer('container_cpu_usage_seconds_total')}${OVER}))`), limit('cpu')],
      },
      {
        title: 'Memory',
        kind: 'lines',
        unit: 'bytes',
        queries: [each(`max by (pod) (${ofServer('container_memory_working_set_bytes')})`), limit('memory')],
      },
      {
        title: 'Server answers',
        kind: 'lines',
        unit: 'none',
        queries: [each(`min by (pod) (${own('mlflow_server_up')})`)],
      },
      {
        title: 'Server processes',
        description: `Processes that have run since the container started. More than ${environment.server.workers} a pod: some ended and were replaced.`,
        kind: 'lines',
        unit: 'none',
        queries: [each(`max by (pod) (${own('mlflow_server_processes')})`)],
      },
      {
        title: 'Restarts',
        kind: 'lines',
        unit: 'none',
        queries: [
          each(`sum by (pod, container) (${ofPods('kube_pod_container_status_restarts_total')})`, 'pod,container'),
        ],
      },
    ],
  };
}

function stores({ environment, claims }: MonitoredParts): PanelRow {
  const { usedPercent, connections } = seriesOf(environment);
  const used: Panel = {
    title: 'Claims',
    kind: 'lines',
    unit: 'percent',
    queries: [
      {
        query: usedPercent(claims),
        legend: '{{persistentvolumeclaim}}',
      },
    ],
  };
  return {
    title: 'Stores',
    panels: [
      ...(claims.length > 0 ? [used] : []),
      {
        title: 'Connections to PostgreSQL',
        description: 'Needs postgres_exporter beside PostgreSQL.',
        kind: 'lines',
        unit: 'none',
        queries: [
          { query: `sum by (datname) (${connections})`, legend: '{{datname}}' },
          { query: `vector(${environment.database.maxConnections})`, legend: 'limit' },
        ],
      },
    ],
  };
}
