import { release as releaseOf } from '../../lib/mlflow/releases';
import { basic, request } from './http';
import { administrator } from './pod-variables';
import type { RenderedServer } from './rendered-server';
import { answerTo } from './sockets';

/** What the server of a release makes of requests that few clients send. */
export function testOddRequests(version: string, server: () => RenderedServer): void {
  const release = releaseOf(version);

  test('gets bodies in chunks whole, small and large', async () => {
    await server().must('/api/2.0/mlflow/experiments/create', { json: { name: 'in chunks' }, inChunks: true });
    const artifact = '/api/2.0/mlflow-artifacts/artifacts/round/in-chunks';
    const body = 'x'.repeat(3 * 1024 * 1024);
    await server().must(artifact, { method: 'PUT', body, inChunks: true });
    expect(await server().ask(artifact)).toEqual({ status: 200, text: body });
  });

  test('stores no part of an upload that ends early, in place of nothing or of what was there', async () => {
    const port = Number(new URL(server().url).port);
    const login = `Authorization: ${basic(...administrator)}`;
    const [there, missing] = ['round/there', 'round/missing'].map(
      (path) => `/api/2.0/mlflow-artifacts/artifacts/${path}`,
    );
    await server().must(there ?? '', { method: 'PUT', body: 'as it was' });
    const large = 'x'.repeat(2 * 1024 * 1024);
    for (const path of [there, missing])
      for (const rest of [
        'Content-Length: 100\r\n\r\nhalf',
        `Content-Length: 4000000\r\n\r\n${large}`,
        'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
        `Transfer-Encoding: chunked\r\n\r\n200000\r\n${large}\r\n`,
      ]) {
        const answer = await answerTo(port, `PUT ${path} HTTP/1.1\r\nHost: localhost\r\n${login}\r\n${rest}`);
        expect([path, rest.slice(0, 30), answer]).toEqual([
          path,
          rest.slice(0, 30),
          expect.not.stringContaining(' 200 '),
        ]);
      }
    expect(await server().ask(there ?? '')).toEqual({ status: 200, text: 'as it was' });
    expect((await server().ask(missing ?? '')).status).not.toBe(200);
  });

  test('is not misled by a Host that is no name, and fails at no credential', async () => {
    const port = Number(new URL(server().url).port);
    for (const host of ['localhost:1/static?', 'a@b', 'a\r\nHost: b']) {
      const answer = await answerTo(port, `GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      expect([host, answer]).toEqual([host, expect.stringMatching(/^HTTP\/1.1 400 /)]);
    }
    for (const credential of ['x', 'v1:a:1:\u00e9']) {
      const headers = { 'X-MLflow-Assistant-Delegation': credential };
      expect((await request(`${server().url}/health`, { headers })).status).toBe(200);
    }
  });

  const ofGateway = release.atLeast('3.9.0') ? test : test.skip;
  ofGateway('takes logins for the AI gateway as MLflow does', async () => {
    const ask = async (headers?: Readonly<Record<string, string>>) => {
      const path = '/gateway/none/mlflow/invocations';
      return (await request(server().url + path, { json: { messages: [] }, headers })).status;
    };
    for (const headers of [
      undefined,
      { authorization: 'Bearer x' },
      { authorization: basic(administrator[0], 'not the password') },
    ])
      expect([headers, await ask(headers)]).toEqual([headers, 401]);
    // There is no such endpoint.
    expect(await ask({ authorization: basic(...administrator) })).not.toBe(401);
    const own = { authorization: 'Bearer x', 'x-mlflow-authorization': basic(...administrator) };
    expect((await ask(own)) !== 401).toBe(release.atLeast('3.15.0'));
  });
}
