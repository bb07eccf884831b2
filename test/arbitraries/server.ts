import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary, Generated } from './shared/component';
import { few, type Items, map, type Optional, oneOf, pick, some } from './shared/record';
import { atLeast } from './shared/releases';
import { anyText, labelValue, objectName } from './shared/values';

type Server = Optional<EnvironmentInput['server']>;
type EnvOfServer = NonNullable<Server['env']>;

/** Options of `mlflow server` that you can add: the release that introduced each, from its `--help`, and a value. */
export const OPTIONS = {
  'registry-store-uri': { since: '3.1.0', value: 'postgresql+psycopg2:///registry' },
  'gunicorn-opts': { since: '3.1.0', until: '3.3.0', value: '--max-requests=1000' },
  'uvicorn-opts': { since: '3.3.0', value: '--limit-max-requests=100000' },
  'disable-security-middleware': { since: '3.5.0', value: true },
  'x-frame-options': { since: '3.5.0', value: 'DENY' },
  'secrets-cache-ttl': { since: '3.8.0', value: 120 },
  'secrets-cache-max-size': { since: '3.8.0', value: '500' },
  'workspace-store-uri': { since: '3.10.0', value: 'postgresql+psycopg2:///workspaces' },
  'enable-workspaces': { since: '3.10.0', value: true },
  'disable-workspaces': { since: '3.10.0', value: true },
  'read-replica-backend-store-uri': { since: '3.13.0', value: 'postgresql+psycopg2:///replica' },
  'trace-archival-config': { since: '3.13.0', value: '/data/traces.yaml' },
  'artifacts-presigned-only': { since: '3.18.0', value: true },
} as const satisfies Record<string, { since: string; until?: string; value: string | number | boolean }>;

/** Whether a release takes an option. */
export function takesOption(version: string, name: keyof typeof OPTIONS): boolean {
  const { since, until }: { since: string; until?: string } = OPTIONS[name];
  return atLeast(version, since) && !(until && atLeast(version, until));
}

const amounts = (
  memory: readonly (string | number)[],
  cpu: readonly (string | number)[],
  disk: readonly (string | number)[],
) =>
  some<{ cpu?: string | number; memory?: string | number; 'ephemeral-storage'?: string | number }>({
    cpu: pick(...cpu),
    memory: pick(...memory),
    'ephemeral-storage': pick(...disk),
  });

