import type { Variable } from '../../../kubernetes/variables';
import { artifactStore } from '../../artifacts/stores';
import { usesBasicAuth } from '../../auth/login';
import type { User } from '../../auth/resolve';
import { administratorLogin } from '../../auth/variables';
import { databaseVariables } from '../../database/variables';
import { AUTH_CONFIG_PATH, PREPARE } from '../../shared/constants';
import { processVariables } from '../../shared/process-variables';
import type { ServerSections } from '../server-sections';
import { withUserVariables } from './user-variables';

/** The variables of the init container, with those of the environment file. */
export const prepareVariables = (environment: ServerSections): Variable[] =>
  withUserVariables(ownPrepareVariables(environment), environment);

/** The variables that we set for the init container: locations and permitted actions. */
export function ownPrepareVariables(environment: ServerSections): Variable[] {
  const { release, database, auth, artifacts, monitoring } = environment;
  const store = artifactStore(artifacts);
  return [
    ...processVariables(),
    ...databaseVariables(database, 'mlflow-prepare'),
    ...store.mlflow.variables,
    { name: `${PREPARE}TRACKING_DATABASE`, value: database.name },
    { name: `${PREPARE}MIGRATE`, value: database.migration },
    { name: `${PREPARE}TIMEOUT`, value: String(database.timeout) },
    ...(database.create ? [{ name: `${PREPARE}CREATE_DATABASES`, value: 'true' }] : []),
    ...(monitoring.metrics ? [{ name: `${PREPARE}METRICS`, value: 'true' }] : []),
    ...store.prepareVariables,
    ...(usesBasicAuth(auth)
      ? [
          ...administratorLogin(auth),
          { name: `${PREPARE}AUTH_DATABASE`, value: database.authName },
          { name: `${PREPARE}ADMIN_USERNAME`, value: '$(MLFLOW_TRACKING_USERNAME)' },
          { name: `${PREPARE}ADMIN_PASSWORD`, value: '$(MLFLOW_TRACKING_PASSWORD)' },
          ...(release.can('asciiLogin') ? [{ name: `${PREPARE}ADMIN_CHARACTERS`, value: 'ascii' }] : []),
          { name: `${PREPARE}DEFAULT_PERMISSION`, value: auth.defaultPermission },
          ...auth.users.flatMap(userVariables),
          { name: 'MLFLOW_AUTH_CONFIG_PATH', value: AUTH_CONFIG_PATH },
        ]
      : []),
    ...(auth.app ? [{ name: `${PREPARE}APP_NAME`, value: auth.app.name }] : []),
    ...(auth.app?.database ? [{ name: `${PREPARE}APP_DATABASE`, value: auth.app.database.name }] : []),
    ...(usesBasicAuth(auth) && auth.cacheSeconds > 0 && release.can('authenticationCache')
      ? [{ name: `${PREPARE}AUTH_CACHE_SECONDS`, value: String(auth.cacheSeconds) }]
      : []),
  ];
}

/** The variables of one declared user, with the index that the program expects. */
function userVariables(user: User, index: number): Variable[] {
  const prefix = `${PREPARE}USER_${index}`;
  return [
    { name: `${prefix}_NAME`, value: user.name },
    { name: `${prefix}_PERMISSION`, value: user.permission },
    { name: `${prefix}_USERNAME`, secret: user.secret, key: user.usernameKey },
    { name: `${prefix}_PASSWORD`, secret: user.secret, key: user.passwordKey },
  ];
}
