import type { Advice } from '../../input/issue';
import type { ServerProgram } from './program';
import { refusedFlag } from './program';
import { REASONS } from './reasons';

/**
 * Every option of uvicorn 0.54, compared with its command by the script tests. The start program of the pods
 * (`programs/server`) reads what uvicorn's command makes of them, but opens the listener and forks the workers itself.
 */
export const UVICORN: ServerProgram = {
  name: 'uvicorn',
  abbreviates: false,
  groups: [
    { values: ['--host', '--port', '--uds', '--fd'], refused: REASONS.address },
    { values: ['--workers'], refused: REASONS.workers },
    {
      values: [
        ...['--ssl-keyfile', '--ssl-certfile', '--ssl-keyfile-password', '--ssl-version', '--ssl-cert-reqs'],
        ...['--ssl-ca-certs', '--ssl-ciphers'],
      ],
      refused: REASONS.tls,
    },
    { values: ['--root-path'], refused: REASONS.prefix },
    { values: ['--timeout-graceful-shutdown'], refused: REASONS.grace },
    {
      values: ['--reload-dir', '--reload-include', '--reload-exclude', '--reload-delay'],
      switches: ['--reload'],
      refused: REASONS.reload,
    },
    {
      values: ['--app-dir', '--limit-max-requests-jitter', '--timeout-worker-healthcheck'],
      refused: REASONS.unused,
    },
    {
      values: ['--interface'],
      switches: ['--factory'],
      refused: { what: "must fit MLflow's application, so MLflow sets it if it is needed", fix: 'remove it' },
    },
    {
      values: ['--limit-concurrency'],
      refused: {
        what: 'makes a busy pod refuse its probes too, so Kubernetes restarts it',
        fix: 'use server.replicas or server.autoscaling for more load',
      },
    },
    {
      switches: ['--http2'],
      refused: { what: 'needs another HTTP implementation than the start program can supervise', fix: 'remove it' },
    },
    {
      values: ['--env-file'],
      refused: { what: 'loads variables from a file', fix: 'use server.env or server.envFrom' },
    },
    { switches: ['--version', '--help'], refused: REASONS.noServer },
    {
      // What they load from elsewhere is a risk (`foreign-code`).
      values: ['--loop', '--http', '--ws', '--log-config'],
    },
    {
      values: [
        ...['--ws-max-size', '--ws-max-queue', '--ws-ping-interval', '--ws-ping-timeout', '--ws-per-message-deflate'],
        ...['--lifespan', '--log-level', '--forwarded-allow-ips', '--backlog', '--limit-max-requests', '--header'],
        ...['--timeout-keep-alive', '--h11-max-incomplete-event-size'],
      ],
      switches: [
        ...['--access-log', '--no-access-log', '--use-colors', '--no-use-colors', '--proxy-headers'],
        ...['--no-proxy-headers', '--server-header', '--no-server-header', '--date-header', '--no-date-header'],
        '--reset-contextvars',
      ],
    },
  ],
};

/** How the variables of uvicorn begin. */
export const UVICORN_PREFIX = 'UVICORN_';

/** Options whose variable has another name. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  RELOAD_DIRS: '--reload-dir',
  RELOAD_INCLUDES: '--reload-include',
  RELOAD_EXCLUDES: '--reload-exclude',
  HEADERS: '--header',
};

/** The option of uvicorn that a variable sets: `--root-path` for `UVICORN_ROOT_PATH`. */
export function uvicornFlag(variable: string): string {
  const name = variable.slice(UVICORN_PREFIX.length);
  return Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? '') : `--${name.toLowerCase().replaceAll('_', '-')}`;
}

/** Why a variable of uvicorn is refused; undefined if it is accepted, or if uvicorn ignores it. */
export const refusedUvicornVariable = (variable: string): Advice | undefined =>
  refusedFlag(UVICORN, uvicornFlag(variable));
