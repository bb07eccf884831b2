import { thresholdsOf, type WithRules } from '../monitoring/thresholds';
import { type Alert, numberPanel, type PlacedPanel, RATE_INTERVAL } from '../shared/contributions/observability';
import type { Series } from '../shared/contributions/series';

/** The resolved sections that the contributions of this component follow from. */
export interface Sections extends WithRules {
  readonly name: string;
  readonly server: { readonly replicas?: number; readonly workers: number };
}

const SERVER_ERROR = { status: { matches: '5..' } };
const REQUESTS = 'mlflow_http_request_total';
const DURATION = 'mlflow_http_request_duration_seconds';
const RESTARTS = 'kube_pod_container_status_restarts_total';

/** The server is down, fails, is slow or restarts. */
export function serverAlerts(resolved: Sections, { own, ofPods }: Series): Alert[] {
  const { name, server } = resolved;
  const thresholds = thresholdsOf(resolved);
  const requests = (more = {}) => `sum(rate(${own(REQUESTS, more)}[5m]))`;
  const group = 'mlflow-server';
  const down: Alert = {
    name: 'MlflowDown',
    group,
    severity: 'critical',
    query: `(sum(${own('mlflow_server_up')}) or vector(0)) == 0`,
    minutes: thresholds.downMinutes,
    summary: `MLflow ${name} is down`,
    description: 'No server pod responds, or none can be scraped. Requests of clients fail.',
  };
  return [
    // With replicas: 0 no pod is expected.
    ...(server.replicas === 0 ? [] : [down]),
    {
      name: 'MlflowPodDown',
      group,
      severity: 'warning',
      query: `min by (pod) (${own('mlflow_server_up')}) == 0 or min by (pod) (${own('up')}) == 0`,
      minutes: 10,
      summary: `pod {{ $labels.pod }} of MLflow ${name} does not respond`,
      description:
        'The server in the pod does not respond, or its metrics cannot be scraped. Other pods may still serve requests.',
    },
    {
      name: 'MlflowErrors',
      group,
      severity: 'warning',
      query: `100 * ${requests(SERVER_ERROR)} / ${requests()} > ${thresholds.errorPercent}`,
      minutes: 5,
      summary: `{{ $value | printf "%.1f" }} % of the requests to MLflow ${name} fail`,
      description: `More than ${thresholds.errorPercent} % of the requests in the last five minutes failed with a 5xx status.`,
    },
    {
      name: 'MlflowSlow',
      group,
      severity: 'warning',
      query: `histogram_quantile(0.95, sum by (le) (rate(${own(`${DURATION}_bucket`)}[5m]))) > ${thresholds.latencySeconds}`,
      minutes: 10,
      summary: `MLflow ${name} is slow: the 95th percentile of the request duration is {{ $value | printf "%.1f" }} s`,
      description: `More than 5 % of the requests take longer than ${thresholds.latencySeconds} s.`,
    },
    {
      name: 'MlflowRestarts',
      group,
      severity: 'warning',
      query: `sum by (pod, container) (round(increase(${ofPods(RESTARTS)}[1h]))) >= ${thresholds.restartsPerHour}`,
      minutes: 0,
      summary: `container {{ $labels.container }} of pod {{ $labels.pod }} restarted {{ $value }} times in one hour`,
      description: 'Common causes are too little memory, an error at startup and a failing liveness probe.',
    },
  ];
}

/** Load, errors, duration and pods of the server. */
export const serverPanels = (resolved: Sections, series: Series): PlacedPanel[] => [
  ...overview(resolved, series),
  ...requests(series),
  ...pods(resolved, series),
];

