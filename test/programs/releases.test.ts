import { healthPath } from '../../lib/components/server/lifecycle';
import { corsAllowedOrigins } from '../../lib/components/service/accepted';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { optionsOf } from '../../lib/mlflow/options';
import { KNOWN_RELEASES, release as releaseOf } from '../../lib/mlflow/releases';
import { browserAt } from '../support/browser';
import { request } from './http';
import { Lab } from './lab';
import { testOddRequests } from './odd-requests';
import { administrator } from './pod-variables';
import { literal } from './postgres';
import { waitFor } from './process';
import { lookAt, type Program } from './release-program';
import { labEnvironment, RenderedServer } from './rendered-server';
import { answerTo } from './sockets';
import { runReleases } from './tools';

/** Real servers of each kind of release, started with exactly what is synthesized for it. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start({ anyBucketName: true });
});

afterAll(async () => {
  await lab?.stop();
});

/** An environment that uses what differs between releases. */
const environmentOf = (version: string): ResolvedEnvironment =>
  labEnvironment(lab, version, `release-${version}`, {
    // As no bucket on AWS.
    artifacts: { s3: { bucket: `Release_${version}`, endpoint: lab.store.url, createBucket: true } },
    server: {
      allowedHosts: [
        'mlflow.example.com',
        'BÜCHER.example.',
        'ports.example.com:8443',
        '[2001:DB8:0::1]:443',
        '100.64.*',
      ],
      corsAllowedOrigins: ['https://Origin.example.com:443/'],
    },
    service: {
      type: 'LoadBalancer',
      loadBalancerIP: '192.168.1.201',
      nodePort: 30800,
      nodeAddresses: ['192.168.1.85'],
    },
  });

/** Pages of that environment, and others, as a browser shows them. */
const PAGES = [
  'http://mlflow.example.com',
  'https://mlflow.example.com',
  'http://mlflow.example.com:5000',
  'https://bücher.example',
  'https://ports.example.com:8443',
  'https://[2001:db8::1]',
  'https://origin.example.com',
  'http://192.168.1.201:5000',
  'http://192.168.1.85:30800',
  'http://localhost:5001',
];
const FOREIGN_PAGES = ['https://ports.example.com', 'https://evil.example', 'http://mlflow.example.com.evil.example'];

