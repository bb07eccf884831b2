import type { Fault } from '../environment/fault';
import { formatBinary, quantityValue } from '../environment/quantity';
import type { Environment } from '../environment/schema';
import { type ConnectionPool, connectionPool, fewestConnections } from './connections';
import { checkOptions } from './options';
import {
  compareReleases,
  DEFAULT_TAG,
  NEWEST_RELEASE,
  OLDEST_RELEASE,
  type Release,
  release,
  releaseOfTag,
  sinceRelease,
} from './releases';

/** All of a type and of what it holds, read only. */
export type DeepReadonly<T> = T extends (...given: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

type Resources = { requests: Amounts; limits: Amounts };
type Amounts = { cpu: string; memory: string; 'ephemeral-storage': string };

interface Resolved
  extends Omit<
    Environment,
    'extends' | 'mlflowVersion' | 'image' | 'server' | 'database' | 'artifacts' | 'availability' | 'storage'
  > {
  /** The MLflow release in the image. */
  release: Release;
  /** The image with tag and digest as a pod names it. */
  image: { reference: string; pullPolicy: Environment['image']['pullPolicy']; pullSecret?: string };
  server: Omit<Environment['server'], 'workers' | 'rollout' | 'resources'> & {
    workers: number;
    rollout: 'RollingUpdate' | 'Recreate';
    resources: Resources;
  };
  database: Environment['database'] & { host: string; pool: ConnectionPool };
  artifacts: Omit<Environment['artifacts'], 's3'> & { s3: Environment['artifacts']['s3'] & { bucket: string } };
  availability: Required<Environment['availability']>;
  storage: { data?: NonNullable<Environment['storage']['data']> & { name: string } };
  /** How a password found right is remembered: by the release itself, by our module, or not at all. */
  authenticationCache: 'release' | 'module' | 'none';
}

/** An environment in which nothing is left open: what the constructs see. */
export type ResolvedEnvironment = DeepReadonly<Resolved>;

/** The outcome of resolving: the environment when there is no fault, and what a person should know. */
export interface Resolution {
  readonly environment?: ResolvedEnvironment;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Disk beside temporary storage: the container's own layer and its log. */
const DISK_BESIDES = quantityValue('256Mi');

/**
 * Fills in what depends on the release or on another section, and checks what only the release can tell. Pure: no
 * clock, no files, no cluster.
 */
export function resolve(given: Environment): Resolution {
  const tag = given.image.tag ?? (given.image.digest ? undefined : DEFAULT_TAG);
  const version = given.mlflowVersion ?? (tag ? releaseOfTag(tag) : undefined);
  if (version === undefined) {
    const message = tag
      ? `names no release, as in ${OLDEST_RELEASE}-4 or ${DEFAULT_TAG} (set mlflowVersion to the release in the image)`
      : 'says nothing of the release (set image.tag, or mlflowVersion)';
    return { faults: [{ path: ['image', tag ? 'tag' : 'digest'], message }], warnings: [] };
  }
  const named = given.mlflowVersion ? ['mlflowVersion'] : ['image', 'tag'];
  if (compareReleases(version, OLDEST_RELEASE) < 0) {
    const message = `is MLflow ${version} (needs ${OLDEST_RELEASE} or newer)`;
    return { faults: [{ path: named, message }], warnings: [] };
  }
  const mlflow = release(version);
  const environment = fillIn(given, mlflow, tag);
  const faults = [
    ...imageFaults(given, mlflow, tag),
    ...checkOptions(given.server.options, mlflow),
    ...memoryFaults(environment),
    ...connectionFaults(given, environment),
    ...variableFaults(given),
  ];
  const warnings = releaseWarnings(environment, named);
  return faults.length > 0 ? { faults, warnings } : { environment, faults, warnings };
}

function fillIn(given: Environment, mlflow: Release, tag: string | undefined): ResolvedEnvironment {
  const { extends: _, mlflowVersion: __, image, server, database, artifacts, availability, storage, ...rest } = given;
  const workers = server.workers ?? Math.max(1, Math.ceil(quantityValue(server.resources.limits.cpu)));
  const data = storage.data;
  const unshared = data?.mountPath !== undefined && data.accessMode !== 'ReadWriteMany';
  const rollout = server.rollout ?? (unshared ? 'Recreate' : 'RollingUpdate');
  const several = server.replicas > 1;
  const pool = connectionPool(needs(given, mlflow, workers, rollout)) ?? { size: 1, overflow: 1 };
  return {
    ...rest,
    release: mlflow,
    image: {
      reference: `${image.repository}${tag ? `:${tag}` : ''}${image.digest ? `@${image.digest}` : ''}`,
      pullPolicy: image.pullPolicy,
      pullSecret: image.pullSecret,
    },
    server: { ...server, workers, rollout, resources: resolveResources(server) },
    // A missing host or bucket is a fault before it comes here.
    database: { ...database, host: database.host ?? '', pool },
    artifacts: { ...artifacts, s3: { ...artifacts.s3, bucket: artifacts.s3.bucket ?? '' } },
    availability: {
      disruptionBudget: availability.disruptionBudget ?? several,
      topologySpread: availability.topologySpread ?? several,
      antiAffinity: availability.antiAffinity ?? (several ? 'preferred' : 'none'),
    },
    storage: data ? { data: { ...data, name: data.name ?? `${given.name}-data` } } : {},
    authenticationCache: authenticationCache(given, mlflow),
  };
}

function resolveResources({ resources, temporaryStorage }: Environment['server']): Resources {
  const disk = formatBinary(quantityValue(temporaryStorage) + DISK_BESIDES);
  const limit = resources.limits['ephemeral-storage'] ?? resources.requests['ephemeral-storage'] ?? disk;
  return {
    requests: { ...resources.requests, 'ephemeral-storage': resources.requests['ephemeral-storage'] ?? limit },
    limits: { ...resources.limits, 'ephemeral-storage': limit },
  };
}

function authenticationCache({ auth }: Environment, mlflow: Release): 'release' | 'module' | 'none' {
  if (!auth.enabled || auth.cacheSeconds === 0) return 'none';
  if (mlflow.can('authenticationCache')) return 'release';
  // From 3.3 on a function of our own would answer the routes outside Flask with an error.
  return mlflow.can('uvicorn') ? 'none' : 'module';
}

function needs(given: Environment, mlflow: Release, workers: number, rollout: string) {
  const pods = Math.max(given.server.replicas, 1) + (rollout === 'RollingUpdate' ? 1 : 0);
  return {
    release: mlflow,
    maxConnections: given.database.maxConnections,
    pods,
    workers,
    threads: given.server.threads,
  };
}

const OFFICIAL = 'ghcr.io/mlflow/mlflow';

function imageFaults({ image, auth }: Environment, mlflow: Release, tag: string | undefined): Fault[] {
  const official = image.repository === OFFICIAL && tag !== undefined;
  const full = tag?.endsWith('-full') ?? false;
  const rules = [
    {
      path: ['image', 'tag'],
      broken: official && !full,
      message: `is the bare official image, which has no PostgreSQL driver and no S3 client (use a -full tag of ${sinceRelease('fullImage')} or newer, or an image of your own)`,
    },
    {
      path: ['image', 'tag'],
      broken: official && full && auth.enabled && !mlflow.can('fullImageWithAuthentication'),
      message: `lacks what basic authentication needs (use ${sinceRelease('fullImageWithAuthentication')} or newer, or an image of your own)`,
    },
    {
      path: ['auth', 'enabled'],
      broken: auth.enabled && mlflow.can('uvicorn') && !mlflow.can('basicAuthUnderUvicorn'),
      message: `fails on every request with MLflow ${mlflow.version} (use ${sinceRelease('basicAuthUnderUvicorn')} or newer, or 3.2.x)`,
    },
  ];
  return rules.filter(({ broken }) => broken).map(({ path, message }) => ({ path, message }));
}

/**
 * Memory that a server takes at rest: its launcher, and so much for each worker. Measured on 3.1.0 and 3.18.0 with two
 * and four workers.
 */
function memoryAtRest(mlflow: Release, workers: number): number {
  const [launcher, worker] = mlflow.can('uvicorn') ? ['300Mi', '175Mi'] : ['190Mi', '125Mi'];
  return quantityValue(launcher) + workers * quantityValue(worker);
}

function memoryFaults({ server, release: mlflow }: ResolvedEnvironment): Fault[] {
  const limit = server.resources.limits.memory;
  const needed = memoryAtRest(mlflow, server.workers);
  if (quantityValue(limit) >= needed) return [];
  const message = `is ${limit}, but MLflow ${mlflow.version} takes about ${formatBinary(roundUp(needed))} with ${server.workers} workers before the first request (raise it, or set server.workers)`;
  return [{ path: ['server', 'resources', 'limits', 'memory'], message }];
}

const roundUp = (bytes: number) => Math.ceil(bytes / 2 ** 20) * 2 ** 20;

function connectionFaults(given: Environment, { release: mlflow, server }: ResolvedEnvironment): Fault[] {
  const wanted = needs(given, mlflow, server.workers, server.rollout);
  if (connectionPool(wanted)) return [];
  const message = `is ${given.database.maxConnections}, but ${wanted.pods} pods (a rollout's extra one included) of ${server.workers} workers may need ${fewestConnections(wanted)} connections (raise it with PostgreSQL's max_connections, or take fewer replicas or workers)`;
  return [{ path: ['database', 'maxConnections'], message }];
}

/** Variables that carry credentials or decide where they go; another value would only break the server. */
const OWN_VARIABLES =
  /^(PG[A-Z]+|MLFLOW_DB_(USERNAME|PASSWORD)|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)|MLFLOW_FLASK_SERVER_SECRET_KEY|MLFLOW_AUTH_CONFIG_PATH|MLFLOW_PORT|MLFLOW_HOST|HOME)$/;

function variableFaults({ server }: Environment): Fault[] {
  return Object.keys(server.env)
    .filter((name) => OWN_VARIABLES.test(name))
    .map((name) => ({
      path: ['server', 'env', name],
      message: 'is set by the server itself (use the key of the environment file that it follows from)',
    }));
}

function releaseWarnings(environment: ResolvedEnvironment, named: readonly string[]): Fault[] {
  const { release: mlflow, auth, authenticationCache: cache } = environment;
  const rules = [
    {
      path: named,
      holds: compareReleases(mlflow.version, NEWEST_RELEASE) > 0,
      message: `is MLflow ${mlflow.version}, newer than any tested release; it is rendered like ${NEWEST_RELEASE}`,
    },
    {
      path: named,
      holds: !mlflow.can('advisories'),
      message: `is MLflow ${mlflow.version}, which has published vulnerabilities (${sinceRelease('advisories')} fixes those that a server behind a login meets; newest tested: ${NEWEST_RELEASE})`,
    },
    {
      path: ['auth', 'cacheSeconds'],
      holds: auth.enabled && auth.cacheSeconds > 0 && cache === 'none',
      message: `has no effect on MLflow ${mlflow.version}: every request hashes a password, about 7 requests a second and core (3.2.x or older, or ${sinceRelease('authenticationCache')} or newer, serve 12 to 20 times as many)`,
    },
  ];
  return rules.filter(({ holds }) => holds).map(({ path, message }) => ({ path, message }));
}
