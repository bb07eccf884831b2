import { type ApiAnswer, type ApiObject, type ApiServer, failure } from './api-server';
import {
  argv,
  calls,
  environment,
  exists,
  generate,
  isPost,
  job,
  kept,
  made,
  name,
  owner,
  paths,
  randomValues,
  useApiServers,
  waiting,
} from './generator';
import { type Environment, run, Service, waitFor } from './process';

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

describe('it waits', () => {
  test('while the answer is that it may not, or that it cannot be now', async () => {
    const waits = async (method: string, status: number) => {
      const server = await start();
      refuse(server, failure(status, `not yet: ${status}`), method, 1);
      const lines = [waiting(`not yet: ${status}`), made];
      const stdout = (method === 'PATCH' ? lines.reverse() : lines).join('');
      expect([method, await run(argv, environment(server))]).toEqual([method, { code: 0, stdout, stderr: '' }]);
      expect(kept(server).data).toHaveProperty('password');
      expect(server.jobs.get(job)?.metadata.ownerReferences).toHaveLength(1);
    };
    const statuses = { GET: [401, 403, 429, 500, 503], POST: [401, 403, 429, 500, 503], PATCH: [401, 429, 500, 503] };
    const all = Object.entries(statuses).flatMap(([method, each]) => each.map((status) => waits(method, status)));
    await Promise.all(all);
  });

  test('for an API server that is not reachable yet', async () => {
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

  test('for a token that replaces an expired one', async () => {
    const server = await start();
    server.token = 'the next token';
    const program = generate(server);
    await waitFor('the first request', () => server.requests.length > 0);
    server.write('token', 'the next token\n');
    expect(await program).toEqual({ code: 0, stdout: `${waiting('Unauthorized')}${made}`, stderr: '' });
  });
});

describe('it ends with 1 and one line', () => {
  const failed = (why: string) => ({ code: 1, stderr: `secrets: Secret team/${name}: not created: ${why}\n` });

  test('when it may never read or make a Secret', async () => {
    const message = 'User "system:serviceaccount:team:mlflow-secret-generator" cannot do this';
    const fails = async (method: string, path: string, requests: number) => {
      const server = await start();
      refuse(server, failure(403, message), method);
      const result = await generate(server, { GENERATE_TIMEOUT: '3' });
      expect(result).toEqual({ ...failed(`${method} ${path}: ${message}`), stdout: waiting(message) });
      expect(server.secrets.size).toBe(0);
      expect(server.requests.length).toBeGreaterThanOrEqual(requests);
    };
    await Promise.all([fails('GET', `${paths.secrets}/${name}`, 2), fails('POST', paths.secrets, 3)]);
  });

  test('when no API server is ever there, and says once that it waits', async () => {
    const server = await make();
    const message = `127.0.0.1:${server.port}: [Errno 111] Connection refused`;
    const result = await generate(server, { GENERATE_TIMEOUT: '3' });
    expect(result).toEqual({ ...failed(`GET ${paths.secrets}/${name}: ${message}`), stdout: waiting(message) });
  });

  test('at once, and without telling its token, when the certificate is of another authority', async () => {
    const [server, other] = [await start(), await start()];
    server.write('ca.crt', other.read('ca.crt'));
    const started = Date.now();
    const { code, stdout, stderr } = await generate(server);
    expect([code, stdout, server.requests]).toEqual([1, '', []]);
    expect(stderr).toMatch(
      /^secrets: Secret team\/mlflow-login: not created: [^\n]*certificate verify failed[^\n]*\n$/,
    );
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
      /^secrets: Secret team\/mlflow-login: not created: POST [^\n]*: admission webhook denied [^\n]*\n$/,
    );
  });

  test('at once, and without its values, when a conflict has another cause than an existing Secret', async () => {
    const server = await start();
    const conflict = 'Operation cannot be fulfilled on resourcequotas "quota"';
    server.intercept = (request) =>
      isPost(request)
        ? failure(409, `${conflict} ${randomValues(JSON.parse(request.text) as ApiObject).join(' ')}`)
        : undefined;
    const why = `POST ${paths.secrets}: ${conflict} ${Array(6).fill('***').join(' ')}`;
    expect(await generate(server)).toEqual({ ...failed(why), stdout: '' });
    expect(calls(server).map((call) => call.split(' ')[0])).toEqual(['GET', 'POST', 'GET']);
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

describe('a Job that is not tied to the Secret', () => {
  test.each([403, 404, 422])('does not matter when that is for good (%s)', async (status) => {
    const server = await start();
    refuse(server, failure(status, 'no'), 'PATCH');
    const hint = `secrets: Job team/${job}: is not tied to the Secret, so delete both to recreate the Secret (no)\n`;
    expect(await generate(server)).toEqual({ code: 0, stdout: `${made}${hint}`, stderr: '' });
    expect(server.requests).toHaveLength(3);
  });

  test('is worth another run when the API server has no time for it', async () => {
    const server = await start();
    refuse(server, failure(503, 'busy'), 'PATCH');
    const stderr = `secrets: Job team/${job}: not tied to the Secret yet: PATCH ${paths.job}: busy\n`;
    const result = await generate(server, { GENERATE_TIMEOUT: '3' });
    expect(result).toEqual({ code: 1, stdout: `${made}${waiting('busy')}`, stderr });
    server.intercept = () => undefined;
    expect(await generate(server)).toEqual({ code: 0, stdout: exists, stderr: '' });
    expect(server.jobs.get(job)?.metadata.ownerReferences).toHaveLength(1);
  });

  test('is worth another run when the API server goes away between the two', async () => {
    const server = await start();
    server.intercept = (request) => {
      if (isPost(request)) void server.close();
      return undefined;
    };
    const gone = `127.0.0.1:${server.port}: [Errno 111] Connection refused`;
    const stderr = `secrets: Job team/${job}: not tied to the Secret yet: PATCH ${paths.job}: ${gone}\n`;
    const result = await generate(server, { GENERATE_TIMEOUT: '3' });
    expect(result).toEqual({ code: 1, stdout: `${made}${waiting(gone)}`, stderr });
    const secret = kept(server);
    await server.listen();
    expect(await generate(server)).toEqual({ code: 0, stdout: exists, stderr: '' });
    expect(kept(server)).toBe(secret);
    expect(server.jobs.get(job)?.metadata.ownerReferences).toEqual([owner(secret)]);
  });
});
