import { Agent, get, request as httpRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Answer, type Ask, basic, request } from './http';
import { admin, Lab } from './lab';
import { freePort } from './ports';
import { literal } from './postgres';
import { type Service, waitFor, waitForService } from './process';
import { type Release, releases } from './tools';

const user = ['reader é', 'reader: p@ss%word'] as const;

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

/** One tracking server, as a client sees it. */
class Server {
  private constructor(
    readonly service: Service,
    private readonly url: string,
  ) {}

  static async start(release: Release, name: string, ini: string, argvBefore: string[] = []): Promise<Server> {
    const port = await freePort();
    const service = lab.server(release, name, ini, port, { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' }, argvBefore);
    const server = new Server(service, `http://127.0.0.1:${port}`);
    await waitForService(service, `MLflow ${release}`, async () => (await server.ask('/health')).status === 200);
    return server;
  }

  ask(path: string, ask?: Ask): Promise<Answer> {
    return request(this.url + path, ask);
  }

  search(login?: readonly [string, string]): Promise<Answer> {
    return this.ask('/api/2.0/mlflow/experiments/search?max_results=10', login && { login });
  }

  /** The shortest that a small response takes, in milliseconds, on a connection that is kept. */
  async shortest(): Promise<number> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const times: number[] = [];
    for (let count = 0; count < 60; count += 1) {
      const began = performance.now();
      await new Promise((resolve, reject) => {
        get(`${this.url}/health`, { agent }, (response) => response.resume().once('end', resolve)).once(
          'error',
          reject,
        );
      });
      times.push(performance.now() - began);
    }
    agent.destroy();
    return Math.min(...times.slice(-20)); // a new connection confirms at once
  }

  /** An upload whose body is not complete before it is finished: its status then. */
  slowUpload(path: string): { finish(): Promise<number> } {
    const headers = { Authorization: basic(...admin), 'Content-Length': 8 };
    const sent = httpRequest(this.url + path, { method: 'PUT', headers });
    const status = new Promise<number>((resolve, reject) => {
      sent.once('response', (response) => resolve(response.resume().statusCode ?? 0)).once('error', reject);
    });
    sent.write('half');
    return {
      finish: () => {
        sent.end('half');
        return status;
      },
    };
  }

  async must<T>(path: string, ask: Ask): Promise<T> {
    const { status, text } = await this.ask(path, { login: admin, ...ask });
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text || '{}') as T;
  }
}

function settings(release: Release, name: string) {
  const env = { ...lab.settings(release, name), PREPARE_BUCKET: name };
  return { ...env, PREPARE_CREATE_DATABASES: 'true', PREPARE_CREATE_BUCKET: 'true' };
}

describe.each(releases)('mlflow server %s after prepare', (release: Release) => {
  const name = `server-${release}`;
  let server: Server;

  beforeAll(async () => {
    const env = settings(release, name);
    await lab.prepared(release, env);
    // A process that is PID 1 of a container and does not ask for SIGTERM ignores it.
    const asPid1 = ['sh', '-c', 'trap "" TERM; exec "$@"', 'sh'];
    server = await Server.start(release, name, env.MLFLOW_AUTH_CONFIG_PATH, asPid1);
  });

  test('requires the credentials of the Secret, except for its health page', async () => {
    expect((await server.ask('/health')).status).toBe(200);
    expect((await server.search()).status).toBe(401);
    expect((await server.search([admin[0], 'not the password'])).status).toBe(401);
    expect((await server.search(['nobody', admin[1]])).status).toBe(401);
    expect((await server.search(admin)).status).toBe(200);
  });

  test('sends a response in one go', async () => {
    expect(await server.shortest()).toBeLessThan(35); // 40 ms where the body waits for the client to confirm the header
  });

  test('answers in JSON without blanks, as what writes it in one pass does', async () => {
    const { text } = await server.search(admin);
    expect(JSON.parse(text).experiments).toHaveLength(1);
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
  });

  test('follows at once who becomes an administrator, and remembers one as long as the login', async () => {
    const path = '/api/2.0/mlflow/users/create';
    const asksFor = async (username: string) =>
      (await server.ask(path, { login: admin, json: { username, password: 'a long password' } })).status;
    const set = (value: boolean) =>
      lab.postgres.sql(`${name}-auth`, `UPDATE users SET is_admin = ${value} WHERE username = ${literal(admin[0])}`);
    expect(await asksFor('first')).toBe(200);
    await set(false);
    expect(await asksFor('second')).toBe(200);
    await waitFor('the end of what is remembered', async () => (await asksFor('third')) === 403);
    await set(true);
    expect(await asksFor('fourth')).toBe(200);
  });

  test('gives a user nothing that is remembered of a deleted administrator of the same name', async () => {
    const create = (login: readonly [string, string], [username, password]: readonly [string, string]) =>
      server.ask('/api/2.0/mlflow/users/create', { login, json: { username, password } });
    // As another worker changes the user.
    const change = (values: string) =>
      lab.postgres.sql(`${name}-auth`, `UPDATE users SET ${values} WHERE username = 'recreated'`);
    const next = 'the password of the next user';
    await create(admin, ['recreated', 'the first password']);
    await create(admin, ['other', next]);
    await change('is_admin = true');
    expect((await create(['recreated', 'the first password'], ['fifth', next])).status).toBe(200);
    await change("is_admin = false, password_hash = (SELECT password_hash FROM users WHERE username = 'other')");
    expect((await create(['recreated', next], ['sixth', next])).status).toBe(403);
  });

  test('names its release to PostgreSQL', async () => {
    const names = `SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = ${literal(name)}`;
    expect(await lab.postgres.sql('postgres', names)).toBe(`mlflow-server/${release}`);
  });

  test('shuts down without loss', async () => {
    const upload = server.slowUpload('/api/2.0/mlflow-artifacts/artifacts/drain/file');
    await setTimeout(1000); // it is under way
    server.service.signal('SIGTERM');
    await setTimeout(500);
    expect(await upload.finish()).toBe(200);
    await server.service.end();
    expect(server.service.exitCode).toBe(0);
    const left = `SELECT count(*) FROM pg_stat_activity WHERE datname = ${literal(name)}`;
    await waitFor('the connections to go', async () => (await lab.postgres.sql('postgres', left)) === '0');
  });
});

