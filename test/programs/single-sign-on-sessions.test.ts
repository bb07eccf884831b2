import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { controller } from '../../lib/components/ingress/controllers';
import { Browser } from './browser';
import { basic, request } from './http';
import { Lab } from './lab';
import { administrator } from './pod-variables';
import { waitFor } from './process';
import { NGINX, nginxSettings, startNginx } from './proxies';
import { ProxiedServer, providerLogin, SEARCH, USER } from './single-sign-on';

/** How long sessions last behind a real oauth2-proxy, and what it holds of what goes through it. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

describe('sessions', () => {
  const claims = { email: 'ann@example.com', email_verified: true, 'https://example.com/login': 'CORP\\ann' };

  test('end after their time, below a static prefix too', async () => {
    const settings = { server: { staticPrefix: '/ml' }, oidc: { usernameClaim: 'https://example.com/login' } };
    const changes = { OAUTH2_PROXY_COOKIE_EXPIRE: '3s' };
    const proxied = await ProxiedServer.start(lab, '3.18.0', 'sso-short', settings, changes);
    await proxied.provider.set('ann', claims);
    const browser = new Browser();
    const page = await proxied.open(browser, 'ann', '/ml/');
    expect([page.status, page.url]).toEqual([200, `${proxied.url}/ml/`]);
    const search = `/ml${SEARCH}`;
    expect((await proxied.fetch(browser, search)).status).toBe(200);
    const { text } = await request(`${proxied.url}/ml${USER}${encodeURIComponent('CORP\\ann')}`, {
      login: administrator,
    });
    expect(text).toContain('CORP');
    await waitFor('the end of the session', async () => (await proxied.fetch(browser, search)).status === 401);
    expect((await browser.send(`${proxied.url}/ml/`)).status).toBe(302);
    expect((await proxied.open(browser, 'ann', '/ml/')).status).toBe(200);
    expect((await request(`${proxied.url}/ml/health`)).status).toBe(200);
    await transfer(proxied, '/ml');
    await proxied.stop();
  });

  test('end when the provider ends them, if it is asked', async () => {
    const proxied = await ProxiedServer.start(
      lab,
      '3.1.0',
      'sso-refreshed',
      { oidc: { session: { refresh: '5m' } } },
      { OAUTH2_PROXY_COOKIE_REFRESH: '1s' },
    );
    await proxied.provider.set('ann', claims);
    const browser = await proxied.browserOf('ann');
    for (let second = 0; second < 3; second += 1) {
      await sleep(1100);
      expect((await proxied.fetch(browser, SEARCH)).status).toBe(200);
    }
    await loginThroughNginx(proxied);
    await transfer(proxied, '');
    await proxied.provider.revoke('ann');
    await waitFor('the end of the session', async () => (await proxied.fetch(browser, SEARCH)).status === 401);
    await proxied.stop();
  });
});

/** An ID of a group, as random as those of providers: sessions are compressed. */
const groupId = (index: number): string =>
  createHash('sha256')
    .update(String(index))
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/**
 * A person in 60 groups, by their IDs as Microsoft Entra ID has them, logs in through the nginx of Debian, with the settings of ingress-nginx: the answer has cookies that
 * its default does not pass.
 */
async function loginThroughNginx(proxied: ProxiedServer): Promise<void> {
  if (!existsSync(NGINX)) return console.warn('skipped: no nginx (Debian: nginx-light)');
  const groups = Array.from({ length: 60 }, (_, index) => groupId(index));
  await proxied.provider.set('bob', { email: 'bob@example.com', email_verified: true, groups });
  const upstream = Number(new URL(proxied.url).port);
  const login = async (url: string) => {
    const browser = new Browser();
    const { headers } = await browser.send(`${proxied.url}/`);
    const answer = await browser.send(String(headers.location), providerLogin('bob'));
    const callback = new URL(String(answer.headers.location));
    return browser.send(url + callback.pathname + callback.search);
  };
  const annotations = controller('ingress-nginx').annotations({
    ...{ scheme: 'http', hasCertificate: false, backend: 'http', hasSessions: true },
    health: { path: '/health', codes: '200' },
  });
  const direct = await login(proxied.url);
  const bytes = [direct.headers['set-cookie'] ?? []].flat().join('').length;
  expect(bytes).toBeGreaterThan(4096);
  const statuses: number[] = [];
  for (const settings of [nginxSettings({}), nginxSettings(annotations)]) {
    const nginx = await startNginx(lab.path(`nginx-${statuses.length}`), upstream, settings);
    lab.keep(nginx.service);
    statuses.push((await login(nginx.url)).status);
  }
  expect([direct.status, ...statuses]).toEqual([302, 502, 302]);
}

/** A large artifact goes up and down through the proxy, which holds little of it. */
async function transfer(proxied: ProxiedServer, prefix: string): Promise<void> {
  const size = 300 * 1024 * 1024;
  const file = lab.path('large');
  writeFileSync(file, Buffer.alloc(size, 'artifact '));
  const url = `${proxied.url}${prefix}/api/2.0/mlflow-artifacts/artifacts/large/file`;
  const authorization = basic(...administrator);
  const sent = await new Promise<number>((resolve, reject) => {
    const headers = { authorization, 'content-length': String(size) };
    const outgoing = httpRequest(url, { method: 'PUT', headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    createReadStream(file).pipe(outgoing);
  });
  const received = await new Promise<number>((resolve, reject) => {
    const outgoing = httpRequest(url, { headers: { authorization }, agent: false }, (response) => {
      let length = 0;
      response.on('data', (part: Buffer) => {
        length += part.length;
      });
      response.on('end', () => resolve(length));
    });
    outgoing.on('error', reject).end();
  });
  expect([sent, received]).toEqual([200, size]);
  // Of a limit of 128 MiB.
  expect(mostMemory(proxied.proxy.pid) / 2 ** 20).toBeLessThan(64);
}

/** The most memory that a process had, in bytes. */
const mostMemory = (pid: number): number =>
  1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
