import { z } from 'zod';
import { bytes, cpu, following, labels, objectName } from '../../kubernetes/fields';
import { LABEL_KEY, LABEL_VALUE } from '../../kubernetes/labels';
import { MAXIMUM_WORKERS } from '../../mlflow/options';
import { PATH_PREFIX } from '../exposure/section';
import { isHostEntry } from '../service/browser-names';
import { section, wholeNumber } from '../shared/sections/fields';
import { CPU_REQUEST, limits, memoryRequest } from '../shared/sections/resources';
import { variables } from '../shared/sections/variables';
import { podKeys } from './pod-section';

/** CPU, memory and disk of the server. */
const resources = section({
  requests: section({
    cpu: cpu().optional().meta({ description: CPU_REQUEST, derived: '`500m`, or the CPU limit if that is lower' }),
    memory: memoryRequest(),
    'ephemeral-storage': bytes().optional().meta({
      description: 'Request for local storage of the node.',
      derived: 'the ephemeral-storage limit',
    }),
  })
    .prefault({})
    .describe('Resource requests.'),
  limits: limits({ cpuLimit: '2', memoryLimit: '1536Mi' })
    .extend({
      'ephemeral-storage': bytes().optional().meta({
        description: 'Limit for local storage of the node, which holds logs and `temporaryStorage`.',
        derived: '`temporaryStorage` and 256Mi (320Mi with metrics), or the request if that is higher',
      }),
    })
    .prefault({})
    .describe('Resource limits.'),
}).describe('CPU, memory and disk of the server container. The init container `prepare` gets the same.');

/** A source of environment variables. */
const environmentSource = section({
  configMap: objectName()
    .optional()
    .describe('ConfigMap whose keys become environment variables. Set this or `secret`.'),
  secret: objectName().optional().describe('Secret whose keys become environment variables. Set this or `configMap`.'),
}).describe('A source of environment variables.');

/** A taint that pods tolerate. */
export const toleration = section({
  key: following(LABEL_KEY).optional().describe('Taint key. If unset, with operator `Exists`, every taint matches.'),
  operator: z.enum(['Equal', 'Exists']).default('Equal').describe('How `value` is compared.'),
  value: following(LABEL_VALUE).optional().describe('Taint value.'),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
    .optional()
    .describe('Taint effect. If unset, all effects match.'),
  tolerationSeconds: wholeNumber(0, 31_536_000)
    .optional()
    .describe('How long a NoExecute taint is tolerated, in seconds. If unset, without limit.'),
}).describe('A taint that pods tolerate.');

/** A HorizontalPodAutoscaler. */
export const autoscaling = section({
  minReplicas: wholeNumber(1, 100).default(2).describe('Minimum number of server pods.'),
  maxReplicas: wholeNumber(1, 100).describe(
    'Maximum number of server pods. `database.maxConnections` must be high enough for them.',
  ),
  cpuUtilization: wholeNumber(1, 1000)
    .default(80)
    .describe('Target average CPU use of the pods, in percent of their CPU request.'),
  memoryUtilization: wholeNumber(1, 1000)
    .optional()
    .describe(
      'Target average memory use of the pods, in percent of their memory request. If unset, memory does not matter: ' +
        'most of it is what a pod has imported, so it says little about the load. If set, the metric that needs more ' +
        'pods decides.',
    ),
  scaleDownStabilizationSeconds: wholeNumber(0, 3600)
    .default(300)
    .describe(
      'How long the load must be lower before pods are removed, in seconds. Then one pod is removed per minute.',
    ),
}).describe(
  'Scales the number of server pods with their load (HorizontalPodAutoscaler), instead of `replicas`. The cluster ' +
    'needs metrics-server. The first apply scales to one pod, because the manifest no longer contains `replicas`.',
);

