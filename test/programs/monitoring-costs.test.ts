import { readFileSync } from 'node:fs';
import type { EnvironmentInput } from '../../lib/environment/model';
import { request } from './http';
import { Lab } from './lab';
import { administrator } from './pod-variables';
import { scraper, startExporter } from './prometheus';
import { labEnvironment, RenderedServer } from './rendered-server';
import { releases } from './tools';

/**
 * What metrics and the access log cost: the rows of docs/monitoring.md. They tell something on a machine that does nothing
 * else, so they are made where MLFLOW_TEST_COSTS=true asks for them. The same servers in turn, so that a ratio is of
 * rounds that follow each other.
 */

const asked = process.env.MLFLOW_TEST_COSTS === 'true';

const ROUNDS = 7;
/** More than lies between two scrapes. */
const SECONDS = 6;

/** Searches a second by eight connections. */
async function rate(server: RenderedServer): Promise<number> {
  const end = Date.now() + SECONDS * 1000;
  let count = 0;
  const ask = async () => {
    for (; Date.now() < end; count += 1) expect(await server.search(administrator)).toBe(200);
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return count / SECONDS;
}

/** Scrapes on and on, every five seconds, until it is told to stop: then the milliseconds that each took. */
function scrapes(url: string): () => Promise<number[]> {
  const taken: number[] = [];
  let goesOn = true;
  const scraping = async () => {
    while (goesOn) {
      const began = performance.now();
      expect((await request(`${url}/metrics`, { login: scraper })).status).toBe(200);
      taken.push(performance.now() - began);
      for (let tenth = 0; tenth < 50 && goesOn; tenth += 1) await new Promise((next) => setTimeout(next, 100));
    }
  };
  const outcome = scraping().then(
    () => undefined,
    (error: unknown) => error ?? new Error('no scrape'),
  );
  return async () => {
    goesOn = false;
    const error = await outcome;
    if (error) throw error;
    return taken;
  };
}

/** The memory that a process has, as Linux says it. */
const memory = (pid: number) => /VmRSS:\s+(.*)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'unknown';

const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const shown = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return [middle(values), sorted[1], sorted.at(-2)].map((value) => value?.toFixed(2)).join(', ');
};

(asked ? describe : describe.skip)('what is seen costs little', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.start();
  });
  afterAll(async () => {
    await lab?.stop();
  });

  test.each(releases)('on MLflow %s', async (version) => {
    const start = (name: string, more: EnvironmentInput) =>
      RenderedServer.start(
        lab,
        labEnvironment(lab, version, `${name}-${version}`, {
          name: `m${version.replaceAll('.', '-')}`,
          ...more,
          server: { workers: 2, resources: { limits: { cpu: 2 } }, ...more.server },
        }),
      );
    const [plain, counted, logged] = [
      await start('plain', {}),
      await start('counted', { monitoring: { metrics: {} } }),
      await start('logged', { server: { accessLog: true } }),
    ];
    const { url, service } = await startExporter(lab, counted);
    for (const server of [plain, counted, logged]) await rate(server);
    const ratios: { counted: number[]; logged: number[] } = { counted: [], logged: [] };
    const taken: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await rate(plain);
      const stop = scrapes(url);
      const withMetrics = await rate(counted);
      taken.push(...(await stop()));
      const withLog = await rate(logged);
      const base = (before + (await rate(plain))) / 2;
      ratios.counted.push(withMetrics / base);
      ratios.logged.push(withLog / base);
    }
    console.log(
      `${version}: metrics ${shown(ratios.counted)}; access log ${shown(ratios.logged)} (median, second lowest and highest of ${ROUNDS}); a scrape ${middle(taken).toFixed(0)} ms, the container ${memory(service.pid)}`,
    );
    expect(middle(ratios.counted)).toBeGreaterThan(0.7);
    expect(middle(ratios.logged)).toBeGreaterThan(0.6);
    await Promise.all([plain, counted, logged].map((server) => server.service.stop()));
  });
});
