import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { basic, chunked } from '../http';
import { Lab } from '../lab';
import { administrator } from '../pod-variables';
import { labEnvironment, RenderedServer } from '../rendered-server';
import { answerTo, sendToTheEnd, sendWithoutEnd } from '../sockets';
import { releases } from '../tools';
import { workersOf } from '../workers';
import { testCrowds } from './crowds';

/** What clients without a login, or with a wrong one, can do to real servers, started as rendered. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const API = '/api/2.0/mlflow';
const SEARCH = `${API}/experiments/search?max_results=10`;
const RUNS = `${API}/runs/search`;
const LIMIT = 4 * 1024 * 1024;

describe.each(releases)('in front of MLflow %s', (version) => {
  let server: RenderedServer;
  let port: number;

  beforeAll(async () => {
    const environment = labEnvironment(lab, version, `guard-${version}`, {
      server: { workers: 2, maxRequestBody: LIMIT },
      monitoring: { metrics: {} },
    });
    server = await RenderedServer.start(lab, environment);
    port = Number(new URL(server.url).port);
  });

  const send = async (path: string, { headers = {}, ...init }: RequestInit & { duplex?: 'half' } = {}) => {
    const response = await fetch(server.url + path, { ...init, headers });
    return { status: response.status, text: await response.text() };
  };

  const raw = (bytes: string) => answerTo(port, bytes);

  test('a body needs a login, before it is read', async () => {
    // The answer comes although the body never does.
    const header = `POST ${RUNS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000000\r\n\r\n`;
    expect(await raw(header)).toMatch(/^HTTP\/1.1 401 /);
    const artifact = '/api/2.0/mlflow-artifacts/artifacts/guard/file';
    expect(await raw(header.replace(`POST ${RUNS}`, `PUT ${artifact}`))).toMatch(/^HTTP\/1.1 401 /);
  });

  test.each([
    'X-MLflow-Assistant-Delegation: x',
    'X-MLflow-Assistant-Delegation: v1:admin:9999999999999:x',
    'X-MLflow-Assistant-Delegation: x\r\nX-MLflow-Assistant-Delegation: y',
    'X-MLflow-Authorization: x',
  ])('what is no login does not let a body pass: %s', async (field) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'])
      for (const path of [RUNS, '/api/2.0/mlflow-artifacts/artifacts/guard/file', '/health', '/'])
        for (const body of ['Content-Length: 400000000\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\nffffffff\r\nx']) {
          const request = `${method} ${path}`;
          const answer = await raw(`${request} HTTP/1.1\r\nHost: localhost\r\n${field}\r\n${body}`);
          expect([request, body, answer]).toEqual([request, body, expect.stringMatching(/^HTTP\/1.1 401 /)]);
        }
  });

  test.each([
    ['no login', ''],
    ['a malformed login', 'Authorization: Basic !!!\r\n'],
    ['a wrong login', `Authorization: ${basic('nobody', 'x')}\r\n`],
  ])('a client with %s gets its 401 to any body, and no closed connection for its next request', async (_, login) => {
    for (const size of [2, LIMIT - 1, LIMIT + 500_000]) {
      for (const [path, connection] of [
        [RUNS, ''],
        [RUNS, 'Connection: close\r\n'],
        ['/api/2.0/mlflow-artifacts/artifacts/guard/file', ''],
      ] as const) {
        const header = `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${login}${connection}Content-Length: ${size}\r\n\r\n`;
        const { answer, error } = await sendToTheEnd(port, header, Buffer.alloc(size, 'x'));
        // Many wrong logins are asked to wait.
        expect([size, path, answer, error]).toEqual([size, path, expect.stringMatching(/^HTTP\/1.1 4(01|29) /), '']);
        const isEnded = /^connection: close/im.test(answer.split('\r\n\r\n')[0] ?? '');
        expect([size, path, [...answer.matchAll(/HTTP\/1\.1 \d/g)].length]).toEqual([size, path, isEnded ? 1 : 2]);
      }
    }
  });

  test('of a refused body no more is read than of the largest that is accepted', async () => {
    const login = `Authorization: ${basic(...administrator)}\r\n`;
    const [length, chunks] = ['Content-Length: 4000000000\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\nffffffff\r\n'];
    const json = `${login}Content-Type: application/json\r\n`;
    const artifact = 'PUT /api/2.0/mlflow-artifacts/artifacts/guard/file';
    for (const [name, start, rest, answered] of [
      ['no login', `POST ${RUNS}`, length, /^HTTP\/1.1 401 /],
      ['no login, no length', `POST ${RUNS}`, chunks, /^HTTP\/1.1 401 /],
      ['no login, an artifact', artifact, length, /^HTTP\/1.1 401 /],
      ['too large', `POST ${RUNS}`, json + length, /^HTTP\/1.1 413 /],
      // A client that sends while it is answered may lose the answer with the connection.
      ['too large, no length', `POST ${RUNS}`, json + chunks, /^(HTTP\/1.1 413 |$)/],
      ['no type, no length', `POST ${RUNS}`, login + chunks, /^(HTTP\/1.1 4|$)/],
    ] as const) {
      const header = `${start} HTTP/1.1\r\nHost: localhost\r\n${rest}`;
      const { answer, sent, seconds } = await sendWithoutEnd(port, header);
      expect([name, answer]).toEqual([name, expect.stringMatching(answered)]);
      // The rest is in the buffers of the system.
      expect([name, sent < 2 * LIMIT + 16 * 1024 * 1024, seconds < 15]).toEqual([name, true, true]);
    }
  });

  test('a body is bounded, with or without a length; the content of artifacts is not', async () => {
    const login = { Authorization: basic(...administrator), 'Content-Type': 'application/json' };
    const large = Buffer.alloc(LIMIT + 1, 'x');
    const { status, text } = await send(RUNS, { method: 'POST', body: large, headers: login });
    expect([status, JSON.parse(text)]).toEqual([
      413,
      { error_code: 'BAD_REQUEST', message: expect.stringContaining(`${LIMIT} bytes (server.maxRequestBody)`) },
    ]);
    const body = Readable.toWeb(chunked(LIMIT + 1)) as ReadableStream;
    expect((await send(RUNS, { method: 'POST', body, headers: login, duplex: 'half' })).status).toBe(413);
    const artifact = '/api/2.0/mlflow-artifacts/artifacts/guard/large';
    expect((await send(artifact, { method: 'PUT', body: large, headers: login })).status).toBe(200);
    expect((await send(artifact, { headers: login })).text).toHaveLength(large.length);
  });

  test('unknown methods are refused, and leave nothing in the metrics', async () => {
    for (let number = 0; number < 50; number += 1) {
      const answer = await raw(`AAAA${number} ${SEARCH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 40[05] /);
    }
    const files = readdirSync(server.metrics).filter((name) => name.endsWith('.db'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) expect(readFileSync(join(server.metrics, name), 'latin1')).not.toContain('AAAA');
  });

  test.each([
    ['Bearer x'],
    ['Basic'],
    ['Basic !!!'],
    [basic('no colon', '').replace(/=*$/, 'x')],
    [`Basic ${Buffer.from('nocolon').toString('base64')}`],
    [`Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`],
    [basic('a\0b', 'c')],
    [basic('', administrator[1])],
    ['Digest username="admin"'],
  ])('the login %j is a wrong one', async (authorization) => {
    expect((await send(SEARCH, { headers: { Authorization: authorization } })).status).toBe(401);
    // Where the guard may leave logins to MLflow.
    const body = { method: 'POST', body: '{}', headers: { Authorization: authorization } };
    expect((await send('/gateway/x/mlflow/invocations', body)).status).toBe(401);
  });

  test('a header for a feature that is off is no error of the server', async () => {
    for (const path of ['/', SEARCH, '/gateway/x', '/api/3.0/mlflow/traces/x', '/ajax-api/2.0/mlflow/runs/get']) {
      const { status } = await send(path, { headers: { 'X-MLFLOW-WORKSPACE': 'other' } });
      expect({ path, isError: status >= 500 }).toEqual({ path, isError: false });
    }
  });

  testCrowds(version, () => server);

  test('nothing is imported from where the server may write', async () => {
    const { service } = server;
    for (const pid of await workersOf(server, 2)) expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(lab.folder);
    const temporary = join(lab.folder, 'tmp');
    mkdirSync(temporary, { recursive: true });
    for (const name of ['httptools', 'uvloop', 'sitecustomize', 'usercustomize'])
      writeFileSync(join(lab.folder, `${name}.py`), 'raise SystemExit("imported from a writable folder")');
    const [victim = 0] = await workersOf(server, 2);
    process.kill(victim, 'SIGKILL');
    await workersOf(server, 3);
    expect(await server.search(administrator)).toBe(200);
    expect(service.output).not.toContain('imported from a writable folder');
  });

  test('the server runs until SIGTERM, and drains', async () => {
    expect(server.service.isRunning).toBe(true);
    server.service.signal('SIGTERM');
    await server.service.end(30_000);
    expect(server.service.exitCode).toBe(0);
  });
});
