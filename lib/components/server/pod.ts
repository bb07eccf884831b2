import { selectorLabels } from '../../kubernetes/metadata';
import {
  type Container,
  IntOrString,
  type PodSpec,
  type Probe,
  Quantity,
  type Volume,
  type VolumeMount,
} from '../../kubernetes/objects';
import { containerSecurity, environmentSources, podBasics, resourceRequirements } from '../../kubernetes/pod';
import { environmentVariables } from '../../kubernetes/variables';
import { claimMounts, claimVolumes } from '../artifacts/mounts';
import { artifactStore } from '../artifacts/stores';
import type { ProxyParts } from '../auth/oidc/sidecar';
import { databaseCa } from '../database/variables';
import { METRICS_MOUNT, metricsContainer, metricsVolumes } from '../monitoring/sidecar';
import { serviceHost } from '../service/hosts';
import { probeScheme, serviceScheme, tlsMounts, tlsVolumes } from '../service/tls';
import { PROGRAMS_PATH, PROXY_PORT, SERVER_PORT } from '../shared/constants';
import type { Instance } from '../shared/instance';
import { fileMounts, fileVolumes } from '../shared/mounted-files';
import { PROGRAMS_MOUNT } from '../shared/programs';
import { serverCommand } from './command';
import { CONNECT_COMMAND, healthPath, STOP_COMMAND } from './lifecycle';
import type { ServerSections } from './server-sections';
import { prepareVariables } from './variables/prepare';
import { serverVariables } from './variables/server';

/** The programs that pods of the server start, whatever their release and settings: the output has them all. */
export const SERVER_PROGRAMS = ['prepare/__main__.py', 'server/__main__.py', 'metrics/__main__.py'] as const;

/**
 * The programs that the pods of this release start, and no others: a change of an unused program must not roll them.
 */
export const serverEntryPoints = ({ monitoring }: ServerSections): readonly (typeof SERVER_PROGRAMS)[number][] => [
  'prepare/__main__.py',
  'server/__main__.py',
  ...(monitoring.metrics ? (['metrics/__main__.py'] as const) : []),
];

/** The pod of the server: the init container `prepare`, the server, and where they may run. */
export function serverPod(
  instance: Instance,
  environment: ServerSections,
  programs: Volume,
  proxy: ProxyParts,
): PodSpec {
  const { server, monitoring, storage } = environment;
  const { image, placement } = instance;
  const mounts: VolumeMount[] = [
    { name: 'tmp', mountPath: '/tmp' },
    PROGRAMS_MOUNT,
    ...fileMounts(certificates(environment)),
    ...claimMounts(artifactStore(environment.artifacts)),
    ...(artifactStore(environment.artifacts).identity?.mounts ?? []),
  ];
  const common = {
    image,
    imagePullPolicy: placement.pullPolicy,
    resources: resourceRequirements(server.resources),
    securityContext: containerSecurity,
    // `python -m` looks for modules in the working directory first, so nobody may write there.
    workingDir: PROGRAMS_PATH,
    envFrom: environmentSources(server.envFrom),
  };
  const { data } = storage;
  const prepare: Container = {
    ...common,
    name: 'prepare',
    command: ['python', '-m', 'prepare'],
    env: environmentVariables(prepareVariables(environment)),
    volumeMounts: mounts,
  };
  const main: Container = {
    ...common,
    name: 'server',
    command: serverCommand(environment),
    env: environmentVariables(serverVariables(environment)),
    ...(environment.auth.oidc
      ? {}
      : { ports: [{ name: serviceScheme(environment.service), containerPort: SERVER_PORT, protocol: 'TCP' }] }),
    ...probeSet(environment),
    lifecycle: { preStop: { exec: { command: STOP_COMMAND } } },
    volumeMounts: [
      ...mounts,
      ...tlsMounts(environment.service),
      ...(monitoring.metrics ? [METRICS_MOUNT] : []),
      ...(data?.mountPath ? [{ name: 'data', mountPath: data.mountPath }] : []),
    ],
  };
  return {
    ...podBasics(server.serviceAccount.name, placement),
    terminationGracePeriodSeconds: server.gracePeriod,
    ...spreading(instance, environment),
    // Others of users are put before them, and `prepare` is known by its place.
    initContainers: [prepare, ...proxy.containers],
    containers: monitoring.metrics
      ? [main, metricsContainer(instance, healthPath(environment), environment.service)]
      : [main],
    volumes: [...volumes(environment, programs), ...proxy.volumes],
  };
}

const certificates = ({ database, artifacts }: ServerSections) => [
  databaseCa(database),
  ...artifactStore(artifacts).mlflow.files,
];

/**
 * Startup waits five minutes for the first response. Readiness requests a page that needs no login and no database, so
 * that a restart of the database does not remove all endpoints of the Service; liveness only checks that the port is
 * open.
 */
function probeSet(environment: ServerSections): Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const path = healthPath(environment);
  const { service } = environment;
  // Behind a proxy, only a program in the pod reaches the server's own port, and pages are requested through the proxy.
  const isProxied = environment.auth.oidc !== undefined;
  const port = isProxied ? IntOrString.fromNumber(PROXY_PORT) : IntOrString.fromString(serviceScheme(service));
  const tcp: Probe = isProxied ? { exec: { command: [...CONNECT_COMMAND] } } : { tcpSocket: { port } };
  // Below a prefix it checks the host, until 3.17; the address of a pod may be none that MLflow knows.
  const httpHeaders = path === '/health' ? undefined : [{ name: 'Host', value: serviceHost(environment) }];
  const http: Probe = path ? { httpGet: { path, port, scheme: probeScheme(service), httpHeaders } } : tcp;
  return {
    // The provider of single sign-on may be away, and the proxy with it: no reason to restart the server.
    startupProbe: { ...(isProxied ? tcp : http), periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 300 },
    readinessProbe: { ...http, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...tcp, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  };
}

function spreading(
  instance: Instance,
  { availability }: ServerSections,
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

function volumes(environment: ServerSections, programs: Volume): Volume[] {
  const { server, storage, monitoring } = environment;
  const { data } = storage;
  return [
    { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString(server.temporaryStorage) } },
    programs,
    ...(monitoring.metrics ? metricsVolumes(monitoring.metrics) : []),
    ...tlsVolumes(environment.service),
    ...fileVolumes(certificates(environment)),
    ...claimVolumes(artifactStore(environment.artifacts)),
    ...(artifactStore(environment.artifacts).identity?.volumes ?? []),
    ...(data?.mountPath ? [{ name: 'data', persistentVolumeClaim: { claimName: data.name } }] : []),
  ];
}
