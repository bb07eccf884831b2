import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { request } from '../http';
import { administrator } from '../pod-variables';
import { Service, waitFor } from '../process';
import type { RenderedServer } from '../rendered-server';
import { python } from '../tools';
import { memoryOf } from '../workers';

/** What clients of the server of a release get while others hold many connections, or guess passwords. */
export function testCrowds(version: string, server: () => RenderedServer): void {
  const port = () => Number(new URL(server().url).port);

  test('responses that clients do not read take neither threads nor memory', async () => {
    const before = memoryOf(server());
    const argv = [python(version), join(__dirname, '..', 'programs', 'unread.py'), `${port()}`, '200'];
    const clients = new Service(argv, {});
    let [file, size] = ['', ''];
    try {
      await waitFor('the clients', () => clients.output.endsWith('\n'));
      [file = '', size = ''] = clients.output.split(' ');
      for (let number = 0; number < 10; number += 1) {
        expect((await request(`${server().url}/health`)).status).toBe(200);
        expect(await server().search(administrator)).toBe(200);
      }
      expect(memoryOf(server()) - before).toBeLessThan(40 * Number(size));
    } finally {
      await clients.stop();
    }
    await waitFor('the file', async () => {
      const answer = await fetch(server().url + file);
      return answer.status === 200 && (await answer.arrayBuffer()).byteLength === Number(size);
    });
  });

  test('a page gets all its files at once, as a browser asks for them behind a proxy with HTTP/2', async () => {
    const [main = ''] = /static-files\/[^"\s]+\.js(?=")/.exec((await server().ask('/')).text) ?? [];
    const answers = await Promise.all(Array.from({ length: 60 }, () => request(`${server().url}/${main}`)));
    const lengths = new Set(answers.map(({ text }) => text.length));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect([...lengths]).toEqual([expect.any(Number)]);
    expect(await server().search(administrator)).toBe(200);
  });

  test.each([
    ['short', ''],
    ['of many fields', 'x\r\n'.concat(`X-Field: ${'x'.repeat(8000)}\r\n`.repeat(10))],
    ['of one long field', 'x'.repeat(80_000)],
  ])('half-sent headers keep nobody out, and are ended: %s', async (_, more) => {
    const sockets: Socket[] = [];
    let ended = 0;
    for (let number = 0; number < 60; number += 1) {
      const socket = connect(port(), '127.0.0.1', () => socket.write(`GET /health HTTP/1.1\r\nHost: local${more}`));
      socket
        .on('error', () => undefined)
        .once('close', () => {
          ended += 1;
        });
      sockets.push(socket.resume());
    }
    await waitFor('the connections', () => sockets.every(({ connecting }) => !connecting));
    const slowest = { health: 0, search: 0 };
    for (let number = 0; number < 10; number += 1) {
      const begin = Date.now();
      expect((await request(`${server().url}/health`)).status).toBe(200);
      slowest.health = Math.max(slowest.health, Date.now() - begin);
      expect(await server().search(administrator)).toBe(200);
      slowest.search = Math.max(slowest.search, Date.now() - begin);
    }
    expect(Math.max(...Object.values(slowest))).toBeLessThan(5000);
    await waitFor('the end of the connections', () => ended === sockets.length, 60_000);
    // One that is slow, but complete in time.
    const answer = new Promise<string>((resolve) => {
      const socket = connect(port(), '127.0.0.1', async () => {
        for (const part of ['GET /hea', 'lth HTTP/1.1\r\nHo', 'st: localhost\r\nConnection: close\r\n', '\r\n']) {
          socket.write(part);
          await new Promise((next) => setTimeout(next, 300));
        }
      });
      socket.setEncoding('latin1').once('data', resolve);
    });
    expect(await answer).toMatch(/^HTTP\/1.1 200 /);
  });

  test('wrong logins are refused unchecked after a few, whether or not the user exists, and slow no other client down', async () => {
    expect(await server().search(administrator)).toBe(200);
    const found = new Map<number, number>();
    const end = Date.now() + 6000;
    const attackers = Array.from({ length: 32 }, async (_, index) => {
      for (let number = 0; Date.now() < end; number += 1) {
        const login = [index % 2 ? 'admin' : `nobody${index}`, `guess ${index} ${number}`] as const;
        const status = await server().search(login);
        found.set(status, (found.get(status) ?? 0) + 1);
        if (status === 429) await new Promise((next) => setTimeout(next, 50));
      }
    });
    const times: number[] = [];
    while (Date.now() < end) {
      const begin = Date.now();
      expect(await server().search(administrator)).toBe(200);
      times.push(Date.now() - begin);
    }
    await Promise.all(attackers);
    expect([...found.keys()].sort()).toEqual([401, 429]);
    // Four in a row and one a second, by each of two processes.
    expect(found.get(401)).toBeLessThan(2 * (4 + 7 + 1));
    const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
    console.info(
      `MLflow ${version}: ${times.length} searches during an attack, p95 ${p95} ms`,
      Object.fromEntries(found),
    );
    expect(p95).toBeLessThan(2000);
  });

  // MLflow 3.1 has no gateway.
  const gateway = version === '3.1.0' ? test.skip : test;
  gateway('wrong logins of one address for the gateway keep nobody else from it, and are asked to wait', async () => {
    const path = '/gateway/x/mlflow/invocations';
    const logins = [0, 1, 2].map((number) => [`gateway${number}`, 'the password of a client'] as const);
    for (const [username, password] of logins)
      await waitFor('the user', async () => {
        const created = { login: administrator, json: { username, password } };
        return (await request(`${server().url}/api/2.0/mlflow/users/create`, created)).status === 200;
      });
    const found = new Map<number, number>();
    let isOver = false;
    const attackers = Array.from({ length: 4 }, async (_, index) => {
      for (let number = 0; !isOver; number += 1) {
        const login = [`nobody ${index} ${number}`, 'guess'] as const;
        const { status } = await request(server().url + path, { login, json: {}, from: '127.0.0.2' });
        found.set(status, (found.get(status) ?? 0) + 1);
      }
    });
    await new Promise((next) => setTimeout(next, 6000));
    const refused = [];
    for (const login of logins)
      for (const end = Date.now() + 10_000; ; await new Promise((next) => setTimeout(next, 500))) {
        const { status } = await request(server().url + path, { login, json: {} });
        if (status !== 401 && status !== 429) break;
        refused.push(status);
        if (Date.now() > end) throw new Error(`${login[0]} is refused: ${refused.join(' ')}`);
      }
    isOver = true;
    await Promise.all(attackers);
    expect(refused.filter((status) => status === 401)).toEqual([]);
    expect([...found.keys()]).toContain(429);
  });
}
