import { type ApiObject, type ApiRequest, ApiServer } from './api-server';
import { type Environment, type Result, run } from './process';
import { watchCommandLines } from './process-table';
import { python } from './tools';

export const name = 'mlflow-login';
export const job = 'mlflow-login-secret-1a2b3c4d';
export const labels = { 'app.kubernetes.io/name': 'mlflow', 'app.kubernetes.io/instance': 'mlflow' };
const values = ['--text=username=admin', '--random=password=24', '--random=flask-key=64', '--random=long=2000'];
export const argv = [
  ...[python('3.1.0'), '-m', 'secret_generator', name, ...values],
  ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
];
export const paths = { secrets: '/api/v1/namespaces/team/secrets', job: `/apis/batch/v1/namespaces/team/jobs/${job}` };
export const made = `secrets: Secret team/${name}: created, with flask-key, long, password, username\n`;
export const exists = `secrets: Secret team/${name}: exists, left unchanged\n`;

/** API servers for the tests of a file, each stopped after its test. */
export function useApiServers(): { start(): Promise<ApiServer>; make(): Promise<ApiServer> } {
  let servers: ApiServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    servers = [];
  });
  const make = async () => {
    const server = await ApiServer.make();
    server.jobs.set(job, { metadata: { name: job, labels: { some: 'label' } } });
    servers.push(server);
    return server;
  };
  return { make, start: async () => (await make()).listen() };
}

/** As the pod has it, but for its patience. */
export const environment = (server: ApiServer): Environment => ({
  PATH: process.env.PATH,
  SERVICE_ACCOUNT_PATH: server.account,
  KUBERNETES_SERVICE_HOST: '127.0.0.1',
  KUBERNETES_SERVICE_PORT: `${server.port}`,
  JOB_NAME: job,
  GENERATE_TIMEOUT: '60',
});

/** Run the generator; whatever happens, neither its words nor its arguments may show a value that it has made. */
export async function generate(
  server: ApiServer,
  env: Environment = {},
  more: readonly string[] = [],
): Promise<Result> {
  const program = run([...argv, ...more], { ...environment(server), ...env });
  const { result, commandLines } = await watchCommandLines(program);
  expect(commandLines).toContain('secret_generator');
  const posts = server.requests.filter((request) => isPost(request) && request.path === paths.secrets);
  for (const value of posts.flatMap(({ text }) => randomValues(JSON.parse(text) as ApiObject)))
    for (const text of [result.stdout, result.stderr, commandLines]) expect(text).not.toContain(value);
  return result;
}

export const isPost = ({ method }: ApiRequest) => method === 'POST';
export const decoded = (text = '') => Buffer.from(text, 'base64').toString();
export const randomValues = ({ data = {} }: ApiObject) =>
  ['password', 'flask-key', 'long'].flatMap((key) => [data[key] ?? '?', decoded(data[key])]);
export const calls = (server: ApiServer) => server.requests.map(({ method, path }) => `${method} ${path}`);
export const owner = ({ metadata: { uid } }: ApiObject) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', name, uid },
  blockOwnerDeletion: true,
});

/** The Secret as it is in the cluster. */
export function kept(server: ApiServer): ApiObject {
  const secret = server.secrets.get(name);
  if (!secret) throw new Error('there is no Secret');
  return secret;
}

/** What it says once while it waits. */
export function waiting(why: string): string {
  return `secrets: waiting for the API server: ${why}\n`;
}
