import { z } from 'zod';
import { bytes, cpu, labels, objectName, section, text, wholeNumber } from '../shared/sections/fields';

export const requests = section({
  /** CPU: cores or thousandths of one. Without it: 500m, or the limit where that is less. */
  cpu: cpu().optional(),
  /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
  memory: bytes().optional(),
  /** Disk of the node. Without it: the limit. */
  'ephemeral-storage': bytes().optional(),
});

export const limits = section({
  /** CPU: cores or thousandths of one. */
  cpu: cpu().prefault('2'),
  /** Memory. */
  memory: bytes().prefault('1536Mi'),
  /** Disk of the node, for logs and `temporaryStorage`. Without it: `temporaryStorage` and 256Mi. */
  'ephemeral-storage': bytes().optional(),
});

export const environmentSource = section({
  /** ConfigMap whose keys become environment variables. */
  configMap: objectName().optional(),
  /** Secret whose keys become environment variables. */
  secret: objectName().optional(),
});

export const toleration = section({
  /** Taint key; without it every taint matches (with operator Exists). */
  key: text().optional(),
  /** How `value` is compared. */
  operator: z.enum(['Equal', 'Exists']).default('Equal'),
  /** Taint value. */
  value: z.string().optional(),
  /** Taint effect; without it all effects match. */
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  /** How long a NoExecute taint is tolerated. */
  tolerationSeconds: wholeNumber(0, 31_536_000).optional(),
});

export const autoscaling = section({
  /** The fewest server pods. */
  minReplicas: wholeNumber(1, 100).default(2),
  /** The most server pods; `database.maxConnections` must do for them. */
  maxReplicas: wholeNumber(1, 100),
  /** Pods are added when their CPU use is above this percentage of their CPU request, on average, and removed when fewer would stay below it. */
  cpuUtilization: wholeNumber(1, 1000).default(80),
  /** Seconds without need after which a pod is removed, one in a minute. */
  scaleDownStabilizationSeconds: wholeNumber(0, 3600).default(300),
});

export const server = section({
  /** Number of server pods. All state is in the database and the artifact store, so any number works. Without it: 1, or what `autoscaling` makes of it. */
  replicas: wholeNumber(0, 100).optional(),
  /** Lets the number of server pods follow their load (HorizontalPodAutoscaler), in place of `replicas`. The cluster needs metrics-server. Its first apply begins with one pod, since `replicas` is then no longer in the manifest. */
  autoscaling: autoscaling.optional(),
  /** Server processes a pod. Without it: the CPU limit, rounded up; more only costs memory. */
  workers: wholeNumber(1, 64).optional(),
  /** Threads a worker, where the release runs gunicorn (below 3.3). Newer releases manage theirs. */
  threads: wholeNumber(1, 64).default(8),
  /** CPU and memory of the server container; the preparing container gets the same. */
  resources: section({
    /** What the scheduler sets aside. */
    requests: requests.prefault({}),
    /** What the container may use at most. */
    limits: limits.prefault({}),
  }).prefault({}),
  /** How much MLflow logs. */
  logLevel: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']).default('INFO'),
  /** Whether each request is logged as a line. */
  accessLog: z.boolean().default(false),
  /** Path that MLflow is served under, for an ingress that does not rewrite: `/mlflow`. */
  staticPrefix: z
    .string()
    .regex(/^(\/[-_.~a-zA-Z0-9]+)+$/, 'must start with / and not end with it, such as /mlflow')
    .optional(),
  /** Size of /tmp. Proxied uploads and downloads are kept there whole while they pass through. */
  temporaryStorage: bytes().prefault('2Gi'),
  /** Further host names (as in `mlflow.example.com` or `mlflow.example.com:8080`) that a request may name; the Service's own and its addresses are known, and all private ones. Pods at other addresses that are asked directly need a pattern: `100.64.*`. MLflow 3.5 and newer. */
  allowedHosts: z
    .array(z.string().regex(/^[^\s,/$]+$/, 'must be a host, with a port if need be, without http://'))
    .default([]),
  /** Further browser origins (as in `https://mlflow.example.com`) that may use the API; the Service's own addresses are known. MLflow 3.5 and newer. */
  corsAllowedOrigins: z
    .array(
      z
        .string()
        .regex(/^(\*|https?:\/\/[^\s,/$]+)$/, 'must be an origin without path, such as https://mlflow.example.com'),
    )
    .default([]),
  /** Further options of `mlflow server` by name without dashes, checked against the release: `secrets-cache-ttl: 120`; true gives a bare switch. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Further environment variables of the server and of what prepares it, name to value. Nothing secret: use `envFrom`. */
  env: z
    .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a variable name: letters, digits and _'), z.string())
    .default({}),
  /** ConfigMaps and Secrets whose keys all become environment variables of the server and of what prepares it. */
  envFrom: z.array(environmentSource).default([]),
  /** How a change reaches the pods. Without it: RollingUpdate, or Recreate where a volume cannot be shared. */
  rollout: z.enum(['RollingUpdate', 'Recreate']).optional(),
  /** Seconds that a pod may take to end: time for running transfers to finish. */
  gracePeriod: wholeNumber(10, 3600).default(60),
  /** Labels that a node must have, for every pod of the instance. */
  nodeSelector: labels().default({}),
  /** Taints that every pod of the instance tolerates. */
  tolerations: z.array(toleration).default([]),
  /** PriorityClass of every pod of the instance. */
  priorityClassName: objectName().optional(),
});
