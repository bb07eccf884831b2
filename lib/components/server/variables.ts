import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { allowedHosts, corsAllowedOrigins, trackingUri } from '../service/hosts';
import {
  AUTH_CONFIG_PATH,
  DATABASE_CA_PATH,
  DRAIN_SECONDS,
  LEAVE_SECONDS,
  S3_CA_PATH,
  SCRIPTS_PATH,
} from '../shared/constants';

/** An environment variable: a plain value, or a key of a Secret. */
export type Variable =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: string; readonly key: string };

/** The variables of the server. */
export function serverVariables(environment: ResolvedEnvironment): Variable[] {
  const { server, auth, authenticationCache } = environment;
  const ours: Variable[] = [
    ...processVariables(),
    ...databaseVariables(environment, `mlflow-server/${environment.release.version}`),
    ...poolVariables(environment),
    ...artifactVariables(environment),
    ...(auth.enabled
      ? [
          { name: 'MLFLOW_AUTH_CONFIG_PATH', value: AUTH_CONFIG_PATH },
          { name: 'MLFLOW_FLASK_SERVER_SECRET_KEY', secret: auth.secret, key: auth.flaskSecretKeyKey },
        ]
      : []),
    ...(authenticationCache === 'module'
      ? [
          { name: 'MLFLOW_AUTH_CACHE_TTL_SECONDS', value: String(auth.cacheSeconds) },
          { name: 'PYTHONPATH', value: SCRIPTS_PATH },
        ]
      : []),
    { name: 'MLFLOW_LOGGING_LEVEL', value: server.logLevel },
    ...programVariables(environment),
  ];
  return withGiven(ours, environment);
}

/** The environment file's own variables come last and win over ours of the same name. */
function withGiven(ours: readonly Variable[], { server }: ResolvedEnvironment): Variable[] {
  const given = Object.entries(server.env).map(([name, value]) => ({ name, value }));
  return [...ours.filter(({ name }) => !Object.hasOwn(server.env, name)), ...given];
}

/** The variables of the preparing program: where everything is, and what it may do. */
export function prepareVariables(environment: ResolvedEnvironment): Variable[] {
  const { release, database, auth, artifacts, authenticationCache, monitoring } = environment;
  const ours: Variable[] = [
    ...processVariables(),
    ...databaseVariables(environment, 'mlflow-prepare'),
    ...artifactVariables(environment),
    { name: 'PREPARE_TRACKING_DATABASE', value: database.name },
    { name: 'PREPARE_MIGRATE', value: database.migration },
    { name: 'PREPARE_TIMEOUT', value: String(database.timeout) },
    ...(database.create ? [{ name: 'PREPARE_CREATE_DATABASES', value: 'true' }] : []),
    ...(monitoring.metrics ? [{ name: 'PREPARE_METRICS', value: 'true' }] : []),
    { name: 'PREPARE_BUCKET', value: artifacts.s3.bucket },
    ...(artifacts.s3.prefix ? [{ name: 'PREPARE_BUCKET_PREFIX', value: `${artifacts.s3.prefix}/` }] : []),
    ...(artifacts.s3.createBucket ? [{ name: 'PREPARE_CREATE_BUCKET', value: 'true' }] : []),
    ...(auth.enabled
      ? [
          { name: 'MLFLOW_TRACKING_USERNAME', secret: auth.secret, key: auth.usernameKey },
          { name: 'MLFLOW_TRACKING_PASSWORD', secret: auth.secret, key: auth.passwordKey },
          { name: 'PREPARE_AUTH_DATABASE', value: database.authName },
          { name: 'PREPARE_ADMIN_USERNAME', value: '$(MLFLOW_TRACKING_USERNAME)' },
          { name: 'PREPARE_ADMIN_PASSWORD', value: '$(MLFLOW_TRACKING_PASSWORD)' },
          ...(release.can('asciiLogin') ? [{ name: 'PREPARE_ADMIN_CHARACTERS', value: 'ascii' }] : []),
          { name: 'PREPARE_DEFAULT_PERMISSION', value: auth.defaultPermission },
          ...auth.users.flatMap(userVariables),
          { name: 'MLFLOW_AUTH_CONFIG_PATH', value: AUTH_CONFIG_PATH },
        ]
      : []),
    ...(authenticationCache === 'release'
      ? [{ name: 'PREPARE_AUTH_CACHE_SECONDS', value: String(auth.cacheSeconds) }]
      : []),
    ...(authenticationCache === 'module'
      ? [{ name: 'PREPARE_AUTHORIZATION_FUNCTION', value: 'mlflow_auth_cached:authenticate' }]
      : []),
  ];
  return withGiven(ours, environment);
}

