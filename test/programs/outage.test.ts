import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './http';
import { Lab, role } from './lab';
import { administrator } from './pod-variables';
import { labEnvironment, RenderedServer } from './rendered-server';
import { firstAndLast } from './tools';

/** What clients are told while PostgreSQL takes no connections: to try again, unless their login is known to be wrong. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const SECONDS = 5;
const AWAY = '503 TEMPORARILY_UNAVAILABLE';

/** Users with logins of their own: more than may be wrong at once. */
const USERS = Array.from({ length: 8 }, (_, index) => [`user${index}`, `password of user ${index}`] as const);

/** The status of an answer, and what MLflow or the guard calls it. */
const codeOf = ({ status, text }: Answer): string =>
  status === 200 ? '200' : `${status} ${/"error_code": ?"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 60)}`;

describe.each(firstAndLast)('MLflow %s', (version) => {
  let server: RenderedServer;
  let kinds: Readonly<Record<string, (login: readonly [string, string]) => Promise<Answer>>>;

  beforeAll(async () => {
    // Logins are soon forgotten, so that they have to be checked meanwhile.
    const environment = labEnvironment(lab, version, `outage-${version}`, { auth: { cacheSeconds: 1 } });
    server = await RenderedServer.start(lab, environment);
    const create = '/api/2.0/mlflow/runs/create';
    const { run } = await server.must<{ run: { info: { run_id: string } } }>(create, { json: { experiment_id: '0' } });
    const { run_id } = run.info;
    for (const [username, password] of USERS) {
      await server.must('/api/2.0/mlflow/users/create', { json: { username, password } });
    }
    const metric = { run_id, key: 'm', value: 1, timestamp: 1, step: 1 };
    const artifact = `/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/note.txt`;
    kinds = {
      metric: (login) => server.ask('/api/2.0/mlflow/runs/log-metric', { login, json: metric }),
      upload: (login) => server.ask(artifact, { login, method: 'PUT', body: 'text' }),
      list: (login) => server.ask('/api/2.0/mlflow-artifacts/artifacts?path=0', { login }),
      traces: (login) =>
        server.ask('/v1/traces', { login, method: 'POST', body: '', headers: { 'x-mlflow-experiment-id': '0' } }),
      gateway: (login) => server.ask('/gateway/x/mlflow/invocations', { login, json: {} }),
    };
  });

  /** The codes of the answers to requests of a kind, with how many there were, before and after their logins are forgotten. */
  async function answers(ask: () => Promise<Answer>): Promise<ReadonlyMap<string, number>> {
    const sent: Promise<Answer>[] = [];
    for (const end = Date.now() + SECONDS * 1000; Date.now() < end; await pause(100)) sent.push(ask());
    const counted = new Map<string, number>();
    for (const answer of await Promise.all(sent)) {
      counted.set(codeOf(answer), (counted.get(codeOf(answer)) ?? 0) + 1);
    }
    return counted;
  }

  async function meanwhile<T>(more: readonly string[], task: () => Promise<T>): Promise<T> {
    await lab.postgres.sql('postgres', `ALTER ROLE ${role.PGUSER} PASSWORD 'another'`, ...more);
    try {
      return await task();
    } finally {
      await lab.postgres.sql('postgres', `ALTER ROLE ${role.PGUSER} PASSWORD '${role.PGPASSWORD}'`);
    }
  }

  test.each([
    ['takes no new connections', []],
    ['ends all connections too', [`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mlflow'`]],
  ])('right logins are told to try again while PostgreSQL %s', async (_, more) => {
    const before = new Map<string, string>();
    for (const [kind, ask] of Object.entries(kinds)) before.set(kind, codeOf(await ask(administrator)));
    for (const user of USERS) expect(await server.search(user)).toBe(200);
    const [seen, users] = await meanwhile(more, async () => {
      const each = Object.entries(kinds).map(
        async ([kind, ask]) => [kind, await answers(() => ask(administrator))] as const,
      );
      const found = await Promise.all(each);
      const ofUsers = await Promise.all(USERS.map(async (user) => server.search(user)));
      return [found, ofUsers] as const;
    });
    console.info(`MLflow ${version}:`, JSON.stringify(seen.map(([kind, counted]) => [kind, [...counted]])));
    for (const [kind, counted] of seen) {
      const others = [...counted.keys()].filter((code) => code !== before.get(kind) && code !== AWAY);
      expect([kind, others]).toEqual([kind, []]);
    }
    expect(new Map(seen).get('metric')?.get(AWAY)).toBeGreaterThan(0);
    expect(users.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    // Nobody is kept out afterwards.
    for (const user of [administrator, ...USERS]) expect(await server.search(user)).toBe(200);
  });

  test('logins that are known to be wrong stay wrong', async () => {
    expect(await server.search(['nobody', 'a wrong password'])).toBe(401);
    const { username, password } = { username: 'deleted', password: 'the password of a deleted user' };
    await server.must('/api/2.0/mlflow/users/create', { json: { username, password } });
    expect(await server.search([username, password])).toBe(200);
    await server.must('/api/2.0/mlflow/users/delete', { method: 'DELETE', json: { username } });
    expect(await server.search([username, password])).toBe(401);
    // MLflow's own routes read logins as ASCII: what they refuse is no outage.
    const umlauts = ['umlauts', 'pässwörd mit Umlauten'] as const;
    await server.must('/api/2.0/mlflow/users/create', { json: { username: umlauts[0], password: umlauts[1] } });
    for (const ask of Object.values(kinds)) expect((await ask(umlauts)).status).not.toBe(503);
  });
});
