import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { release as releaseOf } from '../../../lib/mlflow/releases';
import { Issuer, SecretVolume, shownBy } from '../certificates';
import { request } from '../http';
import { Lab } from '../lab';
import { collect, smokeTest } from '../maintenance-jobs';
import { administrator } from '../pod-variables';
import { waitFor } from '../process';
import { scraper, startExporter } from '../prometheus';
import { labEnvironment, RenderedServer } from '../rendered-server';
import { answerTo } from '../sockets';
import { everyRelease, releases } from '../tools';
import { Traffic } from '../traffic';
import { workersOf } from '../workers';

/** Real servers that serve HTTPS, with a certificate that is renewed while clients use them. */

let lab: Lab;
let issuer: Issuer;

beforeAll(async () => {
  lab = await Lab.start();
  issuer = await Issuer.create(lab.path('ca'));
});

afterAll(async () => {
  await lab?.stop();
});

const CLIENTS = 8;
const MIB = 1024 * 1024;
/** Each worker looks every two seconds, in a turn of its loop; a busy machine takes longer. */
const RENEWAL = 15_000;
/** Not all new connections go to the same of two workers. */
const CONNECTIONS = 40;

describe.each(releases)('MLflow %s with a certificate', (version) => {
  // A minute each, of the oldest only with every release.
  const slow = everyRelease || version === releases.at(-1) ? test : test.skip;

  let volume: SecretVolume;
  let server: RenderedServer;
  let port: number;

  beforeAll(async () => {
    const options: Record<string, string> = releaseOf(version).can('uvicorn')
      ? { 'uvicorn-opts': '--limit-max-requests=1500' }
      : { 'gunicorn-opts': '--max-requests=1500' };
    const environment = labEnvironment(lab, version, `tls-${version}`, {
      server: { workers: 2, maxRequestBody: 4 * MIB, options },
      service: { tls: { secret: 'server-tls' } },
      monitoring: { metrics: {} },
      garbageCollection: {},
    });
    volume = new SecretVolume(lab.path('tls'), await issuer.issue('rsa'));
    server = await RenderedServer.start(lab, environment, ['server'], { folder: volume.folder, ca: issuer.ca });
    port = Number(new URL(server.url).port);
  });

  /** The serial numbers that new connections see. */
  const serials = async () => {
    const found = await Promise.all(Array.from({ length: CONNECTIONS }, () => shownBy(port, issuer.ca)));
    return [...new Set(found.map(({ serialNumber }) => serialNumber))];
  };

  test('serves HTTPS of the newer versions, and nothing else', async () => {
    expect(await server.search(administrator)).toBe(200);
    expect(await answerTo(port, 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).not.toContain(
      'HTTP/',
    );
    const protocolOf = (options: ConnectionOptions) =>
      new Promise((resolve) => {
        const socket = connectTls(
          { port, host: '127.0.0.1', servername: 'localhost', ca: issuer.ca, ...options },
          () => {
            resolve(socket.getProtocol());
            socket.end();
          },
        );
        socket.once('error', ({ message }) => resolve(message));
      });
    for (const protocol of ['TLSv1.2', 'TLSv1.3'] as const)
      expect(await protocolOf({ minVersion: protocol, maxVersion: protocol })).toBe(protocol);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    expect(await protocolOf(old)).toMatch(/alert protocol version|disconnected before/);
  });

  test('stores and returns a large artifact, and answers what it refuses', async () => {
    const path = '/api/2.0/mlflow-artifacts/artifacts/tls/large';
    const body = 'a line of an artifact\n'.repeat(MIB);
    expect((await server.ask(path, { method: 'PUT', body })).status).toBe(200);
    expect((await server.ask(path)).text === body).toBe(true);
    const search = '/api/2.0/mlflow/runs/search';
    // Of a refused body, the limit and 1 MiB are read; of a larger one the connection may end before the response.
    const refused = Array.from({ length: CLIENTS }, () => server.ask(search, { body: 'x'.repeat(4.5 * MIB) }));
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual(Array(CLIENTS).fill(413));
    expect((await server.ask(search, { body: 'x'.repeat(3 * MIB), login: ['nobody', 'x'] })).status).toBe(401);
  });

  test("lets MLflow's client in: the smoke test and the garbage collection", async () => {
    const ca = lab.path('ca.crt');
    writeFileSync(ca, issuer.ca);
    for (const run of [smokeTest, collect]) {
      const { code, stdout, stderr } = await run(lab, server, { MLFLOW_TRACKING_SERVER_CERT_PATH: ca });
      expect([code, stdout, stderr]).toEqual([0, expect.anything(), expect.anything()]);
      const other = lab.path('other.crt');
      writeFileSync(other, (await Issuer.create(lab.path('other'))).ca);
      const refused = await run(lab, server, { MLFLOW_TRACKING_SERVER_CERT_PATH: other });
      expect(refused.message).toContain('CERTIFICATE_VERIFY_FAILED');
    }
  });

  test('shows its metrics by HTTPS too, and that it is up', async () => {
    const { ca } = issuer;
    const { url } = await startExporter(lab, server, { folder: volume.folder, ca });
    expect((await request(`${url}/metrics`, { ca })).status).toBe(401);
    const { text } = await request(`${url}/metrics`, { ca, login: scraper });
    expect(text).toMatch(/^mlflow_server_up 1\.0$/m);
    const [, expiry] = /^mlflow_certificate_expiry_timestamp_seconds (\S+)$/m.exec(text) ?? [];
    expect(Number(expiry)).toBe(
      Date.parse(new X509Certificate(readFileSync(`${volume.folder}/tls.crt`)).validTo) / 1000,
    );
  });

  test('a renewed certificate is shown by every worker within seconds, and no request fails', async () => {
    const traffic = await Traffic.start(server, CLIENTS);
    const pids = await workersOf(server, 2);
    const times = [];
    for (const type of ['ec', 'rsa', 'ec'] as const) {
      await pause(1000);
      const before = await serials();
      expect(before).toHaveLength(1);
      const begin = Date.now();
      volume.update(await issuer.issue(type));
      await waitFor('the new certificate', async () => {
        const found = await serials();
        return found.length === 1 && found[0] !== before[0];
      });
      times.push(Date.now() - begin);
    }
    await pause(1000);
    const { answered, unanswered, refused } = await traffic.stop();
    console.info(`MLflow ${version}: renewed in ${times.join(', ')} ms, ${answered} requests answered meanwhile`);
    expect([Math.max(...unanswered), refused]).toEqual([0, []]);
    expect(answered).toBeGreaterThan(50);
    expect(Math.max(...times)).toBeLessThan(RENEWAL);
    expect(await workersOf(server, 2)).toEqual(pids);
  });

  test('a pair that does not belong together is logged once a worker, and the one in use stays', async () => {
    const [before, good] = [await serials(), await issuer.issue()];
    volume.update({ ...good, 'tls.key': (await issuer.issue())['tls.key'] });
    const logged = () => server.service.output.match(/the certificate in use stays/g)?.length;
    await waitFor('the log', () => logged() === 2);
    await pause(6000);
    expect([logged(), await serials()]).toEqual([2, before]);
    volume.update(good);
    await waitFor('the new certificate', async () => {
      const found = await serials();
      return found.length === 1 && found[0] !== before[0];
    });
    expect(server.service.output).not.toContain('PRIVATE KEY');
  });

  slow('handshakes and headers that do not end keep nobody out, and are ended', async () => {
    const sockets: Socket[] = [];
    let ended = 0;
    const count = (socket: Socket) => {
      socket
        .on('error', () => undefined)
        .once('close', () => {
          ended += 1;
        })
        .resume();
      sockets.push(socket);
    };
    const hello = Buffer.from('160301020001000200', 'hex');
    for (let number = 0; number < 40; number += 1) {
      const bytes = hello.subarray(0, number % 10);
      count(
        connect(port, '127.0.0.1', function (this: Socket) {
          this.write(bytes);
        }),
      );
      count(
        connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: issuer.ca }, function (this: Socket) {
          this.write(`GET /health HTTP/1.1\r\nHost: local${number % 2 ? '' : 'x'.repeat(80_000)}`);
        }),
      );
    }
    await waitFor('the connections', () => sockets.every(({ connecting }) => !connecting));
    const begun = Date.now();
    let slowest = 0;
    for (let number = 0; number < 10; number += 1) {
      const begin = Date.now();
      expect(await server.search(administrator)).toBe(200);
      slowest = Math.max(slowest, Date.now() - begin);
    }
    expect(slowest).toBeLessThan(5000);
    await waitFor('the end of the connections', () => ended === sockets.length, 60_000);
    // Twenty seconds for both together; a client of TLS may still have to confirm the end.
    expect(Date.now() - begun).toBeLessThan(35_000);
    // One that is slow, but complete in time.
    const answer = new Promise<string>((resolve) => {
      const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: issuer.ca }, async () => {
        for (const part of ['GET /hea', 'lth HTTP/1.1\r\nHo', 'st: localhost\r\nConnection: close\r\n', '\r\n']) {
          socket.write(part);
          await pause(300);
        }
      });
      socket.setEncoding('latin1').once('data', resolve);
    });
    expect(await answer).toMatch(/^HTTP\/1.1 200 /);
  });

  slow('workers are replaced without a failed request', async () => {
    const traffic = await Traffic.start(server, CLIENTS);
    const before = await workersOf(server, 2);
    await waitFor(
      'a worker to be replaced',
      async () => {
        await Promise.all(Array.from({ length: 20 }, () => server.ask('/health')));
        return before.some((pid) => server.service.output.includes(`worker ${pid} ended (0)`));
      },
      120_000,
    );
    await pause(3000);
    const { unanswered, refused } = await traffic.stop();
    expect([Math.max(...unanswered), refused]).toEqual([0, []]);
  });

  test('ends at SIGTERM, and does not start with a broken pair', async () => {
    server.service.signal('SIGTERM');
    await server.service.end();
    expect(server.service.exitCode).toBe(0);
    const broken = await issuer.issue();
    const folder = new SecretVolume(lab.path('broken'), { ...broken, 'tls.crt': broken['ca.crt'] }).folder;
    const start = RenderedServer.start(lab, server.environment, ['server'], { folder, ca: issuer.ca });
    await expect(start).rejects.toThrow(/tls\.crt and .*tls\.key do not contain a certificate and its key/);
  });
});
