import { healthPath } from '../../lib/components/server/lifecycle';
import { acceptedOrigins, outerUris } from '../../lib/components/service/accepted';
import { serviceHost } from '../../lib/components/service/hosts';
import type { EnvironmentInput } from '../../lib/environment/model';
import { type Answer, type Ask, request } from './http';
import { Lab } from './lab';
import { administrator } from './pod-variables';
import { labEnvironment, RenderedServer } from './rendered-server';
import { everyRelease, everyReleaseOr } from './tools';

/** Servers that are reached in every way at once, of every kind of release: which requests pass, and which do not. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const EDGES = ['ingress', 'gateway', 'route'] as const;
const hostAt = (edge: (typeof EDGES)[number]) => `${edge}.example.com`;

/** An ingress, a Gateway and a Route below a path, and a node that people open. */
const edgesAt = (path: string): EnvironmentInput => ({
  ingress: { host: hostAt('ingress'), controller: 'traefik', path, tls: { secret: 'outer-tls' } },
  gateway: { host: hostAt('gateway'), controller: 'traefik', path, parentRefs: [{ name: 'web' }] },
  route: { host: hostAt('route'), path },
  service: { type: 'NodePort', nodePort: 30_800, nodeAddresses: ['192.168.1.85'] },
});

const RELEASES = everyReleaseOr(['3.1.0', '3.7.0', '3.11.1', '3.18.0']);
/** Every pair of a release, a path and a login; with every release, all three together. */
const CASES = RELEASES.flatMap((version, row) =>
  ['/', '/mlflow'].flatMap((path, column) =>
    [true, false]
      .filter((login) => everyRelease || login === ((row + column) % 2 === 0))
      .map((login) => [version, path, login] as const),
  ),
);

test.each(CASES)('MLflow %s at %s, with a login: %s', async (version, path, login) => {
  const name = `reached-${version}-${path.length}-${login}`;
  const environment = labEnvironment(lab, version, name, {
    ...edgesAt(path),
    auth: { enabled: login },
    allow: login ? [] : ['no-login'],
    server: { workers: 1 },
  });
  const { release } = environment;
  const server = await RenderedServer.start(lab, environment);
  const ask = (at: string, given: Ask = {}): Promise<Answer> => request(server.url + at, given);
  const user = login ? { login: administrator } : {};
  const prefix = path === '/' ? '' : path;
  const json = { max_results: 1 };
  const page = `${prefix}/ajax-api/2.0/mlflow/experiments/search`;
  const found: unknown[] = [];
  const wanted: unknown[] = [];
  const expectStatus = async (what: string, answer: Promise<Answer>, status: number) => {
    found.push([what, (await answer).status]);
    wanted.push([what, status]);
  };

  const probed = healthPath(environment);
  if (probed) await expectStatus('probe', ask(probed, { headers: { host: serviceHost(environment) } }), 200);

  const outer = outerUris(environment);
  expect(outer.map((each) => new URL(each.uri).host)).toEqual([...EDGES.map(hostAt), '192.168.1.85:30800']);
  for (const each of outer) {
    const { host, origin, pathname } = new URL(each.page);
    await expectStatus(`page at ${each.page}`, ask(pathname, { ...user, headers: { host } }), 200);
    await expectStatus(`POST of ${each.page}`, ask(page, { ...user, json, headers: { host, origin } }), 200);
    const api = `${new URL(each.uri).pathname.replace(/\/$/, '')}/api/2.0/mlflow/experiments/search`;
    await expectStatus(`client at ${each.uri}`, ask(api, { ...user, json, headers: { host } }), 200);
    const refused = login ? 401 : 200;
    await expectStatus(`without a login at ${each.uri}`, ask(api, { json, headers: { host } }), refused);
    for (const foreign of ['https://evil.example', `https://${host}.evil.example`, 'null']) {
      const asked = (at: string) => ask(at, { ...user, json, headers: { host, origin: foreign } });
      await expectStatus(`page of ${foreign} to ${host}`, asked(page), 403);
      await expectStatus(`page of ${foreign} to ${host}, API`, asked(api), 403);
    }
  }
  for (const { name: origin } of acceptedOrigins(environment))
    await expectStatus(`origin ${origin}`, ask(page, { ...user, json, headers: { origin } }), 200);
  for (const host of ['evil.example', 'ingress.example.com.evil.example', '10.0.0.1.evil.example'])
    await expectStatus(
      `host ${host}`,
      ask(page, { ...user, json, headers: { host } }),
      release.can('hostCheck') ? 403 : 200,
    );
  expect(found).toEqual(wanted);
  await server.service.stop();
});
