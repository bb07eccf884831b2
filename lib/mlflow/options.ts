import { nearest } from '../input/did-you-mean';
import type { Issue } from '../input/issue';
import { secretIn } from '../input/plain-secrets';
import { OLDEST_RELEASE, type Release, sinceRelease } from './releases';

/** The maximum number of server processes per pod. */
export const MAXIMUM_WORKERS = 64;

/** An option of `mlflow server`. */
interface ServerOption {
  /** The release that added it. @default every supported release has it */
  readonly since?: string;
  /** The type of its value: none, text, or a whole number within bounds. */
  readonly takes: 'nothing' | 'text' | readonly [minimum: number, maximum: number];
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
export const GUNICORN =
  'starts gunicorn instead of uvicorn, without the routes that only uvicorn serves, such as OpenTelemetry traces (since 3.4.0) and the gateway (since 3.9.0) (use server.options.uvicorn-opts)';

/**
 * Every option of `mlflow server`, compared with the command of each release from 3.1.0 to 3.18.0.
 */
const OPTIONS: Readonly<Record<string, ServerOption>> = {
  'backend-store-uri': { takes: 'text', key: 'database' },
  'read-replica-backend-store-uri': { takes: 'text', since: '3.13.0', isAddress: true },
  'registry-store-uri': { takes: 'text', isAddress: true },
  'default-artifact-root': { takes: 'text', key: 'artifacts' },
  'serve-artifacts': { takes: 'nothing', key: 'artifacts.access' },
  'no-serve-artifacts': { takes: 'nothing', key: 'artifacts.access' },
  'artifacts-only': { takes: 'nothing', never: 'MLflow refuses it together with a database' },
  'artifacts-presigned-only': { takes: 'nothing', since: '3.18.0' },
  'artifacts-destination': { takes: 'text', key: 'artifacts' },
  host: { takes: 'text', key: 'service', note: 'the server listens on all addresses of its pod' },
  port: { takes: [1, 65535], key: 'service.port' },
  workers: { takes: [1, MAXIMUM_WORKERS], key: 'server.workers' },
  'static-prefix': { takes: 'text', key: 'server.staticPrefix' },
  'allowed-hosts': { takes: 'text', since: '3.5.0', key: 'server.allowedHosts' },
  'cors-allowed-origins': { takes: 'text', since: '3.5.0', key: 'server.corsAllowedOrigins' },
  'disable-security-middleware': { takes: 'nothing', since: '3.5.0' },
  'x-frame-options': { takes: 'text', since: '3.5.0' },
  'gunicorn-opts': { takes: 'text', until: { release: sinceRelease('uvicorn'), because: GUNICORN } },
  'waitress-opts': { takes: 'text', never: 'waitress is for Windows' },
  'uvicorn-opts': { takes: 'text', since: '3.3.0' },
  dev: { takes: 'nothing', never: 'it is for developing MLflow, and cannot be combined with a login' },
  'app-name': {
    takes: 'text',
    key: 'auth.enabled',
    note: 'basic-auth is the only app that is supported; for others see docs/not-supported.md',
  },
  'expose-prometheus': { takes: 'text', key: 'monitoring.metrics' },
  'trace-archival-config': { takes: 'text', since: '3.13.0' },
  'secrets-cache-ttl': { takes: [10, 300], since: '3.8.0' },
  'secrets-cache-max-size': { takes: [1, 10_000], since: '3.8.0' },
  'workspace-store-uri': { takes: 'text', since: '3.10.0', isAddress: true },
  'enable-workspaces': { takes: 'nothing', since: '3.10.0' },
  'disable-workspaces': { takes: 'nothing', since: '3.10.0' },
};

/** The options that a release of MLflow knows, by name. */
export const optionsOf = (release: Release): string[] =>
  Object.keys(OPTIONS).filter((name) => release.atLeast(OPTIONS[name]?.since ?? OLDEST_RELEASE));

/** Options by name, as the environment file contains them. */
export type GivenOptions = Readonly<Record<string, string | number | boolean>>;

/** Issues of the options with a release: unknown or harmful there, set by another key, or of the wrong type. */
export function checkOptions(given: GivenOptions, release: Release): Issue[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const message = optionIssue(name, value, release);
    return message ? [{ path: ['server', 'options', name], message }] : [];
  });
}

function optionIssue(name: string, value: string | number | boolean, release: Release): string | undefined {
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!option) {
    const available = Object.keys(OPTIONS).filter((known) => !OPTIONS[known]?.key);
    const meant = nearest(name.replace(/^-+/, ''), available);
    return `is not an option of mlflow server (${meant ? `did you mean ${meant}?` : 'write the name without leading dashes'})`;
  }
  if (option.key)
    return `is set by another key (use ${[option.key, ...(option.note ? [option.note] : [])].join('; ')})`;
  if (option.never) return `cannot be used: ${option.never} (remove it)`;
  if (option.since && !release.atLeast(option.since)) {
    return `is unknown to MLflow ${release.version}, which would not start (use ${option.since} or newer)`;
  }
  if (option.until && release.atLeast(option.until.release))
    return `on MLflow ${release.version} ${option.until.because}`;
  if (option.takes === 'nothing') return value === true ? undefined : 'takes no value (write true, or remove it)';
  if (option.takes === 'text') return textIssue(name, value);
  const [minimum, maximum] = option.takes;
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  return number >= minimum && number <= maximum ? undefined : `must be a whole number from ${minimum} to ${maximum}`;
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
