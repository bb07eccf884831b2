import { backupIssues, resolveBackup } from '../components/backup/resolve';
import { type ConnectionNeeds, connectionPool } from '../components/database/connections';
import { METRICS_SIZE, monitoringWarnings, resolveMonitoring } from '../components/monitoring/resolve';
import { externalIssues } from '../components/secrets/external/references';
import { generatedSecrets, secretIssues, secretWarnings } from '../components/secrets/generated/generated';
import { requiredSecrets } from '../components/secrets/required';
import { mayHaveIpv6 } from '../components/service/hosts';
import {
  claimIssues,
  databaseMemoryIssues,
  databaseName,
  EMBEDDED_BUCKET,
  imageReference,
  objectStoreEndpoint,
  objectStoreName,
  resolveEmbedded,
} from '../components/shared/embedded';
import {
  BACKUP_CONNECTIONS,
  GARBAGE_COLLECTION_CONNECTIONS,
  resolveGarbageCollection,
} from '../components/shared/jobs';
import type { Issue } from '../input/issue';
import { formatBinary, quantityValue } from '../kubernetes/quantity';
import {
  compareReleases,
  DEFAULT_TAG,
  NEWEST_RELEASE,
  OLDEST_RELEASE,
  type Release,
  release,
  releaseOfTag,
} from '../mlflow/releases';
import { type Environment, mostReplicas } from './model';
import { releaseIssues, releaseWarnings } from './release-checks';
import type { ResolvedEnvironment, Resources } from './resolved-environment';
import { sealed } from './sections';

/** The outcome of resolving: the environment when there is no issue, and what a person should know. */
export interface Resolution {
  readonly environment?: ResolvedEnvironment;
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
}

/** Disk beside temporary storage: the container's own layer and its log. */
const DISK_BESIDES = quantityValue('256Mi');

/** How Secrets are sealed where nothing is said. */
const SEALED = sealed.parse({});

/** CPU that is set aside where nothing is said. */
const USUAL_CPU = '500m';

/** The most workers that follow from a CPU limit; more are taken when they are asked for. */
const MOST_WORKERS = 64;

/**
 * Fills in what depends on the release or on another section, and checks what only the release can tell. Pure: no
 * clock, no files, no cluster.
 */
export function resolve(given: Environment): Resolution {
  const tag = given.image.tag ?? (given.image.digest ? undefined : DEFAULT_TAG);
  const { version, issues: unclear } = findRelease(given, tag);
  // Where the release is not clear, the rest is checked all the same: every issue at once.
  const mlflow = release(version ?? NEWEST_RELEASE);
  const environment = fillIn(given, mlflow, tag);
  const { workers, rollout } = environment.server;
  const others = [
    ...releaseIssues(given, tag, environment, needs(given, mlflow, workers, rollout)),
    ...claimIssues(environment),
    ...databaseMemoryIssues(environment),
    ...secretIssues(environment),
    ...externalIssues(environment),
    ...backupIssues(environment),
  ];
  const isNamed = ({ path }: Issue) => unclear.some((issue) => issue.path.join() === path.join());
  const issues = [...unclear, ...others.filter((issue) => !isNamed(issue))];
  const named = given.mlflowVersion ? ['mlflowVersion'] : ['image', 'tag'];
  const warnings = [
    ...releaseWarnings(environment, named),
    ...secretWarnings(environment),
    ...monitoringWarnings(environment),
  ];
  return issues.length > 0 ? { issues, warnings } : { environment, issues, warnings };
}

/** The release in the image: as it is said, or as the tag names it. */
function findRelease(
  { image, mlflowVersion }: Environment,
  tag: string | undefined,
): { readonly version?: string; readonly issues: readonly Issue[] } {
  const named = tag ? releaseOfTag(tag) : undefined;
  const version = mlflowVersion ?? named;
  const issue = (path: readonly string[], message: string) => ({ issues: [{ path, message }] });
  if (mlflowVersion && named && named !== mlflowVersion) {
    return issue(
      ['mlflowVersion'],
      `is ${mlflowVersion}, but the tag ${tag} names ${named} (remove it, or give the other tag)`,
    );
  }
  if (version === undefined && tag) {
    return issue(
      ['image', 'tag'],
      `names no release, as in ${OLDEST_RELEASE}-4 or ${DEFAULT_TAG} (set mlflowVersion to the release in the image)`,
    );
  }
  if (version === undefined) {
    return issue(
      ['image', image.digest ? 'digest' : 'tag'],
      'says nothing of the release (set image.tag, or mlflowVersion)',
    );
  }
  if (compareReleases(version, OLDEST_RELEASE) < 0) {
    return issue(
      mlflowVersion ? ['mlflowVersion'] : ['image', 'tag'],
      `is MLflow ${version} (needs ${OLDEST_RELEASE} or newer)`,
    );
  }
  return { version, issues: [] };
}

