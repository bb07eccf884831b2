import { quantityValue } from '../../kubernetes/quantity';
import { optionArguments } from '../../mlflow/options';
import { artifactStore } from '../artifacts/stores';
import { usesBasicAuth } from '../auth/login';
import { admissionArguments } from '../auth/oidc/admission';
import { METRICS_FOLDER } from '../monitoring/sidecar';
import { listeningAddress } from '../service/hosts';
import { tlsArguments } from '../service/tls';
import { SERVER_PORT } from '../shared/constants';
import { databaseUri } from '../shared/database-uri';
import type { ServerSections } from './server-sections';

/**
 * The command line of the server: argv, no shell, nothing secret. Our program runs MLflow's command, and the server
 * program in its place.
 */
export function serverCommand(environment: ServerSections): string[] {
  const { server, database, auth, artifacts, monitoring } = environment;
  const { uri } = artifactStore(artifacts);
  return [
    'python',
    '-m',
    'server',
    `--max-request-body=${quantityValue(server.maxRequestBody)}`,
    ...tlsArguments(environment.service),
    ...(usesBasicAuth(auth) ? [`--cache-logins=${auth.cacheSeconds}`] : []),
    // Its routes and hooks are not known here: nothing of them is changed, and no way leads past them.
    ...(auth.app ? ['--unknown-app'] : []),
    ...admissionArguments(auth),
    'mlflow',
    'server',
    `--host=${listeningAddress(environment)}`,
    // Without it a Service called mlflow would set the port to its URL.
    `--port=${SERVER_PORT}`,
    `--workers=${server.workers}`,
    `--backend-store-uri=${databaseUri(database.name)}`,
    ...(artifacts.access === 'proxied'
      ? ['--serve-artifacts', `--artifacts-destination=${uri}`]
      : ['--no-serve-artifacts', `--default-artifact-root=${uri}`]),
    ...(auth.enabled ? [`--app-name=${auth.app?.name ?? 'basic-auth'}`] : []),
    ...(server.staticPrefix ? [`--static-prefix=${server.staticPrefix}`] : []),
    ...(monitoring.metrics ? [`--expose-prometheus=${METRICS_FOLDER}`] : []),
    ...optionArguments(server.options),
  ];
}
