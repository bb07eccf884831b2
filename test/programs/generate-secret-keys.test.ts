import { failure } from './api-server';
import { calls, decoded, exists, generate, isPost, kept, name, paths, useApiServers } from './generator';

/** Keys of Fernet, which encrypt what is in a database: a Secret of an older release gets those that it lacks. */

const { start } = useApiServers();
const more = ['--fernet=webhooks', '--random=passphrase=64', '--optional=webhooks', '--optional=passphrase'];
const old = { username: 'eA==', password: 'eA==', 'flask-key': 'eA==', long: 'eA==' };

test('are 32 random bytes as URL-safe base64, others each time', async () => {
  const keys = new Set<string>();
  for (const server of [await start(), await start()]) {
    expect((await generate(server, {}, more)).code).toBe(0);
    const key = decoded(kept(server).data?.webhooks);
    expect(key).toMatch(/^[\w-]{43}=$/);
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(decoded(kept(server).data?.passphrase)).toMatch(/^[A-Za-z0-9]{64}$/);
    keys.add(key);
  }
  expect(keys.size).toBe(2);
});

test('are added to a Secret that lacks them, and nothing else is, or is changed', async () => {
  const server = await start();
  server.keepSecret(name, { data: old });
  const { code, stdout, stderr } = await generate(server, {}, more);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`secrets: Secret team/${name}: exists; added webhooks\n`);
  const { webhooks, ...others } = kept(server).data ?? {};
  expect(others).toEqual(old);
  expect(decoded(webhooks)).toMatch(/^[\w-]{43}=$/);
  expect(stdout).not.toContain(decoded(webhooks));
  expect(calls(server)).toEqual([
    `GET ${paths.secrets}/${name}`,
    `PATCH ${paths.secrets}/${name}`,
    `PATCH ${paths.job}`,
  ]);
});

test('are kept where they exist', async () => {
  const server = await start();
  const before = server.keepSecret(name, { data: { ...old, webhooks: 'eA==' } });
  expect(await generate(server, {}, more)).toEqual({ code: 0, stdout: exists, stderr: '' });
  expect(kept(server)).toBe(before);
});

test('are not added to a Secret that changed meanwhile: the Job tries again', async () => {
  const server = await start();
  server.keepSecret(name, { data: old });
  let changes = 0;
  server.intercept = ({ method, path }) => {
    if (method === 'PATCH' && path.endsWith(name) && changes++ === 0)
      server.secrets.set(name, {
        ...kept(server),
        metadata: { ...kept(server).metadata, resourceVersion: '7' },
        data: { ...old, webhooks: 'dGhlaXJz' },
      });
    return undefined;
  };
  expect(await generate(server, {}, more)).toMatchObject({ code: 1, stderr: expect.stringContaining('modified') });
  expect(await generate(server, {}, more)).toMatchObject({ code: 0, stdout: exists });
  expect(kept(server).data?.webhooks).toBe('dGhlaXJz');
});

test('are not added to an immutable Secret, which pods start with all the same', async () => {
  const server = await start();
  const before = server.keepSecret(name, { data: old });
  server.intercept = ({ method, path, text }) =>
    method === 'PATCH' && path.endsWith(name)
      ? failure(422, `immutable, and not ${Object.values((JSON.parse(text) as typeof before).data ?? {}).join()}`)
      : undefined;
  const { code, stdout } = await generate(server, {}, more);
  expect([code, stdout]).toEqual([
    0,
    `secrets: Secret team/${name}: exists, and does not take webhooks: immutable, and not ***\n`,
  ]);
  expect(kept(server)).toBe(before);
  expect(server.requests.filter(isPost)).toEqual([]);
});
