import type { ApiObject } from './api-server';
import { failure } from './api-server';
import {
  calls,
  decoded,
  exists,
  generate,
  isPost,
  job,
  kept,
  labels,
  made,
  name,
  owner,
  paths,
  randomValues,
  useApiServers,
  waiting,
} from './generator';

const { start } = useApiServers();

describe('a Secret that is missing', () => {
  test('is created with the expected keys, lengths and labels, and owns the Job', async () => {
    const server = await start();
    expect(await generate(server)).toEqual({ code: 0, stdout: made, stderr: '' });
    expect(calls(server)).toEqual([`GET ${paths.secrets}/${name}`, `POST ${paths.secrets}`, `PATCH ${paths.job}`]);
    const { data = {}, ...secret } = JSON.parse(server.requests.find(isPost)?.text ?? '') as ApiObject;
    expect(secret).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name, namespace: 'team', labels },
    });
    expect(Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decoded(value)]))).toEqual({
      username: 'admin',
      password: expect.stringMatching(/^[A-Za-z0-9]{24}$/),
      'flask-key': expect.stringMatching(/^[A-Za-z0-9]{64}$/),
      long: expect.stringMatching(/^[A-Za-z0-9]{2000}$/),
    });
    expect(new Set(decoded(data.long)).size).toBe(62);
    expect(server.jobs.get(job)?.metadata).toEqual({
      name: job,
      labels: { some: 'label' },
      ownerReferences: [owner(kept(server))],
    });
  });

  test('gets other values each time', async () => {
    const [first, second] = [await start(), await start()];
    for (const server of [first, second]) await generate(server);
    const both = [first, second].flatMap((server) => randomValues(kept(server)));
    expect(new Set(both).size).toBe(both.length);
  });

  test('is kept if another client creates it first', async () => {
    const server = await start();
    const data = { username: 'dGhlaXJz', password: 'dGhlaXJz', 'flask-key': 'dGhlaXJz', long: 'dGhlaXJz' };
    server.intercept = (request) => {
      if (isPost(request)) server.keepSecret(name, { data });
      return undefined;
    };
    expect(await generate(server)).toEqual({ code: 0, stdout: exists, stderr: '' });
    expect(kept(server).data).toEqual(data);
    expect(server.jobs.get(job)?.metadata.ownerReferences).toEqual([owner(kept(server))]);
  });

  test('is not created twice when the response is lost', async () => {
    const server = await start();
    server.intercept = (request) => {
      if (!isPost(request) || server.secrets.has(name)) return undefined;
      server.keepSecret(name, JSON.parse(request.text) as ApiObject);
      return failure(504, 'the request timed out');
    };
    expect(await generate(server)).toEqual({
      code: 0,
      stdout: `${waiting('the request timed out')}${exists}`,
      stderr: '',
    });
    const posted = server.requests.filter(isPost).map(({ text }) => (JSON.parse(text) as ApiObject).data);
    expect(posted).toEqual([kept(server).data, kept(server).data]);
  });
});

describe('a Secret that exists', () => {
  test.each<[string, ApiObject['data'], string]>([
    ['all keys', { username: 'eA==', password: 'eA==', 'flask-key': 'eA==', long: 'eA==', more: 'eA==' }, exists],
    ['an empty value', { username: '', password: 'eA==', 'flask-key': 'eA==', long: 'eA==' }, exists],
    ['other keys', { password: 'eA==', long: 'eA==', more: 'eA==' }, `${exists}${lacking('flask-key, username')}`],
    ['no data', undefined, `${exists}${lacking('flask-key, long, password, username')}`],
  ])('with %s is left unchanged, and owns the Job', async (_, data, stdout) => {
    const server = await start();
    const before = server.keepSecret(name, { data, type: 'kubernetes.io/basic-auth' });
    expect(await generate(server)).toEqual({ code: 0, stdout, stderr: '' });
    expect(calls(server)).toEqual([`GET ${paths.secrets}/${name}`, `PATCH ${paths.job}`]);
    expect(kept(server)).toBe(before);
    expect(server.jobs.get(job)?.metadata.ownerReferences).toEqual([owner(before)]);
  });
});

function lacking(keys: string): string {
  return `secrets: Secret team/${name}: has no ${keys}; pods wait until you add it\n`;
}