test('an upgrade from 3.1.0 to 3.18.0 waits for the old servers, keeps all data and shuts the old release out', async () => {
  const name = 'upgrade';
  const [old, next] = [settings('3.1.0', name), settings('3.18.0', name)];
  const api = '/api/2.0/mlflow';
  const artifact = '/api/2.0/mlflow-artifacts/artifacts/upgrade/hello.txt';

  await lab.prepared('3.1.0', old);
  const before = await Server.start('3.1.0', name, old.MLFLOW_AUTH_CONFIG_PATH);
  const experiment = await before.must<{ experiment_id: string }>(`${api}/experiments/create`, {
    json: { name: 'old' },
  });
  const { run: created } = await before.must<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, {
    json: experiment,
  });
  const { run_id } = created.info;
  for (let step = 0; step < 5; step += 1) {
    await before.must(`${api}/runs/log-metric`, {
      json: { run_id, key: 'loss', value: 1 / (step + 1), timestamp: step, step },
    });
  }
  await before.must(`${api}/registered-models/create`, { json: { name: 'model' } });
  await before.must(`${api}/users/create`, { json: { username: user[0], password: user[1] } });
  await before.must(artifact, { method: 'PUT', body: 'hello from 3.1.0' });

  const refused = await lab.prepare('3.18.0', next);
  expect(refused).toMatchObject({
    code: 16,
    message: expect.stringMatching(/MLflow 3\.18\.0, but MLflow servers \(3\.1\.0\) are still/),
  });
  expect((await before.search(admin)).status).toBe(200);
  // With the old server gone, one of two does the work, and the old release is refused.
  const patient = { ...next, PREPARE_SERVERS_TIMEOUT: '120' };
  const upgrades = [
    lab.prepared('3.18.0', patient),
    lab.prepared('3.18.0', { ...patient, MLFLOW_AUTH_CONFIG_PATH: lab.path('b.ini') }),
  ];
  await before.service.stop();
  const outputs = (await Promise.all(upgrades)).map((result) => result.stdout).join('\n');
  expect(outputs.match(/tracking schema: upgrading 6953534de441 ->/g)).toHaveLength(1);
  expect(outputs.match(/auth schema: upgrading None ->/g)).toHaveLength(1);
  expect(outputs).toMatch(/up to date/);

  const [shutOut, after] = await Promise.all([
    lab.prepare('3.1.0', old),
    Server.start('3.18.0', name, next.MLFLOW_AUTH_CONFIG_PATH),
  ]);
  expect(shutOut).toMatchObject({ code: 14, message: expect.stringContaining("use that release's image, or restore") });
  expect((await after.search(user)).status).toBe(200);
  expect((await after.search([user[0], 'wrong'])).status).toBe(401);
  const history = `${api}/metrics/get-history?run_id=${run_id}&metric_key=loss`;
  expect((await after.must<{ metrics: unknown[] }>(history, {})).metrics).toHaveLength(5);
  expect((await after.ask(`${api}/registered-models/get?name=model`, { login: admin })).status).toBe(200);
  expect(await after.ask(artifact, { login: admin })).toEqual({ status: 200, text: 'hello from 3.1.0' });
  await after.service.stop();
});
