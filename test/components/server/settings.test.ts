import { checkOptions } from '../../../lib/mlflow/options';
import { release } from '../../../lib/mlflow/releases';
import { RELEASES } from '../../arbitraries/shared/releases';
import { resolution, SMALLEST } from '../../support/support';
import { OPTION_VARIABLES } from './settings.cases';

/** An option of the server is set in one way only: as a variable it would contradict what is rendered for it. */

/** The issues of variables on a release, without what they depend on. */
const issuesOf = (version: string, env: Readonly<Record<string, string>>) =>
  resolution({
    ...SMALLEST,
    image: { repository: 'own/mlflow', tag: version },
    server: { env },
    allow: ['no-login', 'plain-secrets', 'foreign-code', 'weak-server'],
  }).issues.map(({ path, message }) => ({ path, message }));

const CASES = Object.entries(OPTION_VARIABLES).flatMap(([option, [instead, ...variables]]) =>
  variables.map((variable) => ({ option, instead, variable })),
);

test.each(CASES)('the variable $variable of the option $option is refused by every release', (given) => {
  const { option, instead, variable } = given;
  for (const version of RELEASES) {
    for (const value of ['true', '/mlflow', '1', 'postgresql://db/registry']) {
      const issues = issuesOf(version, { [variable]: value });
      const path = ['server', 'env', variable];
      expect([version, issues]).toEqual([version, [{ path, message: expect.stringMatching(/^.* \(.+\)$/) }]]);
      const [{ message } = { message: '' }] = issues;
      // Where the release does not take the option, the advice is not to set it.
      const { message: refused } = checkOptions({ [option]: 'x' }, release(version))[0] ?? {};
      if (!/unknown to|starts gunicorn/.test(refused ?? '')) expect(message).toContain(instead);
    }
  }
});

test('a login in such a variable is answered with where to put it, and not repeated', () => {
  for (const variable of ['MLFLOW_REGISTRY_STORE_URI', 'MLFLOW_READ_REPLICA_BACKEND_STORE_URI']) {
    const issues = issuesOf('3.18.0', { [variable]: 'postgresql://mlflow:hunter2@db/registry' });
    expect(issues).toEqual([
      {
        path: ['server', 'env', variable],
        message: expect.stringContaining('(put it into a Secret, which server.envFrom'),
      },
    ]);
    expect(JSON.stringify(issues)).not.toContain('hunter2');
  }
});

test.each(['_MLFLOW_SGI_NAME', '_MLFLOW_INTERNAL_GATEWAY_AUTH_TOKEN', '_MLFLOW_ANYTHING'])(
  'the variable %s, by which MLflow tells its processes something, is refused',
  (name) => {
    expect(issuesOf('3.18.0', { [name]: 'x' })).toEqual([
      { path: ['server', 'env', name], message: expect.stringMatching(/internal to MLflow.* \(remove it\)$/) },
    ]);
  },
);

test.each([
  ['3.18.0', 'UVICORN_SSL_KEYFILE', 'use service.tls'],
  ['3.18.0', 'UVICORN_SSL_CERTFILE', 'use service.tls'],
  ['3.3.0', 'UVICORN_UDS', 'remove it'],
  ['3.18.0', 'UVICORN_ROOT_PATH', 'server.staticPrefix'],
  ['3.18.0', 'UVICORN_WORKERS', 'server.workers'],
  ['3.18.0', 'UVICORN_PORT', 'service.port'],
  ['3.18.0', 'UVICORN_RELOAD_DIRS', 'remove it'],
  ['3.18.0', 'UVICORN_ENV_FILE', 'server.envFrom'],
  ['3.18.0', 'UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN', 'server.gracePeriod'],
  ['3.18.0', 'UVICORN_LIMIT_CONCURRENCY', 'server.replicas'],
  ['3.2.0', 'UVICORN_BACKLOG', 'gunicorn'],
  ['3.18.0', 'MLFLOW_WORKSPACE', 'workspace'],
])('on %s, the variable %s is refused: %s', (version, name, says) => {
  expect(issuesOf(version, { [name]: '1' })).toEqual([
    { path: ['server', 'env', name], message: expect.stringContaining(says) },
  ]);
});

test.each([
  ...['UVICORN_LOG_LEVEL', 'UVICORN_ACCESS_LOG', 'UVICORN_BACKLOG', 'UVICORN_HEADERS', 'UVICORN_LIMIT_MAX_REQUESTS'],
  ...['UVICORN_OF_A_NEWER_RELEASE', 'FORWARDED_ALLOW_IPS', 'MLFLOW_SQLALCHEMYSTORE_POOL_SIZE'],
])('the variable %s, which only tunes the server, is accepted', (name) => {
  expect(issuesOf('3.18.0', { [name]: '1' })).toEqual([]);
});