function overview(resolved: Sections, { own, ofPods }: Series): PlacedPanel[] {
  // Red from the threshold of the alert.
  const thresholds = thresholdsOf(resolved);
  const rate = (series: string) => `sum(rate(${series}${RATE_INTERVAL}))`;
  return [
    numberPanel('Healthy pods', 'none', `sum(${own('mlflow_server_up')}) or vector(0)`, { badBelow: 1 }),
    numberPanel('Requests', 'reqps', rate(own(REQUESTS))),
    numberPanel(
      'Failed requests',
      'percent',
      `100 * (${rate(own(REQUESTS, SERVER_ERROR))} or vector(0)) / ${rate(own(REQUESTS))}`,
      { bad: thresholds.errorPercent },
    ),
    numberPanel('Request duration (p95)', 's', quantile(own, 0.95), { bad: thresholds.latencySeconds }),
    numberPanel('Restarts in 24 hours', 'none', `sum(round(increase(${ofPods(RESTARTS)}[1d])))`, {
      bad: thresholds.restartsPerHour,
    }),
  ];
}

const quantile = (own: Series['own'], part: number) =>
  `histogram_quantile(${part}, sum by (le) (rate(${own(`${DURATION}_bucket`)}${RATE_INTERVAL})))`;

function requests({ own }: Series): PlacedPanel[] {
  const row = 'requests';
  const rateBy = (label: string, more = {}) => ({
    query: `sum by (${label}) (rate(${own(REQUESTS, more)}${RATE_INTERVAL}))`,
    legend: `{{${label}}}`,
  });
  const duration = (part: number) => ({ query: quantile(own, part), legend: `p${part * 100}` });
  const total = (of: 'sum' | 'count') => `sum by (method) (rate(${own(`${DURATION}_${of}`)}${RATE_INTERVAL}))`;
  return [
    { row, title: 'By status', kind: 'stacked', unit: 'reqps', queries: [rateBy('status')] },
    {
      row,
      title: 'By method',
      description:
        'MLflow has no metrics by route. Searches are POST requests too; artifacts are PUT and GET, if Flask serves them.',
      kind: 'stacked',
      unit: 'reqps',
      queries: [rateBy('method')],
    },
    {
      row,
      title: 'Errors',
      description: '4xx: the request was refused (401: missing or wrong login). 5xx: the server failed.',
      kind: 'lines',
      unit: 'reqps',
      queries: [rateBy('status', { status: { matches: '[45]..' } })],
    },
    {
      row,
      title: 'Request duration',
      kind: 'lines',
      unit: 's',
      queries: [duration(0.5), duration(0.95), duration(0.99)],
    },
    {
      row,
      title: 'Mean duration by method',
      kind: 'lines',
      unit: 's',
      queries: [{ query: `${total('sum')} / ${total('count')}`, legend: '{{method}}' }],
    },
    { row, title: 'By pod', kind: 'stacked', unit: 'reqps', queries: [rateBy('pod')] },
  ];
}

function pods({ server }: Sections, { own, ofServer, ofPods }: Series): PlacedPanel[] {
  const row = 'pods';
  const limit = (resource: string) => ({
    query: `max(${ofServer('kube_pod_container_resource_limits', { resource })})`,
    legend: 'limit',
  });
  const byPod = (query: string) => ({ query, legend: '{{pod}}' });
  return [
    {
      row,
      title: 'CPU',
      kind: 'lines',
      unit: 'none',
      queries: [
        byPod(`sum by (pod) (rate(${ofServer('container_cpu_usage_seconds_total')}${RATE_INTERVAL}))`),
        limit('cpu'),
      ],
    },
    {
      row,
      title: 'Memory',
      kind: 'lines',
      unit: 'bytes',
      queries: [byPod(`max by (pod) (${ofServer('container_memory_working_set_bytes')})`), limit('memory')],
    },
    {
      row,
      title: 'Server up',
      kind: 'lines',
      unit: 'none',
      queries: [byPod(`min by (pod) (${own('mlflow_server_up')})`)],
    },
    {
      row,
      title: 'Server processes',
      description: `Server processes since the container started. More than ${server.workers} per pod: some terminated and were replaced.`,
      kind: 'lines',
      unit: 'none',
      queries: [byPod(`max by (pod) (${own('mlflow_server_processes')})`)],
    },
    {
      row,
      title: 'Restarts',
      kind: 'lines',
      unit: 'none',
      queries: [{ query: `sum by (pod, container) (${ofPods(RESTARTS)})`, legend: '{{pod}} {{container}}' }],
    },
  ];
}