type Toleration = Items<Server['tolerations']>;
const toleration = some<Toleration>({
  key: pick('dedicated', 'example.com/gpu'),
  operator: pick('Equal', 'Exists'),
  value: pick('ml', ''),
  effect: pick('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  tolerationSeconds: fc.nat({ max: 600 }),
}).map(({ value, tolerationSeconds, ...given }): Toleration => {
  const seconds = given.effect === 'NoExecute' && tolerationSeconds !== undefined ? { tolerationSeconds } : {};
  if (given.operator === 'Exists') return { ...given, ...seconds };
  return { key: 'dedicated', ...given, ...seconds, ...(value === undefined ? {} : { value }) };
});

/** Containers of a user, with more or less of what ours have. */
const container = (name: string, port: number) =>
  some<Record<string, unknown>>({
    image: pick('registry.example.com/tools:1.0.0', `busybox@sha256:${'0'.repeat(64)}`),
    args: pick(['--port=4180']),
    ports: fc.constantFrom<object[]>(
      [{ containerPort: port }],
      [{ containerPort: port, name: `of-${name}`, protocol: 'TCP' }],
    ),
    resources: pick({}, { limits: { memory: '32Mi', cpu: 1 } }, { requests: { memory: '1Gi' } }),
    securityContext: pick({}, { runAsUser: 20_000 }),
    env: pick([{ name: 'A', value: 'b' }]),
  }).map((given): Record<string, unknown> => ({ name, image: 'registry.example.com/tools:1.0.0', ...given }));

export const server: ComponentArbitrary<'server'> = {
  sections: {
    server: some<Server>({
      replicas: pick(0, 1, 2, 3, 5),
      autoscaling: some<NonNullable<Server['autoscaling']>>(
        {
          minReplicas: fc.integer({ min: 1, max: 2 }),
          maxReplicas: fc.integer({ min: 2, max: 6 }),
          cpuUtilization: pick(1, 80, 1000),
          memoryUtilization: pick(1, 70, 99),
          scaleDownStabilizationSeconds: pick(0, 300, 3600),
        },
        'maxReplicas',
      ),
      workers: fc.integer({ min: 1, max: 4 }),
      threads: fc.integer({ min: 1, max: 32 }),
      resources: some<Optional<Server['resources']>>({
        requests: amounts(['256Mi', '1Gi', '1048576Ki', 5e8, '0.5G'], ['250m', 0.5, '0.1'], ['1Gi', '512Mi', 6e8]),
        limits: amounts(
          ['2Gi', '1.5Gi', '16Gi', '4096Mi', 3e9],
          [1, '2', '1500m', '0.75', 3.5],
          ['5Gi', '2048Mi', 4e9],
        ),
      }),
      logLevel: pick('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'),
      accessLog: fc.boolean(),
      staticPrefix: pick('/mlflow', '/tools/ml_flow'),
      temporaryStorage: pick<string | number>('1Gi', '500M', '0.5Gi', 1e9),
      allowedHosts: few(pick('mlflow.example.com', 'mlflow.example.com:8443', '*.example.com', '*')),
      corsAllowedOrigins: few(pick('https://mlflow.example.com', 'http://localhost:3000', '*')),
      options: fc
        .subarray(Object.keys(OPTIONS) as (keyof typeof OPTIONS)[], { maxLength: 4 })
        .map((names) => Object.fromEntries(names.map((name) => [name, OPTIONS[name].value]))),
      env: map(
        ['TZ', 'MLFLOW_LOGGING_LEVEL', 'UVICORN_ACCESS_LOG', 'AWS_DEFAULT_REGION', 'PYTHONPATH', 'MY_1'],
        anyText,
      ).chain((texts) =>
        fc.constantFrom<EnvOfServer>(
          texts,
          { ...texts, HF_TOKEN: { secret: 'huggingface', key: 'token' } },
          { ...texts, HF_HOME: { configMap: 'settings', key: 'home' } },
        ),
      ),
      envFrom: few(
        some<Items<Server['envFrom']>>({ configMap: objectName, secret: objectName }).map(
          oneOf<Items<Server['envFrom']>>('secret', 'configMap', { secret: 'more' }),
        ),
      ),
      rollout: pick('RollingUpdate', 'Recreate'),
      maxRequestBody: pick<string | number>('1Mi', '32Mi', '1Gi', 5e6),
      gracePeriod: fc.integer({ min: 10, max: 600 }),
      nodeSelector: map(['disk', 'kubernetes.io/arch'], labelValue),
      tolerations: few(toleration),
      priorityClassName: pick('high', 'system-cluster-critical'),
      podLabels: map(['team', 'azure.workload.identity/use', 'app.kubernetes.io/component'], labelValue),
      podAnnotations: map(['example.com/owner', 'checksum/other'], anyText),
      serviceAccount: some<NonNullable<Server['serviceAccount']>>({
        create: fc.boolean(),
        name: objectName,
        annotations: map(['eks.amazonaws.com/role-arn'], anyText),
      }),
      initContainers: fc.array(container('folders', 9001), { maxLength: 1 }),
      sidecars: fc.array(container('proxy', 8180), { maxLength: 1 }),
      volumes: pick([], [{ name: 'extra', emptyDir: { sizeLimit: '1Mi' } }]),
      volumeMounts: pick([], [{ name: 'extra', mountPath: '/elsewhere' }]),
    }),
  },
  settle: (given, version) =>
    given.server ? { ...given, server: placed(serverOf(given.server, version), given) } : given,
};

/** Options of the release alone, and memory for the workers. */
function serverOf(given: Server, version: string): Server {
  const options = Object.entries(given.options ?? {}).filter(([name]) =>
    takesOption(version, name as keyof typeof OPTIONS),
  );
  const env = Object.entries(given.env ?? {}).filter(
    ([name]) => !(name.startsWith('UVICORN_') && !atLeast(version, '3.3.0')),
  );
  const memory = (given.workers ?? 4) > 2 && given.resources ? { memory: '16Gi' } : {};
  return {
    ...given,
    ...(given.options ? { options: Object.fromEntries(options) } : {}),
    ...(given.env ? { env: Object.fromEntries(env) } : {}),
    ...(given.resources ? { resources: { ...given.resources, limits: { ...given.resources.limits, ...memory } } } : {}),
  };
}

/** What the Service and a claim for one node demand. */
function placed(server: Server, { service, storage, artifacts }: Generated): Server {
  const settled = { ...server };
  if (service?.ipFamilyPolicy || service?.ipFamilies?.length) settled.workers = Math.max(2, settled.workers ?? 2);
  const files = artifacts.embedded ? undefined : artifacts.volume;
  const mounted = [storage?.data?.mountPath === undefined ? undefined : storage.data, files];
  if (mounted.some((claim) => claim && claim.accessMode !== 'ReadWriteMany')) {
    settled.replicas = Math.min(settled.replicas ?? 1, 1);
    delete settled.autoscaling;
    delete settled.rollout;
  }
  if (settled.autoscaling) delete settled.replicas;
  if (settled.serviceAccount?.create === false) {
    settled.serviceAccount = { name: 'existing', ...settled.serviceAccount, annotations: {} };
  }
  if (settled.serviceAccount && (artifacts.s3?.identity ?? artifacts.gcs?.identity ?? artifacts.azure?.identity)) {
    settled.serviceAccount = { ...settled.serviceAccount, annotations: {} };
  }
  if (settled.volumes?.length) settled.volumeMounts = [{ name: 'extra', mountPath: '/extra' }];
  else delete settled.volumeMounts;
  return settled;
}
