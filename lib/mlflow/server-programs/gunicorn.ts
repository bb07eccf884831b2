import type { ServerProgram } from './program';
import { REASONS } from './reasons';

/**
 * Every option of gunicorn 23, which serves MLflow below 3.3, compared with its command by the script tests. The start
 * program of the pods (`programs/server`) has a worker class of its own, and forks the workers itself.
 */
export const GUNICORN: ServerProgram = {
  name: 'gunicorn',
  abbreviates: true,
  groups: [
    { values: ['--bind', '-b'], refused: REASONS.address },
    { values: ['--workers', '-w'], refused: REASONS.workers },
    {
      values: ['--threads'],
      refused: { what: 'is set already', fix: 'use server.threads' },
    },
    {
      values: ['--worker-class', '-k'],
      refused: { what: 'is ignored: the server has its own workers with threads', fix: 'use server.threads' },
    },
    {
      values: ['--keyfile', '--certfile', '--ssl-version', '--cert-reqs', '--ca-certs', '--ciphers'],
      switches: ['--suppress-ragged-eofs', '--do-handshake-on-connect'],
      refused: REASONS.tls,
    },
    { values: ['--graceful-timeout'], refused: REASONS.grace },
    {
      values: ['--reload-engine', '--reload-extra-file'],
      switches: ['--reload', '--spew'],
      refused: REASONS.reload,
    },
    {
      values: ['--max-requests-jitter', '--pid', '-p'],
      switches: ['--preload', '--daemon', '-D'],
      refused: REASONS.unused,
    },
    {
      values: ['--env', '-e'],
      refused: { what: 'sets variables after MLflow has read them', fix: 'use server.env or server.envFrom' },
    },
    {
      values: ['--user', '-u', '--group', '-g'],
      switches: ['--initgroups'],
      refused: { what: 'changes the user, which a pod without privileges may not', fix: 'remove it' },
    },
    { switches: ['--check-config', '--print-config', '--version', '-v', '--help', '-h'], refused: REASONS.noServer },
    {
      // What they load from elsewhere is a risk (`foreign-code`).
      values: [
        ...['--config', '-c', '--chdir', '--pythonpath', '--paste', '--paster', '--paste-global'],
        ...['--logger-class', '--log-config', '--log-config-json'],
      ],
    },
    {
      values: [
        ...['--backlog', '--worker-connections', '--max-requests', '--timeout', '-t', '--keep-alive'],
        ...['--limit-request-line', '--limit-request-fields', '--limit-request-field_size', '--worker-tmp-dir'],
        ...['--umask', '-m', '--forwarded-allow-ips', '--access-logfile', '--access-logformat', '--error-logfile'],
        ...['--log-file', '--log-level', '--log-syslog-to', '--log-syslog-prefix', '--log-syslog-facility'],
        ...['--statsd-host', '--dogstatsd-tags', '--statsd-prefix', '--name', '-n', '--proxy-allow-from'],
        ...['--forwarder-headers', '--header-map'],
      ],
      switches: [
        ...['--no-sendfile', '--reuse-port', '--disable-redirect-access-to-syslog', '--capture-output'],
        ...['--log-syslog', '--enable-stdio-inheritance', '-R', '--proxy-protocol', '--permit-obsolete-folding'],
        ...['--strip-header-spaces', '--permit-unconventional-http-method', '--permit-unconventional-http-version'],
        '--casefold-http-method',
      ],
    },
  ],
};
