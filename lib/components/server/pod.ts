import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Instance, selectorLabels } from '../../kubernetes/metadata';
import {
  type Container,
  IntOrString,
  type PodSpec,
  type Probe,
  Quantity,
  type Volume,
  type VolumeMount,
} from '../../kubernetes/objects';
import {
  containerSecurity,
  environmentSources,
  environmentVariables,
  placementOf,
  podBasics,
  resourceRequirements,
} from '../../kubernetes/pod';
import { exportCommand, METRICS_FOLDER, METRICS_LOGIN_FOLDER, METRICS_SIZE, startCommand } from '../monitoring/resolve';
import { authorityMounts, authorityVolumes } from '../shared/ca-volumes';
import { METRICS_PORT, SCRIPTS_PATH, SERVER_PORT } from '../shared/constants';
import { serverCommand } from './command';
import { probes, stopCommand } from './lifecycle';
import { prepareVariables, serverVariables } from './variables';

/** The pod of the server: what prepares, what serves, and where it may run. */
export function serverPod(instance: Instance, environment: ResolvedEnvironment, scripts: string): PodSpec {
  const { server, image, monitoring } = environment;
  const mounts: VolumeMount[] = [
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
    ...authorityMounts(environment),
  ];
  const common = {
    image: image.reference,
    imagePullPolicy: image.pullPolicy,
    resources: resourceRequirements(server.resources),
    securityContext: containerSecurity,
    workingDir: '/tmp',
    envFrom: environmentSources(environment),
  };
  const data = environment.storage.data;
  const prepare: Container = {
    ...common,
    name: 'prepare',
    command: ['python', `${SCRIPTS_PATH}/prepare.py`],
    env: environmentVariables(prepareVariables(environment)),
    volumeMounts: mounts,
  };
  const main: Container = {
    ...common,
    name: 'server',
    command: [...startCommand(environment), ...serverCommand(environment)],
    env: environmentVariables(serverVariables(environment)),
    ports: [{ name: 'http', containerPort: SERVER_PORT, protocol: 'TCP' }],
    ...probeSet(environment),
    lifecycle: { preStop: { exec: { command: stopCommand(environment) } } },
    volumeMounts: [
      ...mounts,
      ...(monitoring.metrics ? [{ name: 'metrics', mountPath: METRICS_FOLDER }] : []),
      ...(data?.mountPath ? [{ name: 'data', mountPath: data.mountPath }] : []),
    ],
  };
  return {
    ...podBasics(instance.name, placementOf(environment)),
    terminationGracePeriodSeconds: server.gracePeriod,
    ...spreading(instance, environment),
    initContainers: [prepare],
    containers: monitoring.metrics ? [main, metricsContainer(environment)] : [main],
    volumes: volumes(environment, scripts),
  };
}

/**
 * What shows the server's counts. It has no readiness probe, and starts without a login too: a pod is ready only while
 * each of its containers runs, and one whose metrics fail should serve on.
 */
function metricsContainer(environment: ResolvedEnvironment): Container {
  const { image } = environment;
  return {
    name: 'metrics',
    image: image.reference,
    imagePullPolicy: image.pullPolicy,
    command: exportCommand(environment),
    ports: [{ name: 'metrics', containerPort: METRICS_PORT, protocol: 'TCP' }],
    resources: resourceRequirements({
      requests: { cpu: '10m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '500m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
    }),
    securityContext: containerSecurity,
    livenessProbe: {
      tcpSocket: { port: IntOrString.fromString('metrics') },
      periodSeconds: 20,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
    volumeMounts: [
      { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
      { name: 'metrics', mountPath: METRICS_FOLDER, readOnly: true },
      { name: 'metrics-login', mountPath: METRICS_LOGIN_FOLDER, readOnly: true },
    ],
  };
}

/**
 * Startup waits five minutes for the first answer. Readiness asks the page that needs no login and no database, so that
 * a database restart does not empty the Service; liveness only asks whether the port is open.
 */
function probeSet(
  environment: ResolvedEnvironment,
): Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const { path } = probes(environment);
  const port = IntOrString.fromString('http');
  const tcp: Probe = { tcpSocket: { port } };
  const http: Probe = path ? { httpGet: { path, port } } : tcp;
  return {
    startupProbe: { ...http, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...http, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...tcp, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  };
}

function spreading(
  instance: Instance,
  { availability }: ResolvedEnvironment,
): Pick<PodSpec, 'affinity' | 'topologySpreadConstraints'> {
  const labelSelector = { matchLabels: selectorLabels(instance, 'server') };
  const apart = { labelSelector, topologyKey: 'kubernetes.io/hostname' };
  const { antiAffinity, topologySpread } = availability;
  const constraint = (topologyKey: string) => ({
    labelSelector,
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
  });
  return {
    affinity:
      antiAffinity === 'none'
        ? undefined
        : {
            podAntiAffinity:
              antiAffinity === 'required'
                ? { requiredDuringSchedulingIgnoredDuringExecution: [apart] }
                : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: apart }] },
          },
    topologySpreadConstraints: topologySpread
      ? [constraint('topology.kubernetes.io/zone'), constraint('kubernetes.io/hostname')]
      : undefined,
  };
}

function volumes(environment: ResolvedEnvironment, scripts: string): Volume[] {
  const data = environment.storage.data;
  return [
    { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString(environment.server.temporaryStorage) } },
    { name: 'scripts', configMap: { name: scripts } },
    ...metricsVolumes(environment),
    ...authorityVolumes(environment),
    ...(data?.mountPath ? [{ name: 'data', persistentVolumeClaim: { claimName: data.name } }] : []),
  ];
}

/** The counts, and the scraper's login: as files, since a variable would keep a container from starting, and its old value. */
function metricsVolumes({ monitoring: { metrics } }: ResolvedEnvironment): Volume[] {
  if (!metrics) return [];
  const { secret, usernameKey, passwordKey } = metrics.credentials;
  const items = [
    { key: usernameKey, path: 'username' },
    { key: passwordKey, path: 'password' },
  ];
  return [
    { name: 'metrics', emptyDir: { sizeLimit: Quantity.fromString(METRICS_SIZE) } },
    { name: 'metrics-login', secret: { secretName: secret, items, optional: true } },
  ];
}
