import { setTimeout as pause } from 'node:timers/promises';
import { Lab } from './lab';
import { labEnvironment, RenderedServer } from './rendered-server';
import { everyRelease, releases, runReleases } from './tools';

/** What clients with a right login are told while PostgreSQL takes no connections: to try again, and nothing else. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const SECONDS = 5;

/** The role of the servers, as the lab creates it. */
const PASSWORD = 'db p@ss:w/o%rd';

describe.each(everyRelease ? runReleases : releases)('MLflow %s', (version) => {
  let server: RenderedServer;
  let run_id: string;

  beforeAll(async () => {
    // Logins are soon forgotten, so that they have to be checked meanwhile.
    const environment = labEnvironment(lab, version, `outage-${version}`, { auth: { cacheSeconds: 1 } });
    server = await RenderedServer.start(lab, environment);
    const create = '/api/2.0/mlflow/runs/create';
    const { run } = await server.must<{ run: { info: { run_id: string } } }>(create, { json: { experiment_id: '0' } });
    run_id = run.info.run_id;
  });

  /** The answers to requests of each kind, which come faster than they are answered, as status and code. */
  async function answers(): Promise<ReadonlyMap<string, number>> {
    const kinds = [
      () =>
        server.ask('/api/2.0/mlflow/runs/log-metric', { json: { run_id, key: 'm', value: 1, timestamp: 1, step: 1 } }),
      () => server.ask('/api/2.0/mlflow-artifacts/artifacts?path=0'),
    ];
    const sent: ReturnType<(typeof kinds)[number]>[] = [];
    for (const end = Date.now() + SECONDS * 1000; Date.now() < end; await pause(20)) {
      sent.push(...kinds.map((ask) => ask()));
    }
    const counted = new Map<string, number>();
    for (const { status, text } of await Promise.all(sent)) {
      const code = status === 200 ? '' : (/"error_code": ?"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 60));
      const key = `${status} ${code}`.trim();
      counted.set(key, (counted.get(key) ?? 0) + 1);
    }
    return counted;
  }

  test.each([
    ['takes no new connections', []],
    ['ends all connections too', [`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mlflow'`]],
  ])('while PostgreSQL %s', async (_, more) => {
    await lab.postgres.sql('postgres', `ALTER ROLE mlflow PASSWORD 'another'`, ...more);
    const counted = await answers();
    await lab.postgres.sql('postgres', `ALTER ROLE mlflow PASSWORD '${PASSWORD}'`);
    console.info(`MLflow ${version}:`, JSON.stringify([...counted]));
    expect([...counted.keys()].filter((key) => key !== '200' && key !== '503 TEMPORARILY_UNAVAILABLE')).toEqual([]);
    expect(counted.get('503 TEMPORARILY_UNAVAILABLE')).toBeGreaterThan(0);
    // Nobody has to wait for a verdict that was remembered.
    expect((await server.ask('/api/2.0/mlflow/experiments/get?experiment_id=0')).status).toBe(200);
  });
});