function fillIn(given: Environment, mlflow: Release, tag: string | undefined): ResolvedEnvironment {
  const { extends: _, mlflowVersion: __, image, server, auth, availability, storage, backup: ___, ...rest } = given;
  // One worker of uvicorn would listen on IPv6 alone.
  const fewest = mlflow.can('uvicorn') && mayHaveIpv6(given.service) ? 2 : 1;
  const cores = Math.ceil(quantityValue(server.resources.limits.cpu));
  const workers = server.workers ?? Math.max(fewest, Math.min(MOST_WORKERS, cores));
  const data = storage.data;
  const unshared = data?.mountPath !== undefined && data.accessMode !== 'ReadWriteMany';
  const rollout = server.rollout ?? (unshared ? 'Recreate' : 'RollingUpdate');
  const replicas = server.autoscaling ? undefined : (server.replicas ?? 1);
  const several = mostReplicas(server) > 1;
  const pool = connectionPool(needs(given, mlflow, workers, rollout)) ?? { size: 1, overflow: 1 };
  const stores = {
    database: { ...resolveDatabase(given), pool },
    artifacts: resolveArtifacts(given),
    auth: {
      ...auth,
      secret: auth.secret ?? `${given.name}-basic-auth`,
      users: auth.users.map((user) => ({ ...user, secret: user.secret ?? `${given.name}-user-${user.name}` })),
    },
    monitoring: resolveMonitoring(given),
  };
  const clients = given.clients.map((client) => ({
    ...client,
    configMap: client.configMap ?? `${given.name}-client`,
    secret: client.secret ?? `${given.name}-client`,
  }));
  const named = {
    reference: imageReference({ ...image, tag }),
    pullPolicy: image.pullPolicy,
    pullSecret: image.pullSecret,
  };
  const backup = resolveBackup(given, stores.database.embedded?.image);
  const required = requiredSecrets({ ...stores, namespace: given.namespace, image: named, clients, backup });
  return {
    ...rest,
    release: mlflow,
    image: named,
    server: { ...server, replicas, workers, rollout, resources: resolveResources(given) },
    ...stores,
    secrets: { ...given.secrets, sealed: given.secrets.sealed ?? SEALED },
    clients,
    requiredSecrets: required,
    generatedSecrets: generatedSecrets(given.secrets.provider, required),
    garbageCollection: resolveGarbageCollection(given),
    backup,
    availability: {
      disruptionBudget: availability.disruptionBudget ?? several,
      topologySpread: availability.topologySpread ?? several,
      antiAffinity: availability.antiAffinity ?? (several ? 'preferred' : 'none'),
    },
    storage: data ? { data: { ...data, name: data.name ?? `${given.name}-data` } } : {},
    authenticationCache: authenticationCache(given, mlflow),
  };
}

function resolveDatabase({ name, database }: Environment): Omit<ResolvedEnvironment['database'], 'pool'> {
  const { embedded, ...others } = database;
  const secret = others.credentials.secret ?? `${name}-db-credentials`;
  const given = { ...others, credentials: { ...others.credentials, secret } };
  // A missing host is an issue before it comes here.
  if (!embedded) return { ...given, host: given.host ?? '', create: given.create ?? false };
  const own = databaseName(name);
  return { ...given, host: own, create: given.create ?? true, embedded: resolveEmbedded(embedded, own) };
}

function resolveArtifacts({ name, artifacts }: Environment): ResolvedEnvironment['artifacts'] {
  const { embedded, s3: others, ...given } = artifacts;
  const secret = others.credentials.secret ?? `${name}-s3-secret`;
  const s3 = { ...others, credentials: { ...others.credentials, secret } };
  // A missing bucket is an issue before it comes here.
  if (!embedded) return { ...given, s3: { ...s3, bucket: s3.bucket ?? '', createBucket: s3.createBucket ?? false } };
  const own = {
    bucket: s3.bucket ?? EMBEDDED_BUCKET,
    endpoint: objectStoreEndpoint(name),
    addressingStyle: 'path' as const,
    createBucket: s3.createBucket ?? true,
  };
  return { ...given, s3: { ...s3, ...own }, embedded: resolveEmbedded(embedded, objectStoreName(name)) };
}

function resolveResources({ server, monitoring }: Environment): Resources {
  const { resources, temporaryStorage } = server;
  const counts = monitoring.metrics ? quantityValue(METRICS_SIZE) : 0;
  const disk = formatBinary(quantityValue(temporaryStorage) + counts + DISK_BESIDES);
  const { requests, limits } = resources;
  const asked = requests['ephemeral-storage'] ?? disk;
  const limit = limits['ephemeral-storage'] ?? (quantityValue(asked) > quantityValue(disk) ? asked : disk);
  const fewCpu = quantityValue(limits.cpu) < quantityValue(USUAL_CPU);
  return {
    requests: {
      cpu: requests.cpu ?? (fewCpu ? limits.cpu : USUAL_CPU),
      memory: requests.memory ?? limits.memory,
      'ephemeral-storage': requests['ephemeral-storage'] ?? limit,
    },
    limits: { ...limits, 'ephemeral-storage': limit },
  };
}

function authenticationCache({ auth }: Environment, mlflow: Release): 'release' | 'module' | 'none' {
  if (!auth.enabled || auth.cacheSeconds === 0) return 'none';
  if (mlflow.can('authenticationCache')) return 'release';
  // From 3.3 on a function of our own would answer the routes outside Flask with an error.
  return mlflow.can('uvicorn') ? 'none' : 'module';
}

function needs(given: Environment, mlflow: Release, workers: number, rollout: string): ConnectionNeeds {
  // In a rolling update a pod that ends still holds its connections while the next ones start.
  const pods = Math.max(mostReplicas(given.server), 1) * (rollout === 'RollingUpdate' ? 2 : 1);
  return {
    release: mlflow,
    maxConnections: given.database.maxConnections,
    pods,
    workers,
    threads: given.server.threads,
    jobs: (given.garbageCollection ? GARBAGE_COLLECTION_CONNECTIONS : 0) + (given.backup ? BACKUP_CONNECTIONS : 0),
  };
}
