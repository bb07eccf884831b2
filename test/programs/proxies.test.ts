import { existsSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { controller } from '../../lib/components/ingress/controllers';
import { temporaryFolder } from '../support/temporary-folder';
import {
  HAPROXY,
  haproxySettings,
  NGINX,
  nginxSettings,
  type Settings,
  type StartedProxy,
  startHaproxy,
  startNginx,
} from './proxies';

/**
 * How Debian's nginx 1.22 and HAProxy 2.6 treat uploads with the settings that their ingress controllers render from our
 * annotations, and without: docs/controllers.md. Times are scaled.
 */

const missing = [NGINX, HAPROXY].filter((program) => !existsSync(program));
if (missing.length > 0) console.warn(`skipped: no ${missing.join(', no ')} (Debian: nginx-light, haproxy)`);
const whereInstalled = missing.length > 0 ? describe.skip : describe;

const MIB = 2 ** 20;
const annotations = (name: 'ingress-nginx' | 'haproxy') =>
  controller(name).annotations({
    scheme: 'https',
    hasCertificate: true,
    backend: 'http',
    hasSessions: true,
    health: { path: '/health', codes: '200' },
  });

/** What happened to an upload. */
interface Upload {
  /** 0: the connection was closed. */
  readonly status: number;
  /** Of what was sent, the part that the server had when the client had sent all but the last block. */
  readonly ahead: number;
  /** Bytes that the proxy kept in files at that moment. */
  readonly inFiles: number;
}

/** An upload: blocks of a MiB, and what the client waits after each. */
interface Transfer {
  readonly blocks: number;
  readonly pause: (block: number) => number;
  /** What the server takes after the last byte, in ms. */
  readonly thinking: number;
}

const LARGE: Transfer = { blocks: 300, pause: () => 0, thinking: 0 };
/** Five seconds, in which no pause is long. */
const SLOW: Transfer = { blocks: 50, pause: () => 100, thinking: 0 };
const STANDS_STILL: Transfer = { blocks: 4, pause: (block) => (block === 1 ? 4000 : 0), thinking: 0 };
/** As MLflow, which puts a whole file into its store before it answers. */
const THINKS: Transfer = { blocks: 4, pause: () => 0, thinking: 4000 };

/** More than the proxies and the system hold back. */
const DOWNLOAD = 100 * MIB;

const folder = temporaryFolder();
let server: Server;
let received = 0;
let thinking = 0;
const proxies: StartedProxy[] = [];

beforeAll(async () => {
  server = createServer((incoming, answer) => {
    received = 0;
    if (incoming.url === '/download') {
      answer.on('error', () => undefined).end(Buffer.alloc(DOWNLOAD, 'x'));
      return;
    }
    incoming.on('data', (block: Buffer) => {
      received += block.length;
    });
    incoming.on('end', () => setTimeout(() => answer.end('{}'), thinking));
    incoming.on('error', () => undefined);
  });
  // Node's own limit of a whole request.
  server.requestTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterAll(async () => {
  for (const { service } of proxies) await service.stop();
  server.close();
  server.closeAllConnections();
});

const START = { nginx: startNginx, haproxy: startHaproxy } as const;

async function start(kind: keyof typeof START, settings: Settings): Promise<StartedProxy> {
  const { port } = server.address() as AddressInfo;
  const proxy = await START[kind](join(folder, `${kind}-${proxies.length}`), port, settings);
  proxies.push(proxy);
  return proxy;
}

async function upload(proxy: StartedProxy, transfer: Transfer): Promise<Upload> {
  thinking = transfer.thinking;
  let [status, ahead, inFiles] = [0, 0, 0];
  const outgoing = httpRequest(proxy.url, {
    method: 'PUT',
    headers: { 'content-length': transfer.blocks * MIB },
    agent: false,
  });
  const answered = new Promise<void>((done) => {
    outgoing.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.resume().on('close', done);
    });
    outgoing.on('error', () => done());
  });
  const block = Buffer.alloc(MIB, 'x');
  let ended = false;
  void answered.then(() => {
    ended = true;
  });
  for (let number = 0; number < transfer.blocks && !ended; number += 1) {
    if (number === transfer.blocks - 1) {
      // What is under way arrives.
      await sleep(500);
      [ahead, inFiles] = [received / (number * MIB), proxy.inFiles()];
    }
    const written = new Promise<void>((done) => {
      outgoing.write(block, () => done());
    });
    await Promise.race([written, answered]);
    await sleep(transfer.pause(number));
  }
  outgoing.end();
  await answered;
  outgoing.destroy();
  return { status, ahead, inFiles };
}

/** Whether a download is complete whose client stops reading for four seconds in its middle. */
async function downloadWithPause(proxy: StartedProxy): Promise<boolean> {
  const incoming = await new Promise<IncomingMessage>((begun) => {
    httpRequest(`${proxy.url}/download`, { agent: false }, begun).end();
  });
  let size = 0;
  const ended = new Promise<void>((done) => {
    incoming.on('error', () => undefined).on('close', done);
  });
  incoming.on('data', (block: Buffer) => {
    if (size < DOWNLOAD / 2 && size + block.length >= DOWNLOAD / 2) {
      incoming.pause();
      setTimeout(() => incoming.resume(), 4000);
    }
    size += block.length;
  });
  await ended;
  return size === DOWNLOAD;
}

whereInstalled('nginx as ingress-nginx configures it', () => {
  it('by our annotations passes uploads of any size as they come, holding nothing, and waits for an answer', async () => {
    const proxy = await start('nginx', nginxSettings(annotations('ingress-nginx')));
    expect(await upload(proxy, LARGE)).toEqual({ status: 200, ahead: expect.closeTo(1, 1), inFiles: 0 });
    expect(await upload(proxy, SLOW)).toMatchObject({ status: 200, inFiles: 0 });
    expect(await upload(proxy, THINKS)).toMatchObject({ status: 200 });
    expect(proxy.memory()).toBeLessThan(20 * MIB);
  });

  it('by our annotations refuses a client that stands still for longer than client-body-timeout, which you can set', async () => {
    const ours = nginxSettings(annotations('ingress-nginx'));
    expect((await upload(await start('nginx', ours), STANDS_STILL)).status).not.toBe(200);
    const raised = await start('nginx', { ...ours, client_body_timeout: '3600s' });
    expect((await upload(raised, STANDS_STILL)).status).toBe(200);
  });

  it('by its defaults refuses more than 1 MiB, holds a whole upload in a file, and does not wait for an answer', async () => {
    const defaults = nginxSettings({});
    expect((await upload(await start('nginx', defaults), LARGE)).status).toBe(413);
    const large = await start('nginx', { ...defaults, client_max_body_size: '0' });
    const { status, ahead, inFiles } = await upload(large, LARGE);
    expect({ status, ahead }).toEqual({ status: 200, ahead: 0 });
    expect(inFiles).toBeGreaterThan(290 * MIB);
    expect((await upload(large, THINKS)).status).toBe(504);
  });
});

whereInstalled('HAProxy as its controller configures it', () => {
  const ours = haproxySettings(annotations('haproxy'));

  it('by our annotation passes uploads of any size as they come, holding nothing, and waits for an answer', async () => {
    const proxy = await start('haproxy', ours);
    expect(await upload(proxy, LARGE)).toMatchObject({ status: 200, ahead: expect.closeTo(1, 1) });
    expect((await upload(proxy, SLOW)).status).toBe(200);
    expect((await upload(proxy, THINKS)).status).toBe(200);
    expect(proxy.memory()).toBeLessThan(60 * MIB);
  });

  it('by our annotation lets a client stand still: an upload is limited by timeout-server alone', async () => {
    expect((await upload(await start('haproxy', ours), STANDS_STILL)).status).toBe(200);
    expect((await upload(await start('haproxy', haproxySettings({})), STANDS_STILL)).status).toBe(504);
  });

  it('by our annotation ends a download that stands still for longer than timeout-client, which you can set', async () => {
    expect(await downloadWithPause(await start('haproxy', ours))).toBe(false);
    expect(await downloadWithPause(await start('haproxy', { ...ours, 'timeout client': '3600s' }))).toBe(true);
  });

  it('by its defaults does not wait for an answer', async () => {
    expect((await upload(await start('haproxy', haproxySettings({})), THINKS)).status).toBe(504);
  });
});
