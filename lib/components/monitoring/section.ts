import { z } from 'zod';
import {
  annotations,
  dataKey,
  labels,
  namespaceName,
  objectName,
  section,
  wholeNumber,
} from '../shared/sections/fields';

/** Labels by which an operator or a sidecar tells which objects are meant for it. */
const selecting = () => labels();

/** A part of a whole: more than nothing, and at most all of it. */
const percent = () => wholeNumber(1, 100);

export const metrics = section({
  /** The scraper's login, which opens the metrics and nothing else: no user of MLflow has it. */
  credentials: section({
    /** Secret in the namespace. Without it: the instance's name and `-metrics`. */
    secret: objectName().optional(),
    /** Its key with the user name. */
    usernameKey: dataKey().default('username'),
    /** Its key with the password. A changed value holds within some two minutes, without a restart. */
    passwordKey: dataKey().default('password'),
  }).prefault({}),
  /** Who scrapes: the network policy lets these pods in. */
  scraper: section({
    /** Namespace of the scraper's pods. */
    namespace: namespaceName().default('monitoring'),
    /** Labels of the scraper's pods; `{}` for all pods of the namespace. */
    labels: labels().default({ 'app.kubernetes.io/name': 'prometheus' }),
  }).prefault({}),
});

export const serviceMonitor = section({
  /** Labels that the operator selects ServiceMonitors by. `release: NAME` for the chart kube-prometheus-stack, with the name of its release. */
  labels: selecting().default({}),
  /** Seconds between two scrapes. Alerts look at five minutes, so at most 120. */
  interval: wholeNumber(5, 120).default(30),
  /** Seconds that a scrape may take, at most `interval`. */
  timeout: wholeNumber(1, 120).default(10),
});

export const thresholds = section({
  /** Minutes without any answer of the server. */
  downMinutes: wholeNumber(1, 1440).default(5),
  /** Requests that end with an error of the server (status 5xx), of all, in percent. */
  errorPercent: percent().default(5),
  /** Seconds that one of twenty requests takes at least (95th percentile). The server measures up to 10, and nothing below 0.05 is kept. */
  latencySeconds: z.number().min(0.05).max(9).default(5),
  /** Restarts of a container within an hour. */
  restartsPerHour: wholeNumber(1, 60).default(3),
  /** Use of a claim in percent. */
  claimPercent: percent().default(85),
  /** Hours since the last backup that was completed, where there are backups: somewhat more than lies between two (synth warns where `backup.schedule` is sparser). */
  backupHours: wholeNumber(1, 10_000).default(26),
  /** Open connections of `database.maxConnections` in percent. */
  connectionPercent: percent().default(80),
});

export const rules = section({
  /** Labels that the operator selects PrometheusRules by. */
  labels: selecting().default({}),
  /** Labels of every alert beside `severity`, for routes of Alertmanager. */
  alertLabels: z
    .record(
      z
        .string()
        .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a label of Prometheus: letters, digits and _')
        .refine(
          (name) => !/^(__.*|severity|alertname)$/.test(name),
          'must not be severity, alertname, or begin with __',
        ),
      z.string(),
    )
    .default({}),
  /** Where the pages of docs/alerts are, for the link of each alert: a URL without its end, such as `https://git.example.com/mlflow/docs/alerts`. */
  runbooks: z
    .string()
    .regex(/^[^\s"{}]*[^\s"{}/]$/, 'must be a URL or path that does not end with /')
    .default('docs/alerts'),
  /** When alerts fire. */
  thresholds: thresholds.prefault({}),
});

export const dashboard = section({
  /** Labels that Grafana's sidecar selects ConfigMaps by. */
  labels: selecting().default({ grafana_dashboard: '1' }),
  /** Annotations, such as `grafana_folder: MLflow` for the folder (where the sidecar's `folderAnnotation` is set so). */
  annotations: annotations().default({}),
});

export const monitoring = section({
  /** Lets the server count its requests, and a small container beside it show the counts to a scraper: `metrics: {}` takes all defaults. The image must hold prometheus-flask-exporter, as the official -full ones do. */
  metrics: metrics.optional(),
  /** A ServiceMonitor for the Prometheus operator: `serviceMonitor: {}` takes all defaults. */
  serviceMonitor: serviceMonitor.optional(),
  /** A PrometheusRule with alerts for the Prometheus operator: `rules: {}` takes all defaults. What needs series of others (kube-state-metrics, the kubelet, an exporter of PostgreSQL) stays silent without them. */
  rules: rules.optional(),
  /** A Grafana dashboard in a ConfigMap, as Grafana's sidecar finds it: `dashboard: {}` takes all defaults. */
  dashboard: dashboard.optional(),
});
