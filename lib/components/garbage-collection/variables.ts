import type { Variable } from '../../kubernetes/variables';
import { artifactStore } from '../artifacts/stores';
import { databaseVariables } from '../database/variables';
import type { ServerSections } from '../server/server-sections';
import { administratorVariables } from '../server/variables/administrator';
import { withJobVariables } from '../server/variables/user-variables';
import { processVariables } from '../shared/process-variables';
import type { GarbageCollection } from './resolve';

/** How the names of the program's own settings begin. */
export const GC = 'GC_';

/** The variables of the garbage collection, with those of the environment file. */
export const garbageCollectionVariables = (environment: ServerSections, settings: GarbageCollection): Variable[] =>
  withJobVariables(commonVariables(environment), ownVariables(environment, settings), environment);

/** The database and the artifact store. */
export const commonVariables = ({ release, database, artifacts }: ServerSections): Variable[] => [
  ...processVariables(),
  ...databaseVariables(database, `mlflow-gc/${release.version}`),
  ...artifactStore(artifacts).mlflow.variables,
];

/** The server with the administrator's login, and what to remove. */
function ownVariables(environment: ServerSections, { olderThan, timeLimit }: GarbageCollection): Variable[] {
  const { artifacts, database, server } = environment;
  const { collectedRoot, uri } = artifactStore(artifacts);
  return [
    ...administratorVariables(environment),
    // It uses only one at a time; the connection budget relies on that.
    { name: 'MLFLOW_SQLALCHEMYSTORE_POOL_SIZE', value: '1', adjustable: true },
    { name: 'MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW', value: '1', adjustable: true },
    { name: `${GC}DATABASE`, value: database.name },
    { name: `${GC}ARTIFACT_ROOT`, value: collectedRoot ?? uri },
    { name: `${GC}OLDER_THAN`, value: olderThan },
    // The rest must be enough for the collection itself.
    { name: `${GC}LOCK_TIMEOUT`, value: String(Math.floor(timeLimit / 2)) },
    ...(server.options['enable-workspaces'] === true ? [{ name: `${GC}WORKSPACES`, value: 'true' }] : []),
  ];
}