/** The tracking server. */
export const server = section({
  replicas: wholeNumber(0, 100).optional().meta({
    description:
      'Number of server pods. Any number works, because all state is in the database and the artifact store.',
    derived: '`1`, or none with `autoscaling`',
  }),
  autoscaling: autoscaling.optional(),
  workers: wholeNumber(1, MAXIMUM_WORKERS)
    .optional()
    .meta({
      description: 'Number of server processes per pod. More than there are CPUs only costs memory.',
      derived: `the CPU limit rounded up, at most ${MAXIMUM_WORKERS}`,
    }),
  threads: wholeNumber(1, 64)
    .default(8)
    .describe('Threads per worker with gunicorn (MLflow before 3.3). Newer releases manage their own threads.'),
  resources: resources.prefault({}),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']).default('INFO').describe('Log level of MLflow.'),
  accessLog: z.boolean().default(false).describe('Whether to log every request.'),
  staticPrefix: z
    .string()
    .regex(PATH_PREFIX, 'must start with / and not end with it, such as /mlflow')
    .optional()
    .meta({
      description: 'Path under which MLflow is served, for a proxy that does not rewrite paths: `/mlflow`.',
      derived: 'the `path` of `ingress`, `gateway` or `route`',
    }),
  temporaryStorage: bytes()
    .prefault('2Gi')
    .describe('Size of `/tmp`, which holds proxied uploads and downloads as whole files during a transfer.'),
  allowedHosts: z
    .array(z.string().regex(/^[^\s,/$]+$/, 'must be a host, optionally with a port, without http://'))
    .default([])
    .describe(
      'Additional host names that requests may use (`mlflow.example.com`, `mlflow.example.com:8080`). Names and ' +
        'addresses of the Service and all private addresses are allowed already. Without a port, any port is allowed. ' +
        'Browsers may use the page at these hosts by http and https: on the port that is named, or on the usual one and ' +
        'those of a LoadBalancer or NodePort. For direct requests to pods with other addresses, use a pattern: ' +
        '`100.64.*`, which allows addresses only. MLflow 3.5 and newer.',
    ),
  corsAllowedOrigins: z
    .array(
      z
        .string()
        .regex(
          /^(\*|https?:\/\/[^\s,/$@#]+\/?)$/i,
          'must be an origin without path, such as https://mlflow.example.com',
        )
        .refine(
          (origin) => origin === '*' || isHostEntry(origin.replace(/^[^/]+\/\/|\/$/g, '')),
          'must be an origin with a host and, optionally, a port from 1 to 65535, such as https://mlflow.example.com:8443',
        ),
    )
    .default([])
    .describe(
      'Additional browser origins that may use the API (`https://mlflow.example.com`), in place of those that follow ' +
        'from the same host in `allowedHosts`. Their hosts are allowed, too. The addresses of the Service are allowed ' +
        'already. Requests of other pages that may change something get 403.',
    ),
  maxRequestBody: bytes('1')
    .prefault('32Mi')
    .describe(
      'Largest body of a request, except for the content of artifacts. MLflow holds it in memory. A larger one is ' +
        'answered with 413.',
    ),
  options: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe(
      'Additional options of `mlflow server`, by name without dashes, checked against the release: ' +
        '`secrets-cache-ttl: 120`. `true` adds an option without a value. Options within `uvicorn-opts` and ' +
        '`gunicorn-opts` are checked too.',
    ),
  env: variables().describe(
    "Additional environment variables of the programs in MLflow's image, by name: server, `prepare`, garbage " +
      'collection, smoke test, backup, restore and verification. A secret value is named by the Secret and its key: ' +
      '`HF_TOKEN: { secret: huggingface, key: token }`. With a proxy (`HTTPS_PROXY`), Services of the cluster are ' +
      'added to `NO_PROXY`, and the network policy allows the proxy. ' +
      'Variables that MLflow or its server program reads as an option (`MLFLOW_STATIC_PREFIX`, `WEB_CONCURRENCY`) are ' +
      'refused: use the key for it, or `options`.',
  ),
  envFrom: z
    .array(environmentSource)
    .max(1000)
    .default([])
    .describe(
      'ConfigMaps and Secrets whose keys all become environment variables of the same programs as `env`. synth does not ' +
        'know the keys: restrict who may change these objects, because variables decide what the programs run.',
    ),
  rollout: z.enum(['RollingUpdate', 'Recreate']).optional().meta({
    description: 'Deployment strategy: replace pods one by one, or stop all pods first.',
    derived: '`RollingUpdate`, or `Recreate` if `storage.data` is mounted and is not `ReadWriteMany`',
  }),
  gracePeriod: wholeNumber(10, 3600)
    .default(60)
    .describe('How long a pod may take to shut down, in seconds. Running transfers can finish in that time.'),
  nodeSelector: labels().default({}).describe('Labels that a node must have to run a pod of the instance.'),
  tolerations: z.array(toleration).default([]).describe('Taints that every pod of the instance tolerates.'),
  priorityClassName: objectName().optional().describe('PriorityClass of every pod of the instance.'),
  ...podKeys,
}).describe('The tracking server.');
