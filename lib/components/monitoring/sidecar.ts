import { type Container, IntOrString, Quantity, type Volume } from '../../kubernetes/objects';
import { containerSecurity, resourceRequirements } from '../../kubernetes/pod';
import { type Served, tlsArguments, tlsMounts } from '../service/tls';
import { METRICS_PORT, PROGRAMS_PATH, SERVER_PORT } from '../shared/constants';
import type { Instance } from '../shared/instance';
import { PROGRAMS_MOUNT } from '../shared/programs';
import type { Metrics } from './resolve';

/** The folder in which the server's processes keep their metrics: a volume that the sidecar reads. */
export const METRICS_FOLDER = '/run/mlflow-metrics';

/** Size of that volume: three small files for each process that ever ran in the container. */
export const METRICS_SIZE = '64Mi';

/** The folder with the scraper's login: two files, which follow the Secret. */
export const METRICS_LOGIN_FOLDER = '/run/mlflow-metrics-login';

/** The name of the container that exports metrics. */
export const METRICS_CONTAINER = 'metrics';

/** The mount by which the server writes metrics. */
export const METRICS_MOUNT = { name: 'metrics', mountPath: METRICS_FOLDER } as const;

/**
 * The container that exports the server's metrics. It has no readiness probe, and starts without a login too: a pod is
 * ready only while each of its containers runs, and one whose metrics fail should still serve.
 *
 * @param healthPath the page of the server that it requests; if undefined, it only checks the port
 * @param service whose certificate it serves with, if it has one
 */
export function metricsContainer(
  { image, placement }: Instance,
  healthPath: string | undefined,
  service: Served,
): Container {
  return {
    name: METRICS_CONTAINER,
    image,
    imagePullPolicy: placement.pullPolicy,
    command: [
      'python',
      '-m',
      'metrics',
      ...tlsArguments(service),
      METRICS_FOLDER,
      METRICS_LOGIN_FOLDER,
      String(METRICS_PORT),
      String(SERVER_PORT),
      ...(healthPath ? [healthPath] : []),
    ],
    workingDir: PROGRAMS_PATH,
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
      PROGRAMS_MOUNT,
      { ...METRICS_MOUNT, readOnly: true },
      { name: 'metrics-login', mountPath: METRICS_LOGIN_FOLDER, readOnly: true },
      ...tlsMounts(service),
    ],
  };
}

/**
 * The metrics, and the scraper's login as files: with variables, a missing Secret would block the start, and the value
 * would not be updated.
 */
export function metricsVolumes({ credentials }: Metrics): Volume[] {
  const { secret, usernameKey, passwordKey } = credentials;
  const items = [
    { key: usernameKey, path: 'username' },
    { key: passwordKey, path: 'password' },
  ];
  return [
    { name: 'metrics', emptyDir: { sizeLimit: Quantity.fromString(METRICS_SIZE) } },
    { name: 'metrics-login', secret: { secretName: secret, items, optional: true } },
  ];
}