/** The variables of what collects garbage: the database, the store, and the server with the administrator's login. */
export function garbageCollectionVariables(
  environment: ResolvedEnvironment,
  { olderThan, timeLimit }: NonNullable<ResolvedEnvironment['garbageCollection']>,
): Variable[] {
  const { release, database, server } = environment;
  const common = [
    ...processVariables(),
    ...databaseVariables(environment, `mlflow-gc/${release.version}`),
    ...artifactVariables(environment),
  ];
  return ofJob(environment, common, [
    ...administratorVariables(environment),
    // One at a time is all that it uses; `connectionPool` counts on that.
    { name: 'MLFLOW_SQLALCHEMYSTORE_POOL_SIZE', value: '1' },
    { name: 'MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW', value: '1' },
    { name: 'GC_DATABASE', value: database.name },
    { name: 'GC_OLDER_THAN', value: olderThan },
    // What is left must do for the collection itself.
    { name: 'GC_LOCK_TIMEOUT', value: String(Math.floor(timeLimit / 2)) },
    ...(server.options['enable-workspaces'] === true ? [{ name: 'GC_WORKSPACES', value: 'true' }] : []),
  ]);
}

/** The variables of the smoke test: those of any client. Only where clients reach S3 themselves has it keys of it. */
export function smokeTestVariables(environment: ResolvedEnvironment): Variable[] {
  const direct = environment.artifacts.access === 'direct' ? artifactVariables(environment) : [];
  return ofJob(environment, [...processVariables(), ...direct], administratorVariables(environment));
}

/** A client of the server in the instance's own namespace, as its administrator. */
function administratorVariables(environment: ResolvedEnvironment): Variable[] {
  const { auth } = environment;
  return [
    { name: 'MLFLOW_TRACKING_URI', value: trackingUri(environment) },
    ...(auth.enabled
      ? [
          { name: 'MLFLOW_TRACKING_USERNAME', secret: auth.secret, key: auth.usernameKey },
          { name: 'MLFLOW_TRACKING_PASSWORD', secret: auth.secret, key: auth.passwordKey },
        ]
      : []),
    // By default a client tries for some minutes, which only hides what is wrong.
    { name: 'MLFLOW_HTTP_REQUEST_MAX_RETRIES', value: '3' },
    { name: 'MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR', value: 'false' },
  ];
}

/** Variables of a Job. Those that it alone has are what makes it: the environment file's own do not win over them. */
function ofJob(environment: ResolvedEnvironment, common: readonly Variable[], own: readonly Variable[]): Variable[] {
  const names = new Set(own.map(({ name }) => name));
  return [...withGiven(common, environment).filter(({ name }) => !names.has(name)), ...own];
}

/** A declared user, as the preparing program counts them. */
function userVariables(user: ResolvedEnvironment['auth']['users'][number], index: number): Variable[] {
  const prefix = `PREPARE_USER_${index}`;
  return [
    { name: `${prefix}_NAME`, value: user.name },
    { name: `${prefix}_PERMISSION`, value: user.permission },
    { name: `${prefix}_USERNAME`, secret: user.secret, key: user.usernameKey },
    { name: `${prefix}_PASSWORD`, secret: user.secret, key: user.passwordKey },
  ];
}

/** What any MLflow process needs in a container whose only writable place is /tmp. */
export function processVariables(): Variable[] {
  return [
    { name: 'HOME', value: '/tmp' },
    { name: 'PYTHONUNBUFFERED', value: '1' },
    { name: 'GIT_PYTHON_REFRESH', value: 'quiet' },
    { name: 'MPLCONFIGDIR', value: '/tmp/matplotlib' },
    { name: 'MLFLOW_DISABLE_TELEMETRY', value: 'true' },
  ];
}

/** User name and password of MLflow's role. */
export function databaseCredentials({ credentials }: ResolvedEnvironment['database']): Variable[] {
  return [
    { name: 'MLFLOW_DB_USERNAME', secret: credentials.secret, key: credentials.usernameKey },
    { name: 'MLFLOW_DB_PASSWORD', secret: credentials.secret, key: credentials.passwordKey },
  ];
}

