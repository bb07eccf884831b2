import type { ServerInput } from '../../lib/environment/generated/input';
import type { Every } from './every-key';

/** The section of the server. */

/** The names of containers that users add, in these environments and in random ones. */
export const CONTAINERS_OF_USERS: ReadonlySet<unknown> = new Set(['folders', 'proxy']);

export const SERVER: Every<ServerInput> = {
  replicas: 3,
  autoscaling: undefined,
  workers: 3,
  threads: 4,
  resources: {
    requests: { cpu: '1', memory: '2Gi', 'ephemeral-storage': '1Gi' },
    limits: { cpu: 3, memory: '4Gi', 'ephemeral-storage': '5Gi' },
  },
  logLevel: 'WARNING',
  accessLog: true,
  staticPrefix: '/mlflow',
  temporaryStorage: '4Gi',
  allowedHosts: ['mlflow.example.com'],
  corsAllowedOrigins: ['https://mlflow.example.com'],
  options: { 'secrets-cache-ttl': 120, 'enable-workspaces': true },
  env: {
    TZ: 'UTC',
    MLFLOW_LOGGING_LEVEL: 'ERROR',
    HF_TOKEN: { secret: 'huggingface', configMap: undefined, key: 'token' },
  },
  envFrom: [
    { configMap: 'settings', secret: undefined },
    { configMap: undefined, secret: 'more' },
  ],
  rollout: 'RollingUpdate',
  maxRequestBody: '64Mi',
  gracePeriod: 120,
  nodeSelector: { 'kubernetes.io/arch': 'amd64' },
  tolerations: [
    { key: 'dedicated', operator: 'Equal', value: 'ml', effect: 'NoExecute', tolerationSeconds: 60 },
    { key: undefined, operator: 'Exists', value: undefined, effect: undefined, tolerationSeconds: undefined },
  ],
  priorityClassName: 'high',
  podLabels: { 'azure.workload.identity/use': 'true' },
  podAnnotations: { 'example.com/owner': 'ml' },
  serviceAccount: { create: true, name: 'tracker', annotations: { 'example.com/role': 'mlflow' } },
  initContainers: [{ name: 'folders', image: 'registry.example.com/tools:1.0.0', command: ['true'] }],
  sidecars: [
    {
      name: 'proxy',
      image: 'registry.example.com/proxy:1.0.0',
      ports: [{ containerPort: 8180 }],
      livenessProbe: { tcpSocket: { port: 8180 } },
      readinessProbe: { tcpSocket: { port: 8180 } },
    },
  ],
  volumes: [{ name: 'plugins', emptyDir: { sizeLimit: '1Mi' } }],
  volumeMounts: [{ name: 'plugins', mountPath: '/plugins', readOnly: true }],
};
