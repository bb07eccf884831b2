import type { Issue } from '../../../input/issue';
import type { Variable } from '../../../kubernetes/variables';
import type { Server } from '../resolve';

type Given = Pick<Server, 'env'>;

/** The environment file's own variables come last and win over adjustable ones of the same name. */
export function withGiven(ours: readonly Variable[], { env }: Given): Variable[] {
  const given = Object.entries(env).map(([name, value]) => ({ name, value }));
  return [...ours.filter(({ name }) => !Object.hasOwn(env, name)), ...given];
}

/** The variables of a Job. Its own are what it is: the environment file's do not win over them. */
export function ofJob(common: readonly Variable[], own: readonly Variable[], server: Given): Variable[] {
  const names = new Set(own.map(({ name }) => name));
  return [...withGiven(common, server).filter(({ name }) => !names.has(name)), ...own];
}

/**
 * Variables by which a library would read something else than what we set, and the prefixes of our programs' own
 * settings.
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
 * Variables of `server.env` that carry credentials, decide where they go, or that others expand: another value would
 * break the pods, or give the administrator a login that everybody knows.
 *
 * @param rendered every variable of the containers that take `server.env`
 */
export function variableIssues({ env }: Given, rendered: readonly Variable[]): Issue[] {
  const ours = new Set(rendered.flatMap((variable) => (isAdjustable(variable) ? [] : [variable.name])));
  return Object.keys(env)
    .filter((name) => ours.has(name) || REDIRECTING.has(name) || PROGRAM_SETTING.test(name))
    .map((name) => ({
      path: ['server', 'env', name],
      message: 'is set by synth (use the corresponding key of the environment file)',
    }));
}

const isAdjustable = (variable: Variable) => 'value' in variable && variable.adjustable === true;