/** Where PostgreSQL is and how to log in, as libpq reads it. `application`: the name by which it knows the program. */
export function databaseVariables({ database }: ResolvedEnvironment, application: string): Variable[] {
  const { tls } = database;
  return [
    // The seed's names; libpq's own follow from them by the kubelet's expansion, which keeps any character.
    ...databaseCredentials(database),
    { name: 'PGHOST', value: database.host },
    { name: 'PGPORT', value: String(database.port) },
    { name: 'PGUSER', value: '$(MLFLOW_DB_USERNAME)' },
    { name: 'PGPASSWORD', value: '$(MLFLOW_DB_PASSWORD)' },
    { name: 'PGAPPNAME', value: application },
    { name: 'PGCONNECT_TIMEOUT', value: '10' },
    { name: 'PGSSLMODE', value: tls.mode },
    ...(tls.ca ? [{ name: 'PGSSLROOTCERT', value: `${DATABASE_CA_PATH}/${tls.ca.key}` }] : []),
  ];
}

function poolVariables({ database: { pool } }: ResolvedEnvironment): Variable[] {
  return [
    { name: 'MLFLOW_SQLALCHEMYSTORE_POOL_SIZE', value: String(pool.size) },
    { name: 'MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW', value: String(pool.overflow) },
  ];
}

function artifactVariables({ artifacts: { s3 } }: ResolvedEnvironment): Variable[] {
  return [
    { name: 'AWS_ACCESS_KEY_ID', secret: s3.credentials.secret, key: s3.credentials.accessKeyIdKey },
    { name: 'AWS_SECRET_ACCESS_KEY', secret: s3.credentials.secret, key: s3.credentials.secretAccessKeyKey },
    { name: 'AWS_DEFAULT_REGION', value: s3.region },
    { name: 'MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE', value: s3.addressingStyle },
    ...(s3.endpoint
      ? [
          { name: 'MLFLOW_S3_ENDPOINT_URL', value: s3.endpoint },
          // boto3 1.36 and newer send checksums that some compatible stores refuse.
          { name: 'AWS_REQUEST_CHECKSUM_CALCULATION', value: 'when_required' },
          { name: 'AWS_RESPONSE_CHECKSUM_VALIDATION', value: 'when_required' },
        ]
      : []),
    ...(s3.tls.ca ? [{ name: 'AWS_CA_BUNDLE', value: `${S3_CA_PATH}/${s3.tls.ca.key}` }] : []),
  ];
}

/** Settings of the server program, by variables: an unknown one is ignored, where an unknown flag ends the server. */
function programVariables(environment: ResolvedEnvironment): Variable[] {
  const { release, server } = environment;
  const graceful = String(gracefulSeconds(environment));
  if (!release.can('uvicorn')) {
    const options = [
      '--worker-class=gthread',
      `--threads=${server.threads}`,
      // A worker is ended after this many seconds without a heartbeat; the default of 30 cuts long transfers.
      '--timeout=300',
      '--keep-alive=75',
      `--graceful-timeout=${graceful}`,
      // Heartbeats are files; on a busy disk they would look like a hanging worker.
      '--worker-tmp-dir=/dev/shm',
      `--log-level=${server.logLevel.toLowerCase()}`,
      ...(server.accessLog ? ['--access-logfile=-'] : []),
    ];
    return [{ name: 'GUNICORN_CMD_ARGS', value: options.join(' ') }];
  }
  const origins = corsAllowedOrigins(environment);
  return [
    { name: 'UVICORN_LOG_LEVEL', value: server.logLevel.toLowerCase() },
    { name: 'UVICORN_ACCESS_LOG', value: String(server.accessLog) },
    { name: 'UVICORN_TIMEOUT_KEEP_ALIVE', value: '75' },
    { name: 'UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN', value: graceful },
    // Each job runner costs about 140 MiB, and every replica would run every job.
    ...(release.can('jobs') ? [{ name: 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION', value: 'false' }] : []),
    ...(release.can('hostCheck')
      ? [
          { name: 'MLFLOW_SERVER_ALLOWED_HOSTS', value: allowedHosts(environment).join(',') },
          ...(origins.length > 0 ? [{ name: 'MLFLOW_SERVER_CORS_ALLOWED_ORIGINS', value: origins.join(',') }] : []),
        ]
      : []),
  ];
}

const gracefulSeconds = ({ server }: ResolvedEnvironment) =>
  Math.max(1, server.gracePeriod - DRAIN_SECONDS - LEAVE_SECONDS);
