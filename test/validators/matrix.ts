import type { EnvironmentInput } from '../../lib/environment/model';
import { MONITORING } from '../support/fixtures';
import { DIGEST } from './base';
import { AZURE } from './matrix-azure';
import { CLOUDS } from './matrix-clouds';
import { CONNECTIONS } from './matrix-connections';
import { EDGE_ROWS } from './matrix-edges';
import { LOGINS } from './matrix-logins';
import { MIXTURES } from './matrix-mixtures';
import { SECRETS } from './matrix-secrets';
import { STORES } from './matrix-stores';

/**
 * What is validated: a row for each value that changes what is rendered. A row is laid over `BASE`, where the validators have
 * little to say, so that an objection is mostly the row's own. A test says when a key of the environment file stands
 * nowhere here. To add one, add a row; `combinations.ts` does the rest.
 */

const release = (tag: string): EnvironmentInput => ({ image: { tag } });
const PINNED = `registry.example.com/tools@${DIGEST}`;
const ONE: EnvironmentInput = { server: { replicas: 1 } };

/** Rows by what is special about them, which is also their folder and namespace. */
export const ROWS: Readonly<Record<string, EnvironmentInput>> = {
  // Releases: each first of its kind.
  'release-3-1-0': { ...release('3.1.0-4'), server: { options: { 'gunicorn-opts': '--max-requests=1000' } } },
  'release-3-2': { ...release('3.2.0'), server: { workers: 3, threads: 16 } },
  'release-3-7': release('3.7.0'),
  'release-3-11-1': release('3.11.1'),
  'release-3-18-0': release('v3.18.0-full'),
  'release-said-apart': { image: { tag: 'stable' }, mlflowVersion: '3.14.0' },

  // Image and namespace.
  'pull-always': { image: { pullPolicy: 'Always' } },
  'pull-with-several-logins': { image: { pullSecrets: ['registry-credentials', 'mirror-credentials'] } },
  'images-of-a-mirror': {
    image: { registry: 'registry.example.com/mirror', pullSecret: 'registry-credentials' },
    database: { host: undefined, embedded: { image: { digest: DIGEST } } },
    artifacts: { s3: undefined, embedded: { image: { digest: DIGEST } } },
    backup: { destination: { claim: {} } },
  },
  'pull-never': { image: { pullPolicy: 'Never', pullSecret: 'registry-credentials' } },
  'namespace-of-others': { namespace: { create: false } },
  'name-of-its-own': { name: 'experiments', namespace: { podSecurity: 'restricted' } },

  ...EDGE_ROWS,

  // The server.
  'no-replicas': { server: { replicas: 0 } },
  autoscaled: {
    server: {
      replicas: undefined,
      autoscaling: {
        minReplicas: 3,
        maxReplicas: 6,
        cpuUtilization: 70,
        memoryUtilization: 75,
        scaleDownStabilizationSeconds: 60,
      },
    },
    database: { maxConnections: 400 },
  },
  'large-server': {
    server: {
      resources: {
        requests: { cpu: 2, memory: '16Gi', 'ephemeral-storage': '20Gi' },
        limits: { cpu: '8', memory: '16Gi', 'ephemeral-storage': '20Gi' },
      },
      temporaryStorage: '10Gi',
      rollout: 'RollingUpdate',
    },
    database: { maxConnections: 2000 },
  },
  'logs-everything': { server: { logLevel: 'DEBUG', accessLog: true } },
  'static-prefix': { server: { staticPrefix: '/mlflow' } },
  'static-prefix-3-2': { ...release('3.2.0'), server: { staticPrefix: '/tools/mlflow' } },
  options: {
    server: {
      allowedHosts: ['mlflow.example.com'],
      corsAllowedOrigins: ['https://mlflow.example.com'],
      options: { 'secrets-cache-ttl': 120, 'x-frame-options': 'DENY' },
    },
  },
  variables: {
    server: {
      env: { TZ: 'Europe/Berlin', EMPTY: '', SWITCH: 'on', MODE: '0777', TIME: '12:30:45' },
      envFrom: [{ configMap: 'more-variables' }, { secret: 'more-secrets' }],
    },
  },
  'rollout-at-once': { server: { rollout: 'Recreate' } },
  placed: {
    server: {
      nodeSelector: { 'kubernetes.io/arch': 'amd64', disk: 'yes' },
      tolerations: [
        { key: 'dedicated', value: 'ml', effect: 'NoSchedule' },
        { operator: 'Exists', effect: 'PreferNoSchedule' },
        { key: 'slow', operator: 'Equal', value: '1', effect: 'NoExecute', tolerationSeconds: 60 },
      ],
      priorityClassName: 'high',
    },
  },

  // Artifacts on a volume.
  'files-of-one-node': {
    ...ONE,
    artifacts: {
      s3: undefined,
      volume: { size: '100Gi', storageClass: 'fast', accessMode: 'ReadWriteOnce', prefix: 'files' },
    },
    backup: { destination: { claim: {} }, artifacts: true, image: { digest: DIGEST } },
    garbageCollection: {},
    smokeTest: { enabled: true },
  },
  'files-of-one-pod': { ...ONE, artifacts: { s3: undefined, volume: { accessMode: 'ReadWriteOncePod' } } },
  'files-shared': {
    artifacts: { s3: undefined, volume: { name: 'files', create: false, accessMode: 'ReadWriteMany' } },
    backup: { destination: { s3: { bucket: 'copies' } }, artifacts: true, image: { digest: DIGEST } },
  },

  // Claims.
  'claim-of-one-node': {
    ...ONE,
    storage: { data: { mountPath: '/data', size: '20Gi', accessMode: 'ReadWriteOnce', storageClass: 'fast' } },
  },
  'claim-shared': { storage: { data: { name: 'shared', mountPath: '/srv/data', accessMode: 'ReadWriteMany' } } },
  'claim-beside': { storage: { data: { accessMode: 'ReadWriteOncePod' } } },

  // What users add to the server pods.
  'with-additions': {
    server: {
      podLabels: { 'azure.workload.identity/use': 'true' },
      podAnnotations: { 'example.com/owner': 'ml' },
      env: {
        HF_TOKEN: { secret: 'huggingface', key: 'token' },
        HF_HOME: { configMap: 'settings', key: 'home' },
        HTTPS_PROXY: 'http://proxy.example.com:3128',
      },
      serviceAccount: { name: 'tracker', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/mlflow' } },
      initContainers: [{ name: 'folders', imagePullPolicy: 'Always', image: PINNED, args: ['/extra'] }],
      sidecars: [
        {
          name: 'proxy',
          imagePullPolicy: 'Always',
          image: PINNED,
          ports: [{ containerPort: 4180 }],
          livenessProbe: { tcpSocket: { port: 4180 } },
          readinessProbe: { httpGet: { path: '/ready', port: 4180 } },
        },
      ],
      volumes: [{ name: 'extra', emptyDir: { sizeLimit: '16Mi' } }],
      volumeMounts: [{ name: 'extra', mountPath: '/extra' }],
    },
  },
  'with-an-account-of-the-cluster': { server: { serviceAccount: { create: false, name: 'shared' } } },

  // Jobs beside the server.
  'garbage-collected': { garbageCollection: {} },
  'garbage-collected-by-hand': {
    ...release('3.1.0'),
    garbageCollection: {
      schedule: '0 4 * * SUN',
      timeZone: 'Europe/Berlin',
      olderThan: '7d12h',
      suspend: true,
      timeLimit: 3600,
      resources: { requests: { cpu: '250m', memory: '2Gi' }, limits: { cpu: 2, memory: '2Gi' } },
    },
    server: { options: { 'gunicorn-opts': '--max-requests=500' }, envFrom: [{ secret: 'more' }] },
    database: { credentials: { username: 'tracking' }, tls: { mode: 'verify-full', ca: { configMap: 'ca' } } },
  },
  'smoke-tested': { smokeTest: { enabled: true } },
  'smoke-tested-directly': { smokeTest: { enabled: true }, artifacts: { access: 'direct' } },

  // Availability.
  'available-alone': { ...ONE, availability: { disruptionBudget: true, topologySpread: true } },
  'no-budget': { availability: { disruptionBudget: false } },
  'never-together': { server: { replicas: 3 }, availability: { antiAffinity: 'required' } },
  together: { availability: { antiAffinity: 'none' } },

  // Monitoring.
  'metrics-alone': { monitoring: { metrics: { scraper: { labels: {} } } } },
  'metrics-3-1-0': { ...release('3.1.0'), monitoring: { metrics: {} } },
  monitored: {
    monitoring: {
      ...MONITORING,
      dashboard: { labels: { grafana_dashboard: 'yes' }, annotations: { grafana_folder: 'MLflow' } },
    },
  },

  // What goes onto every object, or onto one.
  'labels-and-annotations': {
    labels: { team: 'yes', 'example.com/cost-centre': '017', 'app.kubernetes.io/part-of': 'platform' },
    annotations: { 'example.com/owner': 'one\ntwo', 'example.com/until': '2024-01-01', number: '1e3', empty: '' },
  },
  patched: {
    patches: [
      {
        kind: 'Deployment',
        name: 'mlflow',
        operations: [
          { op: 'test', path: '/spec/revisionHistoryLimit', value: 5 },
          { op: 'add', path: '/spec/template/spec/hostAliases', value: [{ ip: '192.168.1.9', hostnames: ['s3'] }] },
        ],
      },
      {
        kind: 'Service',
        name: 'mlflow',
        operations: [{ op: 'add', path: '/spec/sessionAffinity', value: 'ClientIP' }],
      },
    ],
  },

  ...STORES,
  ...AZURE,
  ...CLOUDS,
  ...SECRETS,
  ...CONNECTIONS,
  ...LOGINS,
  ...MIXTURES,
};
