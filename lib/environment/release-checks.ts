import { type ConnectionNeeds, connectionPool, fewestConnections } from '../components/database/connections';
import { listeningAddress } from '../components/service/hosts';
import { type Check, type Issue, violatedChecks } from '../input/issue';
import { formatBinary, quantityValue } from '../kubernetes/quantity';
import { checkOptions, GUNICORN } from '../mlflow/options';
import { compareReleases, NEWEST_RELEASE, type Release, sinceRelease } from '../mlflow/releases';
import type { Environment } from './model';
import type { ResolvedEnvironment } from './resolved-environment';

/** What only the release can tell is wrong: what it cannot do, and what does not fit into the resources given to it. */
export function releaseIssues(
  given: Environment,
  tag: string | undefined,
  environment: ResolvedEnvironment,
  connections: ConnectionNeeds,
): Issue[] {
  return [
    ...imageIssues(given, environment.release, tag),
    ...layoutIssues(environment),
    ...userIssues(environment),
    ...checkOptions(given.server.options, environment.release),
    ...memoryIssues(environment),
    ...diskIssues(environment),
    ...connectionIssues(environment, connections),
    ...variableIssues(environment),
  ];
}

const OFFICIAL = 'ghcr.io/mlflow/mlflow';

function imageIssues({ image, auth }: Environment, mlflow: Release, tag: string | undefined): Issue[] {
  const official = image.repository === OFFICIAL && tag !== undefined;
  const full = tag?.endsWith('-full') ?? false;
  const rules = [
    {
      path: ['image', 'tag'],
      violated: official && !full,
      message: `is the bare official image, which has no PostgreSQL driver and no S3 client (use a -full tag of ${sinceRelease('fullImage')} or newer, or an image of your own)`,
    },
    {
      path: ['image', 'tag'],
      violated: official && full && !mlflow.can('fullImage'),
      message: `does not exist (the official image has -full tags from ${sinceRelease('fullImage')} on; use one of those, or an image of your own)`,
    },
    {
      path: ['image', 'tag'],
      violated:
        official && full && mlflow.can('fullImage') && auth.enabled && !mlflow.can('fullImageWithAuthentication'),
      message: `lacks what basic authentication needs (use ${sinceRelease('fullImageWithAuthentication')} or newer, or an image of your own)`,
    },
    {
      path: ['auth', 'enabled'],
      violated: auth.enabled && mlflow.can('uvicorn') && !mlflow.can('basicAuthUnderUvicorn'),
      message: `fails on every request with MLflow ${mlflow.version} (use ${sinceRelease('basicAuthUnderUvicorn')} or newer, or 3.2.x)`,
    },
  ];
  return violatedChecks(rules);
}

function layoutIssues(environment: ResolvedEnvironment): Issue[] {
  const { release: mlflow, database, auth, server } = environment;
  return violatedChecks([
    {
      path: ['database', 'authName'],
      violated: auth.enabled && database.authName === database.name && !mlflow.can('sharedDatabase'),
      message: `is the same as database.name, but MLflow ${mlflow.version} migrates each schema as if it were alone (give users a database of their own, or use ${sinceRelease('sharedDatabase')} or newer)`,
    },
    {
      path: ['server', 'workers'],
      violated: server.workers === 1 && mlflow.can('uvicorn') && listeningAddress(environment) === '::',
      message:
        'is 1, and a single worker of uvicorn listens on IPv6 alone, where the kubelet may ask by IPv4 (raise it to 2, or leave it out)',
    },
  ]);
}

/** Each allows what those before it do. */
const PERMISSIONS = ['NO_PERMISSIONS', 'READ', 'EDIT', 'MANAGE'] as const;

function userIssues({ auth, release: mlflow }: ResolvedEnvironment): Issue[] {
  const fewest = PERMISSIONS.indexOf(auth.defaultPermission);
  return violatedChecks(
    auth.users.map(({ permission }, index) => ({
      path: ['auth', 'users', index, 'permission'],
      violated: mlflow.can('wildcardGrants') && PERMISSIONS.indexOf(permission) < fewest,
      message: `is ${permission}, but MLflow ${mlflow.version} gives every user auth.defaultPermission at least, which is ${auth.defaultPermission} (lower that, or raise this)`,
    })),
  );
}

/**
 * Memory that a server takes at rest: its launcher, and so much for each worker. Measured on 3.1.0 and 3.18.0 with two
 * and four workers.
 */
function memoryAtRest(mlflow: Release, workers: number): number {
  const [launcher, worker] = mlflow.can('uvicorn') ? ['300Mi', '175Mi'] : ['190Mi', '125Mi'];
  return quantityValue(launcher) + workers * quantityValue(worker);
}

function memoryIssues({ server, release: mlflow }: ResolvedEnvironment): Issue[] {
  const limit = server.resources.limits.memory;
  const needed = memoryAtRest(mlflow, server.workers);
  if (quantityValue(limit) >= needed) return [];
  const message = `is ${limit}, but MLflow ${mlflow.version} takes about ${formatBinary(roundUp(needed))} with ${server.workers} workers before the first request (raise it, or set server.workers)`;
  return [{ path: ['server', 'resources', 'limits', 'memory'], message }];
}

