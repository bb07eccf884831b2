import type { Issue } from '../../../input/issue';
import type { Variable } from '../../../kubernetes/variables';
import type { Server } from '../resolve';

type WithEnv = Pick<Server, 'env'>;

/** Our variables and those of `server.env`, which override adjustable ones of the same name. */
export function withUserVariables(ours: readonly Variable[], { env }: WithEnv): Variable[] {
  const given = Object.entries(env).map(([name, value]) => ({ name, value }));
  return [...ours.filter(({ name }) => !Object.hasOwn(env, name)), ...given];
}

/** The variables of a Job. Those of `server.env` do not override its own. */
export function withJobVariables(common: readonly Variable[], own: readonly Variable[], server: WithEnv): Variable[] {
  const names = new Set(own.map(({ name }) => name));
  return [...withUserVariables(common, server).filter(({ name }) => !names.has(name)), ...own];
}

/**
 * Variables that would make a library read other settings than ours, and the prefixes of the settings of our programs.
 */
const REDIRECTING: ReadonlySet<string> = new Set([
  'PGHOSTADDR',
  'PGDATABASE',
  'PGSERVICE',
  'PGSERVICEFILE',
  'PGPASSFILE',
  'PGSSLROOTCERT',
  'MLFLOW_S3_ENDPOINT_URL',
  'MLFLOW_BACKEND_STORE_URI',
  'MLFLOW_HOST',
  'MLFLOW_PORT',
  'prometheus_multiproc_dir',
  'PROMETHEUS_MULTIPROC_DIR',
]);
const PROGRAM_SETTING = /^(PREPARE|GC)_/;

/**
 * Variables of `server.env` that contain credentials, determine where these are sent, or are expanded in others: another
 * value would break the pods, or set a publicly known login for the administrator.
 *
 * @param rendered every variable of the containers that take `server.env`
 */
export function variableIssues({ env }: WithEnv, rendered: readonly Variable[]): Issue[] {
  const ours = new Set(rendered.flatMap((variable) => (isAdjustable(variable) ? [] : [variable.name])));
  return Object.keys(env)
    .filter((name) => ours.has(name) || REDIRECTING.has(name) || PROGRAM_SETTING.test(name))
    .map((name) => ({
      path: ['server', 'env', name],
      message: 'is set by synth (use the corresponding key of the environment file)',
    }));
}

const isAdjustable = (variable: Variable) => 'value' in variable && variable.adjustable === true;
