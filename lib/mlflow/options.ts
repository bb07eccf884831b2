import { nearest } from '../input/did-you-mean';
import type { Issue } from '../input/issue';
import { secretIn } from '../input/plain-secrets';
import { OLDEST_RELEASE, type Release, sinceRelease } from './releases';
import { GUNICORN } from './server-programs/gunicorn';
import { flagIssues, type ServerProgram } from './server-programs/program';
import { UVICORN } from './server-programs/uvicorn';

/** The maximum number of server processes per pod. */
export const MAXIMUM_WORKERS = 64;

/** An option of `mlflow server`. */
export interface ServerOption {
  /** The release that added it. @default every supported release has it */
  readonly since?: string;
  /** The type of its value: none, text, options of a server program, or a whole number within bounds. */
  readonly takes: 'nothing' | 'text' | ServerProgram | readonly [minimum: number, maximum: number];
  /** Variables that MLflow reads in its place, from that of its command to what that command sets for the server. */
  readonly variables?: readonly string[];
  /** The key of the environment file that sets it; `server.options` cannot set such an option. */
  readonly key?: string;
  /** What else to know of that key: a clause of a message. */
  readonly note?: string;
  /** Whether its value is a URI that the server connects to. */
  readonly isAddress?: true;
  /** Why it cannot be used here. */
  readonly never?: string;
  /** The release since which it removes features, and why. */
  readonly until?: { readonly release: string; readonly because: string };
}

/** The effect of the gunicorn option and variable if the server program is uvicorn. */
export const STARTS_GUNICORN =
  'starts gunicorn instead of uvicorn, without the routes that only uvicorn serves, such as OpenTelemetry traces (since 3.4.0) and the gateway (since 3.9.0) (use server.options.uvicorn-opts)';

/**
 * Every option of `mlflow server`, compared with the command of each release from 3.1.0 to 3.18.0, also the variables.
 */
const OPTIONS: Readonly<Record<string, ServerOption>> = {
  'backend-store-uri': {
    takes: 'text',
    key: 'database',
    variables: ['MLFLOW_BACKEND_STORE_URI', '_MLFLOW_SERVER_FILE_STORE'],
  },
  'read-replica-backend-store-uri': {
    takes: 'text',
    isAddress: true,
    since: '3.13.0',
    variables: ['MLFLOW_READ_REPLICA_BACKEND_STORE_URI', '_MLFLOW_SERVER_READ_REPLICA_BACKEND_STORE'],
  },
  'registry-store-uri': {
    takes: 'text',
    isAddress: true,
    variables: ['MLFLOW_REGISTRY_STORE_URI', '_MLFLOW_SERVER_REGISTRY_STORE'],
  },
  'default-artifact-root': {
    takes: 'text',
    key: 'artifacts',
    variables: ['MLFLOW_DEFAULT_ARTIFACT_ROOT', '_MLFLOW_SERVER_ARTIFACT_ROOT'],
  },
  'serve-artifacts': {
    takes: 'nothing',
    key: 'artifacts.access',
    variables: ['MLFLOW_SERVE_ARTIFACTS', '_MLFLOW_SERVER_SERVE_ARTIFACTS'],
  },
  'no-serve-artifacts': { takes: 'nothing', key: 'artifacts.access' },
  'artifacts-only': {
    takes: 'nothing',
    never: 'MLflow refuses it together with a database',
    variables: ['MLFLOW_ARTIFACTS_ONLY', '_MLFLOW_SERVER_ARTIFACTS_ONLY'],
  },
  'artifacts-presigned-only': { takes: 'nothing', since: '3.18.0', variables: ['MLFLOW_ARTIFACTS_PRESIGNED_ONLY'] },
  'artifacts-destination': {
    takes: 'text',
    key: 'artifacts',
    variables: ['MLFLOW_ARTIFACTS_DESTINATION', '_MLFLOW_SERVER_ARTIFACT_DESTINATION'],
  },
  host: {
    takes: 'text',
    key: 'service',
    note: 'the server listens on all addresses of its pod',
    variables: ['MLFLOW_HOST'],
  },
  port: { takes: [1, 65535], key: 'service.port', variables: ['MLFLOW_PORT'] },
  workers: { takes: [1, MAXIMUM_WORKERS], key: 'server.workers', variables: ['MLFLOW_WORKERS', 'WEB_CONCURRENCY'] },
  'static-prefix': {
    takes: 'text',
    key: 'server.staticPrefix',
    variables: ['MLFLOW_STATIC_PREFIX', '_MLFLOW_STATIC_PREFIX'],
  },
  'allowed-hosts': {
    takes: 'text',
    since: '3.5.0',
    key: 'server.allowedHosts',
    variables: ['MLFLOW_SERVER_ALLOWED_HOSTS'],
  },
  'cors-allowed-origins': {
    takes: 'text',
    since: '3.5.0',
    key: 'server.corsAllowedOrigins',
    variables: ['MLFLOW_SERVER_CORS_ALLOWED_ORIGINS'],
  },
  'disable-security-middleware': {
    takes: 'nothing',
    since: '3.5.0',
    variables: ['MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE'],
  },
  'x-frame-options': { takes: 'text', since: '3.5.0', variables: ['MLFLOW_SERVER_X_FRAME_OPTIONS'] },
  'gunicorn-opts': {
    takes: GUNICORN,
    until: { release: sinceRelease('uvicorn'), because: STARTS_GUNICORN },
    variables: ['MLFLOW_GUNICORN_OPTS', 'GUNICORN_CMD_ARGS'],
  },
  'waitress-opts': { takes: 'text', never: 'waitress is for Windows' },
  'uvicorn-opts': { takes: UVICORN, since: '3.3.0', variables: ['MLFLOW_UVICORN_OPTS'] },
  dev: { takes: 'nothing', never: 'it is for developing MLflow, and cannot be combined with a login' },
  'app-name': {
    takes: 'text',
    key: 'auth.enabled',
    note: 'basic-auth is the only app that is supported; for others see docs/not-supported.md',
  },
  'expose-prometheus': {
    takes: 'text',
    key: 'monitoring.metrics',
    variables: ['MLFLOW_EXPOSE_PROMETHEUS', 'prometheus_multiproc_dir', 'PROMETHEUS_MULTIPROC_DIR'],
  },
  'trace-archival-config': { takes: 'text', since: '3.13.0', variables: ['MLFLOW_TRACE_ARCHIVAL_CONFIG'] },
  'secrets-cache-ttl': { takes: [10, 300], since: '3.8.0', variables: ['MLFLOW_SERVER_SECRETS_CACHE_TTL'] },
  'secrets-cache-max-size': { takes: [1, 10_000], since: '3.8.0', variables: ['MLFLOW_SERVER_SECRETS_CACHE_MAX_SIZE'] },
  'workspace-store-uri': { takes: 'text', isAddress: true, since: '3.10.0', variables: ['MLFLOW_WORKSPACE_STORE_URI'] },
  'enable-workspaces': { takes: 'nothing', since: '3.10.0', variables: ['MLFLOW_ENABLE_WORKSPACES'] },
  'disable-workspaces': { takes: 'nothing', since: '3.10.0' },
};

