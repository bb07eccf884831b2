import { type ApiAnswer, type ApiObject, type ApiServer, failure } from './api-server';
import {
  argv,
  environment,
  generate,
  isPost,
  job,
  kept,
  made,
  name,
  paths,
  randomValues,
  useApiServers,
  waiting,
} from './generator';
import { type Environment, Service, waitFor } from './process';

const { make, start } = useApiServers();

/** Refuse what matches, so many times. */
function refuse(server: ApiServer, answer: ApiAnswer, method: string, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  server.intercept = (request) => {
    if (request.method !== method || left === 0) return undefined;
    left -= 1;
    return answer;
  };
}

const forbidden = failure(403, 'User "system:serviceaccount:team:mlflow-secret-generator" cannot do this');

describe('it waits', () => {
  test('while the answer is that it may not, or that it cannot be now', async () => {
    const waits = async (method: string, status: number) => {
      const server = await start();
      refuse(server, failure(status, `not yet: ${status}`), method, 1);
      const lines = [waiting(`not yet: ${status}`), made];
      const stdout = (method === 'PATCH' ? lines.reverse() : lines).join('');
      expect([method, await generate(server)]).toEqual([method, { code: 0, stdout, stderr: '' }]);
      expect(kept(server).data).toHaveProperty('password');
      expect(server.jobs.get(job)?.metadata.ownerReferences).toHaveLength(1);
    };
    const all = ['GET', 'POST', 'PATCH'].flatMap((method) =>
      [401, 403, 429, 500, 503].map((status) => waits(method, status)),
    );
    await Promise.all(all);
  });

  test('for an API server that is not there yet, and says so once', async () => {
    const server = await make();
    const program = new Service(argv, environment(server));
    try {
      await waitFor('the notice', () => program.output.includes('\n') || !program.isRunning);
      await server.listen();
      await program.end();
      expect(program.output).toBe(waiting(`127.0.0.1:${server.port}: [Errno 111] Connection refused`) + made);
    } finally {
      await program.stop();
    }
  });

  test('for a token that takes the place of one that has run out', async () => {
    const server = await start();
    server.token = 'the next token';
    const program = generate(server);
    await waitFor('the first request', () => server.requests.length > 0);
    server.write('token', 'the next token\n');
    expect(await program).toEqual({ code: 0, stdout: `${waiting('Unauthorized')}${made}`, stderr: '' });
  });
});

describe('it ends with 1 and one line', () => {
  const failed = (why: string) => ({ code: 1, stderr: `secrets: Secret team/${name}: not made: ${why}\n` });

  test.each(['GET', 'POST'])('when it may never %s a Secret', async (method) => {
    const server = await start();
    refuse(server, forbidden, method);
    const message = 'User "system:serviceaccount:team:mlflow-secret-generator" cannot do this';
    const path = method === 'GET' ? `${paths.secrets}/${name}` : paths.secrets;
    expect(await generate(server, { GENERATE_TIMEOUT: '1' })).toEqual({
      ...failed(`${method} ${path}: ${message}`),
      stdout: waiting(message),
    });
    expect([server.secrets.size, server.requests.length]).toEqual([0, method === 'GET' ? 2 : 3]);
  });

  test('when no API server is ever there', async () => {
    const server = await make();
    const message = `127.0.0.1:${server.port}: [Errno 111] Connection refused`;
    const result = await generate(server, { GENERATE_TIMEOUT: '1' });
    expect(result).toEqual({ ...failed(`GET ${paths.secrets}/${name}: ${message}`), stdout: waiting(message) });
  });

  test('at once, and without telling its token, when the certificate is of another authority', async () => {
    const [server, other] = [await start(), await start()];
    server.write('ca.crt', other.read('ca.crt'));
    const started = Date.now();
    const { code, stdout, stderr } = await generate(server);
    expect([code, stdout, server.requests]).toEqual([1, '', []]);
    expect(stderr).toMatch(/^secrets: Secret team\/mlflow-login: not made: [^\n]*certificate verify failed[^\n]*\n$/);
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  test('at once, and without its values, when what it sends is refused', async () => {
    const server = await start();
    server.intercept = (request) =>
      isPost(request)
        ? failure(
            422,
            `admission webhook denied ${request.text} ${randomValues(JSON.parse(request.text) as ApiObject)}`,
          )
        : undefined;
    const { code, stdout, stderr } = await generate(server);
    expect([code, stdout, server.requests.length]).toEqual([1, '', 2]);
    expect(stderr).toMatch(
      /^secrets: Secret team\/mlflow-login: not made: POST [^\n]*: admission webhook denied [^\n]*\n$/,
    );
  });

  test.each<[string, Environment, RegExp]>([
    ['service account', { SERVICE_ACCOUNT_PATH: '/nonexistent' }, /\/nonexistent\/\w+/],
    ['address of the API server', { KUBERNETES_SERVICE_HOST: undefined }, /KUBERNETES_SERVICE_HOST/],
  ])('when the pod was given no %s', async (_, env, why) => {
    const { code, stdout, stderr } = await generate(await start(), env);
    expect([code, stdout, stderr.split('\n').length]).toEqual([1, '', 2]);
    expect(stderr).toMatch(why);
  });
});

describe('a Job that cannot be tied to the Secret does not matter', () => {
  const hint = (why: string) =>
    `secrets: Job team/${job}: is not tied to the Secret, so delete both to make the Secret anew (PATCH ${paths.job}: ${why})\n`;

  test('if it may not be changed, for which it does not wait as long', async () => {
    const server = await start();
    refuse(server, failure(403, 'no'), 'PATCH');
    const started = Date.now();
    expect(await generate(server, { GENERATE_TIMEOUT: '20' })).toEqual({
      code: 0,
      stdout: `${made}${waiting('no')}${hint('no')}`,
      stderr: '',
    });
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  test('if it is gone', async () => {
    const server = await start();
    server.jobs.clear();
    expect(await generate(server)).toEqual({ code: 0, stdout: `${made}${hint(`${paths.job} not found`)}`, stderr: '' });
  });
});
