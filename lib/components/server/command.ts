import { quantityValue } from '../../kubernetes/quantity';
import { optionArguments } from '../../mlflow/options';
import { artifactStore } from '../artifacts/stores';
import { admissionArguments } from '../auth/oidc/admission';
import { METRICS_FOLDER } from '../monitoring/sidecar';
import { listeningAddress } from '../service/hosts';
import { tlsArguments } from '../service/tls';
import { SERVER_PORT } from '../shared/constants';
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
    ...(auth.enabled ? [`--cache-logins=${auth.cacheSeconds}`] : []),
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
    ...(auth.enabled ? ['--app-name=basic-auth'] : []),
    ...(server.staticPrefix ? [`--static-prefix=${server.staticPrefix}`] : []),
    ...(monitoring.metrics ? [`--expose-prometheus=${METRICS_FOLDER}`] : []),
    ...optionArguments(server.options),
  ];
}

/**
 * A URI with only the name of the database: libpq's variables contain the rest, so no credential is part of a URI. Not
 * encoded, because SQLAlchemy 2.0 would not decode it; the model refuses the characters that would need it.
 */
export const databaseUri = (name: string): string => `postgresql+psycopg2:///${name}`;
