import { type ApiObject, type ApiServer, CLIENT_SECRETS, failure } from './api-server';
import { calls, generate, kept, made, paths, useApiServers } from './generator';

/** The copies of a generated Secret for the namespaces of clients. */

const { start } = useApiServers();

const OURS = { 'cdk8s-mlflow/copy-of': 'team/mlflow-login' };
const COPIES = [
  '--copy=client/mlflow-client/MLFLOW_TRACKING_USERNAME=username',
  '--copy=client/mlflow-client/MLFLOW_TRACKING_PASSWORD=password',
];
const copy = (server: ApiServer) => generate(server, {}, COPIES);
const said = (what: string) => `secrets: Secret client/mlflow-client: ${what}\n`;

/** What the copy must hold. */
const wanted = (server: ApiServer) => ({
  MLFLOW_TRACKING_USERNAME: kept(server).data?.username,
  MLFLOW_TRACKING_PASSWORD: kept(server).data?.password,
});

function put(server: ApiServer, data: Record<string, string>, annotations: Record<string, string>): void {
  server.client?.set('mlflow-client', { metadata: { name: 'mlflow-client', annotations }, data });
}
const inClient = (server: ApiServer): ApiObject | undefined => server.client?.get('mlflow-client');

test('are created with the values of the Secret under the keys of the client, and then the Job gets its owner', async () => {
  const server = await start();
  expect(await copy(server)).toEqual({ code: 0, stdout: `${made}${said('created, as a copy')}`, stderr: '' });
  expect(inClient(server)).toMatchObject({ type: 'Opaque', data: wanted(server), metadata: { annotations: OURS } });
  expect(Object.keys(inClient(server)?.data ?? {})).toHaveLength(2);
  expect(calls(server)).toEqual([
    `GET ${paths.secrets}/mlflow-login`,
    `POST ${paths.secrets}`,
    `GET ${CLIENT_SECRETS}/mlflow-client`,
    `POST ${CLIENT_SECRETS}`,
    `PATCH ${paths.job}`,
  ]);
});

test('are left as they are when they are the same', async () => {
  const server = await start();
  await copy(server);
  expect((await copy(server)).stdout).toContain(said('exists, and is the same'));
  expect(
    server.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith(CLIENT_SECRETS)),
  ).toHaveLength(1);
});

test('follow the Secret, and keep keys that a user added', async () => {
  const server = await start();
  put(server, { MLFLOW_TRACKING_PASSWORD: 'b2xk', more: 'bW9yZQ==' }, OURS);
  expect((await copy(server)).stdout).toContain(said('changed to what mlflow-login contains now'));
  expect(inClient(server)?.data).toEqual({ ...wanted(server), more: 'bW9yZQ==' });
});

test.each([{}, { 'cdk8s-mlflow/copy-of': 'other/mlflow-login' }])(
  'do not change what others created, %j',
  async (annotations) => {
    const server = await start();
    put(server, { MLFLOW_TRACKING_PASSWORD: 'dGhlaXJz' }, annotations as Record<string, string>);
    const { code, stdout } = await copy(server);
    expect([code, stdout]).toEqual([
      0,
      `${made}${said('exists with other values, and is no copy of ours: left unchanged')}`,
    ]);
    expect(inClient(server)?.data).toEqual({ MLFLOW_TRACKING_PASSWORD: 'dGhlaXJz' });
  },
);

test('fail while the namespace does not exist, and the Job is retried', async () => {
  const server = await start();
  server.client = undefined;
  const first = await copy(server);
  expect(first).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/client\/mlflow-client: not copied: POST .*namespaces "client" not found/),
  });
  server.client = new Map();
  expect(await copy(server)).toMatchObject({ code: 0, stderr: '' });
  expect(inClient(server)?.data).toEqual(wanted(server));
});

test('fail where the Secret lacks a key, and show no value that a refusal quotes', async () => {
  const server = await start();
  server.keepSecret('mlflow-login', { data: { username: 'YWRtaW4=' } });
  expect(await copy(server)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Secret mlflow-login has no password to copy'),
  });

  const quoting = await start();
  quoting.intercept = ({ method, path, text }) =>
    method === 'POST' && path === CLIENT_SECRETS ? failure(422, `denied the request: ${text}`) : undefined;
  const { code, stderr } = await copy(quoting);
  expect(code).toBe(1);
  expect(stderr).toContain('***');
  for (const value of Object.values(wanted(quoting)).slice(1)) {
    expect(stderr).not.toContain(value);
    expect(stderr).not.toContain(Buffer.from(value ?? '', 'base64').toString());
  }
});
