import type { PlainVariable, Variable } from '../../../kubernetes/variables';
import { artifactStore } from '../../artifacts/stores';
import { appVariables } from '../../auth/app/variables';
import { usesBasicAuth } from '../../auth/login';
import { admissionVariables } from '../../auth/oidc/admission';
import { encryptionKeys } from '../../auth/variables';
import { databaseVariables } from '../../database/variables';
import { allowedHosts, corsAllowedOrigins } from '../../service/accepted';
import { AUTH_CONFIG_PATH, DRAIN_SECONDS, LEAVE_SECONDS } from '../../shared/constants';
import { processVariables } from '../../shared/process-variables';
import type { ServerSections } from '../server-sections';
import { withUserVariables } from './user-variables';

/** The variables of the server, with those of the environment file. */
export const serverVariables = (environment: ServerSections): Variable[] =>
  withUserVariables(ownServerVariables(environment), environment);

/** The variables that we set for the server. */
export function ownServerVariables(environment: ServerSections): Variable[] {
  const { server, auth, database, artifacts, release, connectionPool } = environment;
  const origins = corsAllowedOrigins(environment);
  return [
    ...processVariables(),
    ...databaseVariables(database, `mlflow-server/${release.version}`),
    adjustable('MLFLOW_SQLALCHEMYSTORE_POOL_SIZE', connectionPool.size),
    adjustable('MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW', connectionPool.overflow),
    ...artifactStore(artifacts).mlflow.variables,
    ...(usesBasicAuth(auth)
      ? [
          { name: 'MLFLOW_AUTH_CONFIG_PATH', value: AUTH_CONFIG_PATH },
          { name: 'MLFLOW_FLASK_SERVER_SECRET_KEY', secret: auth.secret, key: auth.flaskSecretKeyKey },
        ]
      : []),
    ...encryptionKeys(auth, release),
    ...admissionVariables(auth),
    ...(auth.app ? appVariables(auth.app) : []),
    // The start program compares them too, in every release.
    ...(origins.length > 0 ? [{ name: 'MLFLOW_SERVER_CORS_ALLOWED_ORIGINS', value: origins.join(',') }] : []),
    adjustable('MLFLOW_LOGGING_LEVEL', server.logLevel),
    ...(release.can('uvicorn') ? uvicornVariables(environment) : [gunicornVariable(environment)]),
  ];
}

const adjustable = (name: string, value: string | number | boolean): PlainVariable => ({
  name,
  value: String(value),
  adjustable: true,
});

/**
 * Settings of uvicorn as variables: an unknown variable is ignored, but with an unknown flag the server would not
 * start.
 */
function uvicornVariables(environment: ServerSections): PlainVariable[] {
  const { release, server } = environment;
  return [
    adjustable('UVICORN_LOG_LEVEL', server.logLevel.toLowerCase()),
    adjustable('UVICORN_ACCESS_LOG', server.accessLog),
    adjustable('UVICORN_TIMEOUT_KEEP_ALIVE', 75),
    { name: 'UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN', value: String(gracefulSeconds(server)) },
    // Each job runner costs about 140 MiB, and every replica would run every job.
    ...(release.can('jobs') ? [adjustable('MLFLOW_SERVER_ENABLE_JOB_EXECUTION', false)] : []),
    ...(release.can('hostCheck')
      ? [{ name: 'MLFLOW_SERVER_ALLOWED_HOSTS', value: allowedHosts(environment).join(',') }]
      : []),
  ];
}

function gunicornVariable({ server, auth }: ServerSections): PlainVariable {
  const options = [
    `--threads=${server.threads}`,
    // A worker that stands still for so many seconds is killed, as under uvicorn. The default is 30.
    '--timeout=300',
    '--keep-alive=75',
    `--graceful-timeout=${gracefulSeconds(server)}`,
    `--log-level=${server.logLevel.toLowerCase()}`,
    ...(server.accessLog ? ['--access-logfile=-'] : []),
    // Sessions of people are in cookies; the default is 8190 bytes.
    ...(auth.oidc ? ['--limit-request-field_size=32768'] : []),
  ];
  return { name: 'GUNICORN_CMD_ARGS', value: options.join(' ') };
}

/** The part of the pod's grace period that running requests get, in seconds. */
const gracefulSeconds = ({ gracePeriod }: ServerSections['server']): number =>
  Math.max(1, gracePeriod - DRAIN_SECONDS - LEAVE_SECONDS);
