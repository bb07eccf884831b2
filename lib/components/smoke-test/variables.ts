import type { Variable } from '../../kubernetes/variables';
import { type AccountIdentity, artifactIdentity } from '../artifacts/identity';
import { artifactStore } from '../artifacts/stores';
import type { ServerSections } from '../server/server-sections';
import { administratorVariables } from '../server/variables/administrator';
import { withJobVariables } from '../server/variables/user-variables';
import type { MountedFile } from '../shared/mounted-files';
import { processVariables } from '../shared/process-variables';

/** The variables of the smoke test, with those of the environment file: those of any client. */
export const smokeTestVariables = (environment: ServerSections): Variable[] =>
  withJobVariables(commonVariables(environment), administratorVariables(environment), environment);

/** Keys of S3 only where clients reach it themselves. */
export const commonVariables = ({ artifacts }: ServerSections): Variable[] => [
  ...processVariables(),
  ...(artifacts.access === 'direct' ? artifactStore(artifacts).mlflow.variables : []),
];

/** Files of the store, such as a CA certificate, in the same case. It never connects to PostgreSQL. */
export const smokeTestFiles = ({ artifacts }: ServerSections): readonly MountedFile[] =>
  artifacts.access === 'direct' ? artifactStore(artifacts).mlflow.files : [];

/** As whom it uses the artifact store, where clients do so themselves. */
export const smokeTestIdentity = (environment: ServerSections): AccountIdentity | undefined =>
  environment.artifacts.access === 'direct' ? artifactIdentity(environment) : undefined;