describe.each(runReleases)('MLflow %s', (version) => {
  const release = releaseOf(version);
  let environment: ResolvedEnvironment;
  let server: RenderedServer;

  let program: Program;

  beforeAll(async () => {
    environment = environmentOf(version);
    [server, program] = await Promise.all([RenderedServer.start(lab, environment), lookAt(lab, version)]);
  });

  test('is in the table with the schemas and the options that the program has', () => {
    const { trackingSchema, authSchema } = KNOWN_RELEASES.find((row) => row.version === version) ?? {};
    const options = optionsOf(release).sort();
    expect(program).toMatchObject({ version, trackingSchema, authSchema, options });
  });

  test('understands the command line of random environments', () => {
    expect(program.understood).toBeGreaterThan(25);
    expect(program.refused).toEqual([]);
  });

  test('answers the kubelet, which names the address of the pod and has no login', async () => {
    const path = healthPath(environment) ?? '/health';
    expect((await request(server.url + path, { headers: { host: '10.244.0.7:5000' } })).status).toBe(200);
  });

  test('serves a client: experiment, run, metric and artifact', async () => {
    const api = '/api/2.0/mlflow';
    const experiment = await server.must<{ experiment_id: string }>(`${api}/experiments/create`, {
      json: { name: 'round' },
    });
    const created = await server.must<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, {
      json: experiment,
    });
    const { run_id } = created.run.info;
    await server.must(`${api}/runs/log-metric`, { json: { run_id, key: 'loss', value: 0.5, timestamp: 1, step: 1 } });
    const history = `${api}/metrics/get-history?run_id=${run_id}&metric_key=loss&max_results=10`;
    expect((await server.must<{ metrics: unknown[] }>(history, {})).metrics).toHaveLength(1);
    const artifact = '/api/2.0/mlflow-artifacts/artifacts/round/hello.txt';
    await server.must(artifact, { method: 'PUT', body: 'hello' });
    expect(await server.ask(artifact)).toEqual({ status: 200, text: 'hello' });
  });

  testOddRequests(version, () => server);

  test('lets in whom it should', async () => {
    const search = '/api/2.0/mlflow/experiments/search?max_results=1';
    expect((await server.ask(search)).status).toBe(200);
    expect((await request(server.url + search)).status).toBe(401);
    expect((await request(server.url + search, { login: [administrator[0], 'not the password'] })).status).toBe(401);
  });

  test('reads no body of a client without a login, whatever header is in place of one', async () => {
    const port = Number(new URL(server.url).port);
    for (const field of ['', 'X-MLflow-Assistant-Delegation: x\r\n', 'X-MLflow-Authorization: x\r\n'])
      for (const line of ['POST /api/2.0/mlflow/runs/search', 'PUT /api/2.0/mlflow-artifacts/artifacts/round/x']) {
        const header = `${line} HTTP/1.1\r\nHost: localhost\r\n${field}Content-Length: 400000000\r\n\r\n`;
        expect([line, field, await answerTo(port, header)]).toEqual([
          line,
          field,
          expect.stringMatching(/^HTTP\/1.1 401 /),
        ]);
      }
  });

  test('caches a login, and no wrong one', async () => {
    const login = ['reader', 'the password of a reader'] as const;
    await server.must('/api/2.0/mlflow/users/create', { json: { username: login[0], password: login[1] } });
    expect(await server.search([login[0], 'another'])).toBe(401);
    expect(await server.search(login)).toBe(200);
    await lab.spoilLogin(`release-${version}-auth`, login[0]);
    expect(await server.search(login)).toBe(200);
  });

  test('takes every host and origin that the environment names, and no other where it looks', async () => {
    const names = ['mlflow', 'mlflow.mlflow', 'mlflow.mlflow.svc', 'mlflow.mlflow.svc.cluster.local'];
    const hosts = [
      ...names,
      'localhost',
      '127.0.0.1',
      '[::1]',
      '192.168.1.201',
      '192.168.1.85',
      '10.244.0.7',
      '172.20.10.255',
      '[fd00::7]',
      'mlflow.example.com',
      '100.64.3.7',
    ];
    const evil = [
      'evil.example',
      '10.evil.example',
      '10.244.0.7.evil.example',
      '172.20.evil.example',
      '192.168.1.201.evil.example',
      '100.64.evil.example',
      'mlflow.evil.example',
    ];
    const origins = [...corsAllowedOrigins(environment), 'http://localhost:5001', 'http://127.0.0.1:8080'];
    const search = '/2.0/mlflow/experiments/search';
    const foreign = release.can('hostCheck') ? 403 : 200;
    const wanted: [what: string, status: number][] = [
      ...hosts.flatMap((host): [string, number][] => [
        [`/ajax-api host ${host}`, 200],
        [`/ajax-api host ${host}:5000`, 200],
      ]),
      ...evil.flatMap((host): [string, number][] => [
        [`/api host ${host}`, foreign],
        [`/ajax-api host ${host}`, foreign],
        [`/ajax-api host ${host}:5000`, foreign],
      ]),
      ...origins.flatMap((origin): [string, number][] => [
        [`/ajax-api origin ${origin}`, 200],
        [`/api origin ${origin}`, 200],
      ]),
      ...PAGES.flatMap((page): [string, number][] => [
        [`/ajax-api page ${page}`, 200],
        [`/api page ${page}`, 200],
      ]),
      ...FOREIGN_PAGES.flatMap((page): [string, number][] => [
        [`/ajax-api page ${page}`, foreign],
        [`/api page ${page}`, foreign],
      ]),
      ['/api origin https://evil.example', 403],
      ['/ajax-api origin https://evil.example', 403],
    ];
    const found: [string, number][] = [];
    for (const [what] of wanted) {
      const [prefix = '', header = '', value = ''] = what.split(' ');
      const headers = header === 'page' ? { ...browserAt(value) } : { [header]: value };
      const { status } = await server.ask(prefix + search, { json: { max_results: 1 }, headers });
      found.push([what, status]);
    }
    expect(found).toEqual(wanted);
  });

  test('shuts down at SIGTERM, in seconds, with no connection left', async () => {
    const began = Date.now();
    server.service.signal('SIGTERM');
    await server.service.end(30_000);
    expect(Date.now() - began).toBeLessThan(20_000);
    const left = `SELECT count(*) FROM pg_stat_activity WHERE datname = ${literal(`release-${version}`)}`;
    await waitFor('the connections to go', async () => (await lab.postgres.sql('postgres', left)) === '0');
  });
});
