import { z } from 'zod';
import { annotations, labels, namespaceName } from '../../kubernetes/fields';
import { credentials } from '../shared/sections/credentials';
import { section, wholeNumber } from '../shared/sections/fields';

/** A percentage above 0. */
const percent = () => wholeNumber(1, 100);

/** Metrics of the server. */
export const metrics = section({
  credentials: credentials({
    secret: '`NAME-metrics`',
    passwordNote: 'A new password takes effect within about two minutes, without a restart.',
  })
    .prefault({})
    .describe('Login of the scraper. It gives access to the metrics only and is not a user of MLflow.'),
  scraper: section({
    namespace: namespaceName().default('monitoring').describe('Namespace of the pods of the scraper.'),
    labels: labels()
      .default({ 'app.kubernetes.io/name': 'prometheus' })
      .describe('Labels of the pods of the scraper. `{}` matches all pods of the namespace.'),
  })
    .prefault({})
    .describe('Which pods the network policy allows to scrape.'),
}).describe(
  'Metrics of the server, provided by a small container beside it: `metrics: {}` uses all defaults. The image must ' +
    'contain prometheus-flask-exporter, as the official -full images do.',
);

/** A ServiceMonitor for the Prometheus operator. */
export const serviceMonitor = section({
  labels: labels()
    .default({})
    .describe(
      'Labels by which the operator selects ServiceMonitors. For the kube-prometheus-stack chart: `release: NAME`, ' +
        'with the name of its Helm release.',
    ),
  interval: wholeNumber(5, 120)
    .default(30)
    .describe('Time between two scrapes, in seconds. The alerts need at least two scrapes in five minutes.'),
  timeout: wholeNumber(1, 120).default(10).describe('Timeout of a scrape, in seconds. At most `interval`.'),
}).describe('A ServiceMonitor for the Prometheus operator: `serviceMonitor: {}` uses all defaults.');

/** When alerts fire. */
export const thresholds = section({
  downMinutes: wholeNumber(1, 1440).default(5).describe('Minutes without a response of the server.'),
  errorPercent: percent().default(5).describe('Percentage of requests that fail with a server error (status 5xx).'),
  latencySeconds: z
    .number()
    .min(0.05)
    .max(9)
    .default(5)
    .describe('95th percentile of the request duration, in seconds. The server measures durations from 0.05 to 10.'),
  restartsPerHour: wholeNumber(1, 60).default(3).describe('Restarts of a container within one hour.'),
  claimPercent: percent().default(85).describe('Used space of a volume, in percent.'),
  backupHours: wholeNumber(1, 10_000)
    .default(26)
    .describe(
      'Hours since the last complete backup, if there are backups. It must be longer than the longest time between ' +
        'two backups; otherwise synth prints a warning.',
    ),
  certificateDays: wholeNumber(0, 365)
    .default(7)
    .describe(
      'Days until the certificate of the pods expires, with `service.tls`. An issuer renews it before; with certificates of ' +
        'a few days use less.',
    ),
  verificationHours: wholeNumber(1, 10_000)
    .default(200)
    .describe(
      'Hours since a backup was last verified, with `backup.verification`. It must be longer than the longest time ' +
        'between two verifications; otherwise synth prints a warning.',
    ),
  connectionPercent: percent().default(80).describe('Open connections, in percent of `database.maxConnections`.'),
}).describe('When alerts fire.');

/** A PrometheusRule with alerts. */
export const rules = section({
  labels: labels().default({}).describe('Labels by which the operator selects PrometheusRules.'),
  alertLabels: z
    .record(
      z
        .string()
        .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a Prometheus label name: letters, digits and _')
        .refine(
          (name) => !/^(__.*|severity|alertname)$/.test(name),
          'must not be severity, alertname, or begin with __',
        ),
      z.string(),
    )
    .default({})
    .describe('Labels of every alert besides `severity`, for the routes of Alertmanager.'),
  runbooks: z
    .string()
    .regex(/^[^\s"{}]*[^\s"{}/]$/, 'must be a URL or path that does not end with /')
    .default('docs/alerts')
    .describe(
      'Base URL of the pages in docs/alerts, to which the alerts link: `https://git.example.com/mlflow/docs/alerts`.',
    ),
  thresholds: thresholds.prefault({}),
}).describe(
  'A PrometheusRule with alerts for the Prometheus operator: `rules: {}` uses all defaults. Alerts on series of ' +
    'kube-state-metrics, the kubelet or an exporter of PostgreSQL need these to be scraped.',
);

/** A Grafana dashboard. */
export const dashboard = section({
  labels: labels()
    .default({ grafana_dashboard: '1' })
    .describe("Labels by which Grafana's sidecar selects ConfigMaps."),
  annotations: annotations()
    .default({})
    .describe(
      "Annotations of the ConfigMap, for example `grafana_folder: MLflow` if the sidecar's `folderAnnotation` has that name.",
    ),
}).describe("A Grafana dashboard in a ConfigMap for Grafana's sidecar: `dashboard: {}` uses all defaults.");

/** Metrics, alerts and a dashboard. */
export const monitoring = section({
  metrics: metrics.optional(),
  serviceMonitor: serviceMonitor.optional(),
  rules: rules.optional(),
  dashboard: dashboard.optional(),
}).describe('Metrics, alerts and a dashboard.');
