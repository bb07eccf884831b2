import { mkdirSync } from 'node:fs';
import { panelRows } from '../../lib/components/monitoring/panels';
import { panelsOf } from '../../lib/environment/contributions';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { request } from './http';
import { Lab } from './lab';
import { administrator } from './pod-variables';
import { freePort } from './ports';
import { literal } from './postgres';
import { Service, waitFor, waitForService } from './process';
import { hasPrometheus, Prometheus, scraper, startExporter, writeLogin } from './prometheus';
import { labEnvironment, RenderedServer } from './rendered-server';
import { python, releases } from './tools';

/** Metrics and logs of real servers, started and scraped with exactly what is synthesized for them. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

/** A slow server is one that takes longer than anything can, so that it fires under any load. */
const environmentOf = (version: string): ResolvedEnvironment => {
  const environment = labEnvironment(lab, version, `metrics-${version}`, {
    name: `m${version.replaceAll('.', '-')}`,
    server: { workers: 2, accessLog: true, logLevel: 'DEBUG', resources: { limits: { cpu: 2 } } },
    monitoring: { metrics: {}, rules: {} },
  });
  const { monitoring } = environment;
  if (!monitoring.rules) throw new Error('no rules are on');
  // Less than an environment may say.
  const thresholds = { ...monitoring.rules.thresholds, latencySeconds: 0.01 };
  return { ...environment, monitoring: { ...monitoring, rules: { ...monitoring.rules, thresholds } } };
};

interface Monitored {
  readonly server: RenderedServer;
  readonly url: string;
}

const monitored = new Map<string, Monitored>();

const monitoredOf = (version: string): Monitored => {
  const found = monitored.get(version);
  if (!found) throw new Error(`MLflow ${version} did not start`);
  return found;
};

beforeAll(async () => {
  await Promise.all(
    releases.map(async (version) => {
      const server = await RenderedServer.start(lab, environmentOf(version));
      monitored.set(version, { server, url: (await startExporter(lab, server)).url });
    }),
  );
});

const SEARCH = '/api/2.0/mlflow/experiments/search?max_results=10';

/** The value of a series in what the exporter shows. */
function value(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line ? Number(line.slice(series.length)) : Number.NaN;
}

describe.each(releases)('the metrics of MLflow %s', (version) => {
  const scrape = async () => (await request(`${monitoredOf(version).url}/metrics`, { login: scraper })).text;

  test('are available to the scraper, but not without a login nor to the administrator of MLflow', async () => {
    const { url } = monitoredOf(version);
    const statuses = async (login?: readonly [string, string]) =>
      (await request(`${url}/metrics`, login && { login })).status;
    expect(await statuses()).toBe(401);
    expect(await statuses(administrator)).toBe(401);
    expect(await statuses([scraper[0], `${scraper[1]}x`])).toBe(401);
    expect(await statuses([scraper[0], ''])).toBe(401);
    expect(await statuses(scraper)).toBe(200);
    expect((await request(`${url}/`, { login: scraper })).status).toBe(404);
    expect((await request(`${url}/metrics`, { login: scraper, method: 'POST' })).status).toBe(501);
  });

  test('give no access to MLflow: the login of the scraper is not one of its users', async () => {
    const { server } = monitoredOf(version);
    expect(await server.search(scraper)).toBe(401);
    expect(await server.search(administrator)).toBe(200);
  });

  test('add up what both processes of the server counted', async () => {
    const { server } = monitoredOf(version);
    const series = 'mlflow_http_request_total{method="GET",status="200"}';
    const before = value(await scrape(), series) || 0;
    for (let count = 0; count < 12; count += 1) expect((await server.ask(SEARCH)).status).toBe(200);
    const text = await scrape();
    expect(value(text, series) - before).toBe(12);
    expect(value(text, 'mlflow_server_up')).toBe(1);
    expect(value(text, 'mlflow_server_processes')).toBe(2);
    // In the words of a scraper: every series has a type, once.
    const types = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(types).size).toBe(types.length);
  });

  test('are there at the server too, for its administrator', async () => {
    const { server } = monitoredOf(version);
    expect((await request(`${server.url}/metrics`)).status).toBe(401);
    expect((await server.ask('/metrics')).status).toBe(200);
  });

  test('come with one line for each request in the log, and with no secret in any line', async () => {
    const { server } = monitoredOf(version);
    const marks = ['alpha', 'beta', 'gamma'].map((word) => `${word}-${version}`);
    const artifact = '/api/2.0/mlflow-artifacts/artifacts/logs/secret.txt';
    expect((await server.ask(artifact, { method: 'PUT', body: 'content' })).status).toBe(200);
    expect((await server.ask(artifact)).text).toBe('content');
    for (const mark of marks) await server.ask(`${SEARCH}&mark=${mark}`);
    const lines = (mark: string) =>
      server.service.output.split('\n').filter((line) => line.includes(`mark=${mark} HTTP/1.1" 200`));
    await waitFor('the lines', () => marks.every((mark) => lines(mark).length > 0));
    expect(marks.map((mark) => lines(mark).length)).toEqual([1, 1, 1]);
    const { AWS_SECRET_ACCESS_KEY } = lab.store.credentials;
    const { PGPASSWORD = '' } = lab.env(version);
    const secrets = [administrator[1], PGPASSWORD, AWS_SECRET_ACCESS_KEY, 'any long random text'];
    const encoded = Buffer.from(administrator.join(':')).toString('base64');
    for (const secret of [...secrets, encoded]) expect(server.service.output).not.toContain(secret);
    expect(server.service.output).not.toMatch(/authorization/i);
  });
});

