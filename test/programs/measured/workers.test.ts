import { writeFileSync } from 'node:fs';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { release as releaseOf } from '../../../lib/mlflow/releases';
import { basic, request } from '../http';
import { Lab } from '../lab';
import { administrator } from '../pod-variables';
import { waitFor } from '../process';
import { scraper, startExporter } from '../prometheus';
import { labEnvironment, RenderedServer } from '../rendered-server';
import { releases } from '../tools';
import { type Counted, Traffic } from '../traffic';
import { childrenOf, hasCounted, workersOf } from '../workers';

/** Workers of real servers that are killed, hang or grow while clients log metrics. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const CLIENTS = 8;
const HANG_SECONDS = 5;
const MIB = 1024 * 1024;
/** Leaves each of two workers more than it needs for small requests. */
const MEMORY_LIMIT = 700 * MIB;
const BODY_LIMIT = 1024 * MIB;

/** A search whose body, mostly blanks, grows until it is ended. */
class LargeRequest {
  private readonly sent: ClientRequest;
  private readonly answer: Promise<number>;

  constructor({ url }: RenderedServer) {
    const headers = { 'Content-Type': 'application/json', Authorization: basic(...administrator) };
    this.sent = httpRequest(`${url}/api/2.0/mlflow/runs/search`, { method: 'POST', headers, agent: false });
    this.answer = new Promise((resolve) => {
      this.sent
        .once('response', (response) => resolve(response.resume().statusCode ?? 0))
        .once('error', () => resolve(0));
    });
  }

  /** Sends some more if what was sent before has left. */
  grow(): void {
    if (!this.sent.writableNeedDrain) this.sent.write(Buffer.alloc(16 * MIB, ' '));
  }

  /** Its status; 0: no answer. */
  end(): Promise<number> {
    this.sent.end('{"experiment_ids": ["0"]}');
    return this.answer;
  }
}

describe.each(releases)('the workers of MLflow %s', (version) => {
  let server: RenderedServer;
  let exporter: string;
  let traffic: Traffic;
  /** How many have run. */
  let run = 2;

  beforeAll(async () => {
    const environment = labEnvironment(lab, version, `workers-${version}`, {
      server: {
        workers: 2,
        maxRequestBody: BODY_LIMIT,
        ...(releaseOf(version).can('uvicorn')
          ? {}
          : { threads: 4, gracePeriod: 50, options: { 'gunicorn-opts': `--timeout=${HANG_SECONDS}` } }),
      },
      monitoring: { metrics: {} },
    });
    const limit = lab.path('memory.max');
    writeFileSync(limit, `${MEMORY_LIMIT}\n`);
    server = await RenderedServer.start(lab, environment, ['tests.limited_server', `${HANG_SECONDS}`, limit]);
    exporter = (await startExporter(lab, server)).url;
  });

  beforeEach(async () => {
    traffic = await Traffic.start(server, CLIENTS);
    await pause(1000);
  });

  /** Ends the traffic, and says what it got. */
  const stopTraffic = async (what: string): Promise<Counted> => {
    const counted = await traffic.stop();
    console.info(`MLflow ${version}, ${what}:`, JSON.stringify(counted));
    expect(counted.refused).toEqual([]);
    return counted;
  };

  /** What the server has counted of requests that were answered. */
  const count = async (): Promise<number> => {
    const { text } = await request(`${exporter}/metrics`, { login: scraper });
    return Number(/^mlflow_http_request_total\{method="POST",status="200"\} (\S+)/m.exec(text)?.[1]);
  };

  test('one that is killed is replaced, loses only what it was answering, and what it counted stays', async () => {
    const counts = [await count()];
    const [victim = 0, ...others] = await workersOf(server, run);
    process.kill(victim, 'SIGKILL');
    const end = Date.now() + 4000;
    while (Date.now() < end || childrenOf(server).length !== 2) {
      counts.push(await count());
      await pause(100);
    }
    run += 1;
    const pids = await workersOf(server, run);
    expect(pids).toEqual(expect.arrayContaining(others));
    const [replacement = 0] = pids.filter((pid) => !others.includes(pid));
    await waitFor('its counts to be merged', () => !hasCounted(server, victim));
    await waitFor('its replacement to count', () => hasCounted(server, replacement));
    const { unanswered } = await stopTraffic('killed');
    expect(Math.max(...unanswered)).toBeLessThanOrEqual(1);
    counts.push(await count());
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  test('one that hangs is killed and replaced, and the other answers meanwhile', async () => {
    const [victim = 0] = await workersOf(server, run);
    process.kill(victim, 'SIGSTOP');
    await pause(1000);
    const before = traffic.answered;
    let slowest = 0;
    while (!server.service.output.includes(`worker ${victim} hangs and is killed`)) {
      const begin = Date.now();
      expect(await server.search(administrator)).toBe(200);
      slowest = Math.max(slowest, Date.now() - begin);
    }
    const meanwhile = traffic.answered - before;
    run += 1;
    expect(await workersOf(server, run)).not.toContain(victim);
    const { unanswered } = await stopTraffic(`hung (${meanwhile} answered, slowest search ${slowest} ms)`);
    expect(meanwhile).toBeGreaterThan(20);
    expect(Math.max(...unanswered)).toBeLessThanOrEqual(1);
  });

  test('one that uses more than its share of the memory serves until its replacement does', async () => {
    const before = await workersOf(server, run);
    const { service } = server;
    const isFull = /worker (\d+) uses \d+ MiB, more than its share of \d+ MiB/;
    const large = new LargeRequest(server);
    await waitFor('the worker to be full', () => {
      large.grow();
      return isFull.test(service.output);
    });
    const full = Number(isFull.exec(service.output)?.[1]);
    expect(before).toContain(full);
    await waitFor('its replacement to serve', () => {
      expect(childrenOf(server)).toEqual(expect.arrayContaining(before));
      return childrenOf(server).some((pid) => !before.includes(pid) && hasCounted(server, pid));
    });
    await pause(3000); // longer than the worker waits for clients to connect anew
    expect(await large.end()).toBe(200);
    run += 1;
    expect(await workersOf(server, run)).not.toContain(full);
    expect(service.output).toContain(`worker ${full} ended (0)`);
    const { unanswered } = await stopTraffic('full');
    expect(Math.max(...unanswered)).toBe(0);
  });
});
