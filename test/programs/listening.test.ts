import { healthPath } from '../../lib/components/server/lifecycle';
import { serviceHost, trackingUri } from '../../lib/components/service/hosts';
import { request } from './http';
import { Lab } from './lab';
import { labEnvironment, RenderedServer } from './rendered-server';
import { everyReleaseOr } from './tools';

/** Where real servers answer: on both IP families, and below a static prefix. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

test.each(['3.1.0', '3.18.0'])('MLflow %s listens on both IP families for a Service that has both', async (version) => {
  const environment = labEnvironment(lab, version, `families-${version}`, {
    server: { workers: 1 },
    service: { ipFamilies: ['IPv6', 'IPv4'] },
  });
  const { service, url } = await RenderedServer.start(lab, environment);
  for (const host of ['127.0.0.1', '[::1]']) {
    const { status } = await request(`${url.replace('127.0.0.1', host)}/health`);
    expect([host, status]).toEqual([host, 200]);
  }
  await service.stop();
});

test.each(everyReleaseOr(['3.11.1', '3.18.0']))(
  'MLflow %s below a static prefix is probed without a login, has its API where clients look for it, and changes nothing for other pages',
  async (version) => {
    const environment = labEnvironment(lab, version, `prefix-${version}`, {
      server: { workers: 1, staticPrefix: '/mlflow' },
    });
    const server = await RenderedServer.start(lab, environment);
    const path = healthPath(environment);
    if (path) {
      const headers = { host: serviceHost(environment) };
      expect([path, (await request(server.url + path, { headers })).status]).toEqual([path, 200]);
    }
    const base = new URL(trackingUri(environment)).pathname.replace(/\/$/, '');
    const other = base === '' ? '/mlflow' : '';
    const search = '/api/2.0/mlflow/experiments/search?max_results=1';
    const statuses = [
      (await server.ask(base + search)).status,
      (await request(server.url + base + search)).status,
      (await server.ask(other + search)).status,
    ];
    expect(statuses).toEqual([200, 401, 404]);
    const page = `/mlflow/ajax-api/2.0/mlflow/experiments/search`;
    for (const [origin, status] of [
      [new URL(server.url).origin, 200],
      ['https://evil.example', 403],
    ] as const) {
      const answer = await server.ask(page, { json: { max_results: 1 }, headers: { origin } });
      expect([origin, answer.status]).toEqual([origin, status]);
    }
    await server.service.stop();
  },
);