/** The options that a release of MLflow knows, by name. */
export const optionsOf = (release: Release): string[] =>
  Object.keys(OPTIONS).filter((name) => release.atLeast(OPTIONS[name]?.since ?? OLDEST_RELEASE));

/** The option that MLflow reads a variable as, with its row. */
export const optionOf = (variable: string): readonly [name: string, option: ServerOption] | undefined =>
  Object.entries(OPTIONS).find(([, { variables = [] }]) => variables.includes(variable));

/** The variables that MLflow reads in the place of an option, the one of its command first. */
export const variablesOf = (name: string): readonly string[] =>
  (Object.hasOwn(OPTIONS, name) && OPTIONS[name]?.variables) || [];

/** Options by name, as the environment file contains them. */
export type GivenOptions = Readonly<Record<string, string | number | boolean>>;

/** Issues of the options with a release: unknown or harmful there, set by another key, or of the wrong type. */
export const checkOptions = (given: GivenOptions, release: Release): Issue[] =>
  Object.entries(given).flatMap(([name, value]) =>
    optionIssues(name, value, release).map((message) => ({ path: ['server', 'options', name], message })),
  );

function optionIssues(name: string, value: string | number | boolean, release: Release): string[] {
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!option) {
    const available = Object.keys(OPTIONS).filter((known) => !OPTIONS[known]?.key);
    const meant = nearest(name.replace(/^-+/, ''), available);
    return [
      `is not an option of mlflow server (${meant ? `did you mean ${meant}?` : 'write the name without leading dashes'})`,
    ];
  }
  if (option.key) return [`is set by another key (${useKeyOf(option)})`];
  const unusable = unusableIssue(option, release);
  return unusable ? [unusable] : valueIssues(option, name, value);
}

/** What to do instead of setting an option that has a key. */
export const useKeyOf = ({ key, note }: ServerOption): string => `use ${[key, ...(note ? [note] : [])].join('; ')}`;

/** Why a release cannot have an option, whatever its value; undefined if it can. */
export function unusableIssue({ never, since, until }: ServerOption, release: Release): string | undefined {
  if (never) return `cannot be used: ${never} (remove it)`;
  if (since && !release.atLeast(since)) {
    return `is unknown to MLflow ${release.version}, which would not start (use ${since} or newer)`;
  }
  return until && release.atLeast(until.release) ? `on MLflow ${release.version} ${until.because}` : undefined;
}

function valueIssues({ takes }: ServerOption, name: string, value: string | number | boolean): string[] {
  if (takes === 'nothing') return value === true ? [] : ['takes no value (write true, or remove it)'];
  if (takes === 'text' || 'groups' in takes) {
    const issue = textIssue(name, value);
    if (issue) return [issue];
    return takes === 'text' ? [] : flagIssues(takes, String(value));
  }
  const [minimum, maximum] = takes;
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  return number >= minimum && number <= maximum ? [] : [`must be a whole number from ${minimum} to ${maximum}`];
}

/**
 * Arguments are visible to all users of the node: they must contain no login, and nothing that the kubelet would
 * replace with one.
 */
function textIssue(name: string, value: string | number | boolean): string | undefined {
  if (typeof value !== 'string' || value === '') return 'must be a string that is not empty (write it in quotes)';
  if (value.includes('$(')) return 'contains $(…), which would put a variable on the command line (use server.envFrom)';
  if (/:\/\/[^/]*@/.test(value))
    return 'contains a login, which would be visible on the command line (remove it: libpq reads PGUSER and PGPASSWORD)';
  const secret = secretIn(name, value);
  return secret && `contains ${secret}, which would be visible on the command line (use server.envFrom)`;
}

/** The URIs among options that the server connects to. */
export const addressesIn = (given: GivenOptions): string[] =>
  Object.entries(given).flatMap(([name, value]) =>
    Object.hasOwn(OPTIONS, name) && OPTIONS[name]?.isAddress ? [String(value)] : [],
  );

/** The options as arguments, in the given order, as `--name=value` so that a value may start with a dash. */
export function optionArguments(given: GivenOptions): string[] {
  return Object.entries(given).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));
}
