import { isRecord } from '../../input/is-record';
import { type Issue, violatedChecks } from '../../input/issue';
import { formatBinary, quantityValue } from '../../kubernetes/quantity';
import { beginsLikeOpenPath } from '../../mlflow/open-paths';
import { checkOptions } from '../../mlflow/options';
import { type Release, sinceRelease } from '../../mlflow/releases';
import { SERVER_PORT } from '../shared/constants';
import type { Server } from './resolve';

interface Sections {
  readonly auth: { readonly enabled: boolean; readonly oidc?: object };
  readonly release: Release;
  readonly server: Server;
}

/** What the release cannot do, and what does not fit into the resources of the server. */
export function serverIssues(environment: Sections): Issue[] {
  const { server, release } = environment;
  return [
    ...prefixIssues(environment),
    ...portIssues(environment),
    ...checkOptions(server.options, release),
    ...memoryIssues(environment),
    ...diskIssues(environment),
    ...autoscalingIssues(environment),
  ];
}

function prefixIssues({ server, auth, release }: Sections): Issue[] {
  const { staticPrefix = '', staticPrefixAt } = server;
  return violatedChecks([
    {
      path: staticPrefixAt,
      dependsOn: [['auth', 'enabled']],
      violated: auth.enabled && beginsLikeOpenPath(staticPrefix) && !release.can('loginBelowPrefix'),
      message: `is ${staticPrefix}, which begins like a path that needs no login, so MLflow ${release.version} asks for none below it (use another, such as /mlflow, or MLflow ${sinceRelease('loginBelowPrefix')} or newer)`,
    },
  ]);
}

/** Behind a proxy the server does not declare its port, by which a rule would know it. */
function portIssues({ server: { sidecars }, auth }: Sections): Issue[] {
  return violatedChecks(
    sidecars.flatMap(({ ports }, index) =>
      (Array.isArray(ports) ? ports : []).map((port: unknown, number) => ({
        path: ['server', 'sidecars', index, 'ports', number, 'containerPort'],
        dependsOn: [['auth', 'oidc']],
        violated: auth.oidc !== undefined && isRecord(port) && port.containerPort === SERVER_PORT,
        message: `is ${SERVER_PORT}, on which the server listens in its pod (use another)`,
      })),
    ),
  );
}

/**
 * Memory that a server needs: a loader, which replaces a worker while the others serve, and so much for each worker.
 * Measured on 3.1.0 and 3.18.0 with two workers: a loader takes 216 and 267 MiB, a worker that has served 105 and 150.
 */
function neededMemory(release: Release, workers: number): number {
  const [loader, worker] = release.can('uvicorn') ? ['300Mi', '175Mi'] : ['190Mi', '125Mi'];
  return quantityValue(loader) + workers * quantityValue(worker);
}

/** What the number of workers follows from. */
const WORKERS = [
  ['server', 'workers'],
  ['server', 'resources', 'limits', 'cpu'],
];

function memoryIssues({ server, release }: Sections): Issue[] {
  const limit = server.resources.limits.memory;
  const needed = neededMemory(release, server.workers);
  if (quantityValue(limit) >= needed) return [];
  const message = `is ${limit}, but MLflow ${release.version} needs about ${formatBinary(roundUp(needed))} with ${server.workers} workers (raise it, or lower server.workers)`;
  return [{ path: ['server', 'resources', 'limits', 'memory'], dependsOn: WORKERS, message }];
}

const roundUp = (bytes: number) => Math.ceil(bytes / 2 ** 20) * 2 ** 20;

function diskIssues({ server }: Sections): Issue[] {
  const limit = server.resources.limits['ephemeral-storage'];
  if (quantityValue(server.temporaryStorage) < quantityValue(limit)) return [];
  const message = `is ${server.temporaryStorage}, which does not fit into the ephemeral-storage limit of ${limit} (raise or remove the limit)`;
  const dependsOn = [['server', 'resources'], ['monitoring']];
  return [{ path: ['server', 'temporaryStorage'], dependsOn, message }];
}

/** A pod never uses more memory than its limit, so a target above that adds none. */
function autoscalingIssues({ server: { autoscaling, resources, sidecars }, auth }: Sections): Issue[] {
  const { memoryUtilization } = autoscaling ?? {};
  const most = Math.floor((100 * quantityValue(resources.limits.memory)) / quantityValue(resources.requests.memory));
  // Other containers may have other shares.
  if (memoryUtilization === undefined || memoryUtilization < most || sidecars.length > 0 || auth.oidc) return [];
  const message = `is ${memoryUtilization} % of a memory request of ${resources.requests.memory}, which pods with a limit of ${resources.limits.memory} never use more than (use less than ${most}, such as ${Math.floor(most * 0.8)})`;
  return [{ path: ['server', 'autoscaling', 'memoryUtilization'], dependsOn: [['server', 'resources']], message }];
}