test('an exporter goes on without a login, says so once, and takes each one that comes', async () => {
  const [counts, login, port] = [lab.path('no-counts'), lab.path('login-to-come'), await freePort()];
  mkdirSync(counts);
  const argv = [python('3.18.0'), '-m', 'metrics', counts, login, `${port}`, '9'];
  const service = lab.keep(new Service(argv, {}));
  const status = async (as?: readonly [string, string]) =>
    (await request(`http://127.0.0.1:${port}/metrics`, as && { login: as })).status;
  await waitForService(service, 'the exporter', async () => (await status()) === 503);
  expect(await status(scraper)).toBe(503);
  expect(service.output.match(/no login/g)).toHaveLength(1);
  // A key that is there and empty opens nothing.
  writeLogin(login, [scraper[0], '']);
  expect([await status([scraper[0], '']), await status(), await status()]).toEqual([503, 503, 503]);
  expect(service.output.match(/password is empty/g)).toHaveLength(1);
  writeLogin(login, scraper);
  expect([await status(scraper), await status()]).toEqual([200, 401]);
  const changed = [scraper[0], 'another one'] as const;
  writeLogin(login, changed);
  expect([await status(scraper), await status(changed)]).toEqual([401, 200]);
  expect(service.output.match(/the login exists/g)).toHaveLength(1);
  for (const [, password] of [scraper, changed]) expect(service.output).not.toContain(password);
});

if (!hasPrometheus) console.warn('SKIPPED: what needs a real Prometheus (Debian: apt-get install prometheus)');

(hasPrometheus ? describe : describe.skip)('a real Prometheus', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    const pods = releases.map((version) => ({
      environment: monitoredOf(version).server.environment,
      pod: `${monitoredOf(version).server.environment.name}-7d9c-abcde`,
      url: monitoredOf(version).url,
    }));
    prometheus = await Prometheus.start(lab, pods);
    for (let round = 0; round < 8; round += 1) {
      await Promise.all(releases.map((version) => load(monitoredOf(version).server)));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  });

  /** Something of all that the dashboard shows: reads, writes, and requests that fail. */
  async function load(server: RenderedServer): Promise<void> {
    await Promise.all([
      server.ask(SEARCH),
      server.ask('/api/2.0/mlflow/experiments/get?experiment_id=99'),
      server.ask('/api/2.0/mlflow/runs/search', { json: { experiment_ids: ['0'], max_results: 5 } }),
      request(server.url + SEARCH),
    ]);
  }

  test('scrapes each pod with the synthesized settings, and no pod of another component', async () => {
    const targets = await prometheus.targets();
    expect(targets.map(({ labels, error }) => [labels.job, labels.namespace, error])).toEqual(
      expect.arrayContaining(releases.map((version) => [environmentOf(version).name, 'mlflow', ''])),
    );
    expect(targets).toHaveLength(releases.length);
  });

  test('drops what tells nothing', async () => {
    expect(await prometheus.query('{__name__="mlflow_exporter_info"}')).toEqual([]);
    const limits = await prometheus.query('count by (le) (mlflow_http_request_duration_seconds_bucket)');
    const kept = ['0.05', '0.1', '0.25', '0.5', '0.75', '1.0', '2.5', '5.0', '7.5', '10.0', '+Inf'];
    expect(limits.map(({ metric }) => metric.le).sort()).toEqual(kept.sort());
  });

  test.each(releases)('has data for every query of the dashboard about MLflow %s itself', async (version) => {
    const { environment } = monitoredOf(version).server;
    const queries = panelRows(panelsOf(environment))
      .flatMap(({ panels }) => panels)
      .flatMap((panel) => panel.queries.map(({ query }) => query))
      .filter((query) => /mlflow_/.test(query) && !/kube_|container_|kubelet_|pg_/.test(query));
    expect(queries.length).toBeGreaterThan(12);
    expect(await prometheus.empty(queries, '1m')).toEqual([]);
  });

  test('alerts when a server is slow, fails, or is gone, each by its own alert', async () => {
    const [version] = releases;
    const { server } = monitoredOf(version);
    const { name } = server.environment;
    const of = async () => (await prometheus.firing()).filter(({ summary }) => summary.includes(name));
    const fires = (alert: string) => async () => (await of()).some((each) => each.name === alert);
    await waitFor('MlflowSlow', fires('MlflowSlow'), 30_000);
    expect((await of()).map((each) => each.name)).toEqual(['MlflowSlow']);

    // PostgreSQL lets nobody into its database any more.
    const database = literal(`metrics-${version}`);
    await lab.postgres.sql('postgres', `ALTER DATABASE "metrics-${version}" ALLOW_CONNECTIONS false`);
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${database}`;
    await lab.postgres.sql('postgres', end);
    const failing = async () => {
      await server.ask(SEARCH);
      return fires('MlflowErrors')();
    };
    await waitFor('MlflowErrors', failing, 60_000);

    await server.service.stop('SIGKILL');
    await waitFor(
      'MlflowDown and MlflowPodDown',
      async () => (await fires('MlflowDown')()) && (await fires('MlflowPodDown')()),
      60_000,
    );
    const down = (await of()).find((each) => each.name === 'MlflowDown');
    expect(down).toMatchObject({
      summary: `MLflow ${name} is down`,
      labels: { severity: 'critical', namespace: 'mlflow' },
    });
    // The other one is well.
    const [, other = ''] = releases;
    const others = (await prometheus.firing()).filter(({ summary }) => summary.includes(environmentOf(other).name));
    expect(others.map((each) => each.name)).toEqual(['MlflowSlow']);
  });
});
