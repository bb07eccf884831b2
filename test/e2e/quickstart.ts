import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Round } from './clients';
import { clientPython, kubectl, LAB, lab, lastJson, program, ROOT, rolledOut, run, tryKubectl, until } from './lab';

/** The committed output that docs/try-it.md applies. */
export const QUICKSTART = join(ROOT, 'dist', 'quickstart');

/** The Service, as clients in the cluster and on the node name it. */
const SERVICE = 'http://mlflow.mlflow.svc.cluster.local:5000';

export const IMAGE = 'ghcr.io/mlflow/mlflow:v3.18.0-full';

/** All Secrets of the namespace with their values, to be compared and never printed. */
export async function secrets(): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const found = JSON.parse(await kubectl(['-n', 'mlflow', 'get', 'secrets', '-o', 'json'])) as {
    items: { metadata: { name: string }; data: Record<string, string> }[];
  };
  return Object.fromEntries(found.items.map(({ metadata, data }) => [metadata.name, data]));
}

/** What a client needs in its environment, with the login that the Job made. */
export async function login(url = SERVICE): Promise<Record<string, string>> {
  const made = (await secrets())['mlflow-basic-auth'] ?? {};
  const value = (key: string) => Buffer.from(made[key] ?? '', 'base64').toString();
  return {
    MLFLOW_TRACKING_URI: url,
    MLFLOW_TRACKING_USERNAME: value('MLFLOW_TRACKING_USERNAME'),
    MLFLOW_TRACKING_PASSWORD: value('MLFLOW_TRACKING_PASSWORD'),
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_HTTP_REQUEST_TIMEOUT: '20',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
  };
}

/** A whole client round through the Service, with an artifact of 20 MB. */
export async function wholeRound(name: string): Promise<Round> {
  return lastJson(
    await lab('exec', [clientPython('3.18.0'), program('client.py'), name, '20'], { env: await login() }),
  );
}

/** The client that notes what is acknowledged; it ends when `stop` exists. */
export async function journal<T>(...given: readonly string[]): Promise<T> {
  const argv = [clientPython('3.18.0'), program('journal.py'), ...given];
  return lastJson(await lab('exec', argv, { env: await login(), seconds: 560 }));
}

/** Waits until the stores and then the server are ready. */
export async function allReady(): Promise<void> {
  for (const store of ['database', 'object-store']) {
    await kubectl(['-n', 'mlflow', 'rollout', 'status', `statefulset/mlflow-${store}`, '--timeout=180s']);
  }
  await rolledOut(180);
}

/** The only pod of a component, by name and identity. */
export async function podOf(component: string): Promise<{ readonly name: string; readonly uid: string }> {
  const given = ['-n', 'mlflow', 'get', 'pods', '-l', `app.kubernetes.io/component=${component}`];
  const [first = ''] = (
    await kubectl([...given, '-o', 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}'])
  ).split('\n');
  const [name = '', uid = ''] = first.split(' ');
  return { name, uid };
}

/** Kills every process of a pod's containers, as a node without memory would, and waits until they run again. */
export async function crash(component: string): Promise<void> {
  const { name, uid } = await podOf(component);
  const restarts = async () =>
    Number(
      await kubectl(['-n', 'mlflow', 'get', 'pod', name, '-o', 'jsonpath={.status.containerStatuses[0].restartCount}']),
    );
  const before = await restarts();
  killProcesses(uid);
  await until(`${name} runs again`, 120, async () => (await restarts()) > before);
  await allReady();
}

/** Statements in the embedded PostgreSQL, by its superuser. */
export const psql = (statements: string, namespace = 'mlflow') => {
  const argv = ['psql', '-X', '-q', '-h', '/var/run/postgresql', '-U', 'postgres', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
  return kubectl(['-n', namespace, 'exec', '-i', 'mlflow-database-0', '-c', 'postgresql', '--', ...argv], {
    input: statements,
  });
};

/** Kills every process of a pod's containers at once: none can clean up. */
export function killProcesses(uid: string): void {
  const processes = processesOf(uid);
  if (processes.length === 0) throw new Error(`pod ${uid} has no process`);
  for (const pid of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // PostgreSQL's processes end by themselves when their first one is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** The processes of a pod's containers, by their control group; without the one that holds the pod together. */
function processesOf(uid: string): number[] {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(join('/proc', pid, file), 'utf8');
    } catch {
      return ''; // it ended just now
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && read(pid, 'cgroup').includes(`pod${uid}`))
    .filter((pid) => !read(pid, 'cmdline').startsWith('/pause'))
    .map(Number);
}

/** Removes a pod without waiting for its end, so that its successor may meet it, and waits until that one is ready. */
export async function replace(component: string): Promise<void> {
  const { name, uid } = await podOf(component);
  await kubectl(['-n', 'mlflow', 'delete', 'pod', name, '--force', '--grace-period=0']);
  await until(`another pod of ${component}`, 60, async () => !['', uid].includes((await podOf(component)).uid));
  await allReady();
}

/** The first block of a language in docs/try-it.md. */
export function pageBlock(language: string, holding = ''): string {
  const blocks = readFileSync(join(ROOT, 'docs', 'try-it.md'), 'utf8').matchAll(/```(\w+)\n([\s\S]*?)```/g);
  for (const [, found, text = ''] of blocks) if (found === language && text.includes(holding)) return text;
  throw new Error(`docs/try-it.md has no block of ${language} with ${JSON.stringify(holding)}`);
}

/** Runs something while `kubectl port-forward` of docs/try-it.md holds a port open on the node. */
export async function withPortForward<T>(task: () => Promise<T>): Promise<T> {
  const [, given = ''] = /kubectl (-n mlflow port-forward [^\n#]*)/.exec(pageBlock('sh', 'port-forward')) ?? [];
  const argv = ['kubectl', ...given.trim().split(/ +/)];
  const forward = spawn(join(LAB, 'cluster', 'exec'), argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    await new Promise<void>((done, failed) => {
      forward.stdout.on('data', (data: Buffer) => data.includes('Forwarding from') && done());
      forward.on('close', () => failed(new Error('kubectl port-forward ended')));
    });
    return await task();
  } finally {
    forward.kill();
  }
}

/** The command of docs/try-it.md that prints the administrator's password, run as it stands there. */
export const pagePassword = async () => {
  const [command = ''] = /kubectl -n mlflow get secret .*/.exec(pageBlock('sh', 'base64decode')) ?? [];
  return (await run(join(LAB, 'cluster', 'exec'), ['sh', '-c', command])).trim();
};

/** How the cluster differs from the committed output. */
export const diff = () => tryKubectl(['diff', '-R', '-f', QUICKSTART]);

/** Applies the committed output as docs/try-it.md does. */
export const applyQuickstart = () => tryKubectl(['apply', '-R', '-f', QUICKSTART]);

/** The Secrets that are generated. */
export const generated = ['mlflow-basic-auth', 'mlflow-db-credentials', 'mlflow-s3-secret'];

/** The names of all Jobs. */
export const jobs = async () =>
  (await kubectl(['-n', 'mlflow', 'get', 'jobs', '-o', 'name'])).split('\n').filter(Boolean);