function diskIssues({ server }: ResolvedEnvironment): Issue[] {
  const limit = server.resources.limits['ephemeral-storage'];
  if (quantityValue(server.temporaryStorage) < quantityValue(limit)) return [];
  const message = `is ${server.temporaryStorage}, which does not fit into the ephemeral-storage limit of ${limit} (raise the limit, or leave it out)`;
  return [{ path: ['server', 'temporaryStorage'], message }];
}

const roundUp = (bytes: number) => Math.ceil(bytes / 2 ** 20) * 2 ** 20;

function connectionIssues({ server }: ResolvedEnvironment, wanted: ConnectionNeeds): Issue[] {
  if (connectionPool(wanted)) return [];
  const message = `is ${wanted.maxConnections}, but ${wanted.pods} pods (a rollout's included) of ${server.workers} workers may need ${fewestConnections(wanted)} connections (raise it with PostgreSQL's max_connections, or take fewer replicas or workers)`;
  return [{ path: ['database', 'maxConnections'], message }];
}

/** Variables that carry credentials or decide where they go; another value would only break the server. */
const OWN_VARIABLES =
  /^(PG(HOST|HOSTADDR|PORT|USER|PASSWORD|DATABASE|APPNAME|SERVICE|SERVICEFILE|SSLMODE|SSLROOTCERT)|PREPARE_[A-Z0-9_]+|MLFLOW_(S3_ENDPOINT_URL|BACKEND_STORE_URI)|MLFLOW_DB_(USERNAME|PASSWORD)|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)|MLFLOW_FLASK_SERVER_SECRET_KEY|MLFLOW_AUTH_CONFIG_PATH|MLFLOW_PORT|MLFLOW_HOST|HOME|prometheus_multiproc_dir|PROMETHEUS_MULTIPROC_DIR)$/;

function variableIssues({ server, authenticationCache, release: mlflow }: ResolvedEnvironment): Issue[] {
  const isOurs = (name: string) =>
    OWN_VARIABLES.test(name) || (name === 'PYTHONPATH' && authenticationCache === 'module');
  const issues = Object.keys(server.env)
    .filter(isOurs)
    .map((name) => ({
      path: ['server', 'env', name],
      message: 'is set by the server itself (use the key of the environment file that it follows from)',
    }));
  const gunicorn = {
    path: ['server', 'env', 'MLFLOW_GUNICORN_OPTS'],
    violated: Object.hasOwn(server.env, 'MLFLOW_GUNICORN_OPTS') && mlflow.can('uvicorn'),
    message: `on MLflow ${mlflow.version} ${GUNICORN}`,
  };
  return [...issues, ...violatedChecks([gunicorn])];
}

/** What a person should know of the release, though nothing forbids it. */
export function releaseWarnings(environment: ResolvedEnvironment, named: readonly string[]): Issue[] {
  const { release: mlflow, auth, service, server, authenticationCache: cache } = environment;
  const nobody = server.allowedHosts.length === 0 && server.corsAllowedOrigins.length === 0;
  const rules: Check[] = [
    {
      path: named,
      violated: compareReleases(mlflow.version, NEWEST_RELEASE) > 0,
      message: `is MLflow ${mlflow.version}, newer than any tested release; it is rendered like ${NEWEST_RELEASE}`,
    },
    {
      path: named,
      violated: !mlflow.can('advisories'),
      message: `is MLflow ${mlflow.version}, which has published vulnerabilities (${sinceRelease('advisories')} fixes those that a server behind a login meets; newest tested: ${NEWEST_RELEASE})`,
    },
    {
      path: named,
      violated: auth.enabled && mlflow.can('sharedDatabase') && !mlflow.can('authUpgrade'),
      message: `is MLflow ${mlflow.version}, which cannot upgrade users and permissions of 3.5.1 or older (go to ${sinceRelease('authUpgrade')} or newer, unless the database is new)`,
    },
    {
      path: ['auth', 'cacheSeconds'],
      violated: auth.enabled && auth.cacheSeconds > 0 && cache === 'none',
      message: `has no effect on MLflow ${mlflow.version}: every request hashes a password, about 7 requests a second and core (3.2.x or older, or ${sinceRelease('authenticationCache')} or newer, serve 12 to 20 times as many)`,
    },
    ...auth.users.map(({ permission }, index) => ({
      path: ['auth', 'users', index, 'permission'],
      violated: permission === 'NO_PERMISSIONS' && !mlflow.can('checkedRunSearch'),
      message: `does not hide runs on MLflow ${mlflow.version}, whose search shows all of them to every user (${sinceRelease('checkedRunSearch')} or newer checks it)`,
    })),
    {
      path: ['service', 'type'],
      violated:
        mlflow.can('hostCheck') &&
        nobody &&
        ((service.type === 'LoadBalancer' && service.loadBalancerIP === undefined) ||
          (service.type === 'NodePort' && service.nodeAddresses.length === 0)),
      message: `is ${service.type}, but no address is named that a browser could use, so MLflow will refuse its requests (give ${
        service.type === 'NodePort' ? 'service.nodeAddresses' : 'service.loadBalancerIP'
      }, or server.allowedHosts and server.corsAllowedOrigins)`,
    },
  ];
  return violatedChecks(rules);
}
