import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder';
import { run } from './process';
import { python, virtualEnvironment } from './tools';

/**
 * Runs a Python program of `programs/` in an environment for MLflow's Flask application with a login, on SQLite and
 * folders of its own: what it prints in lines that begin with these words, each followed by JSON.
 */
export async function runOnApplication(
  version: string,
  [program, ...args]: readonly [string, ...string[]],
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly { readonly kind: string; readonly values: readonly unknown[] }[]> {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  const settings = {
    default_permission: 'NO_PERMISSIONS',
    database_uri: `sqlite:///${path('auth.db')}`,
    admin_username: 'admin',
    admin_password: 'a long password',
    authorization_function: 'mlflow.server.auth:authenticate_request_basic_auth',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  writeFileSync(path('auth.ini'), `[mlflow]\n${lines.join('')}`);
  const argv = [python(version), join(__dirname, 'programs', program), ...args];
  const { code, stdout, stderr } = await run(argv, {
    PATH: `${virtualEnvironment(version)}:${process.env.PATH}`,
    HOME: folder,
    TMPDIR: folder,
    PYTHONPATH: '.',
    PYTHONDONTWRITEBYTECODE: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_AUTH_CONFIG_PATH: path('auth.ini'),
    MLFLOW_FLASK_SERVER_SECRET_KEY: 'any long random text',
    _MLFLOW_SGI_NAME: 'uvicorn',
    _MLFLOW_SERVER_FILE_STORE: `sqlite:///${path('tracking.db')}`,
    _MLFLOW_SERVER_ARTIFACT_ROOT: 'mlflow-artifacts:/',
    _MLFLOW_SERVER_ARTIFACT_DESTINATION: path('artifacts'),
    _MLFLOW_SERVER_SERVE_ARTIFACTS: 'true',
    ...variables,
  });
  if (code !== 0) throw new Error(stderr);
  return [...stdout.matchAll(/^([A-Z]+) (\[.*\])$/gm)].map(([, kind = '', values = '']) => ({
    kind,
    values: JSON.parse(values),
  }));
}
