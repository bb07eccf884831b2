import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

/** A new folder outside of the repository, removed at the end of the run. */
export const temporaryFolder = (): string =>
  mkdtempSync(join(process.env.CDK8S_MLFLOW_TEST_FOLDER as string, 'folder-'));
