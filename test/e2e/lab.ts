import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The root of the project. */
export const ROOT = resolve(__dirname, '..', '..');

/** Where the test lab's scripts are: a one-node Kubernetes with a neighbour outside of it. */
export const LAB = resolve(process.env.MLFLOW_LAB_DIR ?? join(ROOT, '..', 'shared'));

/** Where the lab keeps its image archives. */
export const IMAGES = join(process.env.MLFLOW_LAB_HOME ?? '/var/tmp/mlflow-lab', 'images');

/** Where `test/programs/setup` makes virtual environments with real MLflow clients. */
export const TEST_HOME = process.env.MLFLOW_TEST_HOME ?? join(homedir(), '.cache', 'cdk8s-mlflow-test');

/** Addresses of the Ansible role's setting, which exist only inside the lab. */
export const NODE = '192.168.1.10';
export const BALANCER = 'http://192.168.1.201:5000';
export const NODE_PORT = `http://${NODE}:30800`;
export const IN_CLUSTER = 'http://mlflow.mlflow.svc.cluster.local:5000';

/** The image names that the lab knows its two releases by. */
export const IMAGE = {
  '3.1.0': '192.168.1.210/library/mlflow-postgresql:3.1.0-4',
  '3.18.0': '192.168.1.210/library/mlflow-postgresql:3.18.0-1',
} as const;
export type LabRelease = keyof typeof IMAGE;

/** The same as the line of an environment file that asks for it. */
export const imageLine = (release: LabRelease): string =>
  IMAGE[release].replace(/^(.*):(.*)$/, 'image: { repository: $1, tag: $2 }\n');

/** Credentials with every character that ever broke an MLflow deployment. They exist in the lab alone. */
export const CREDENTIALS = {
  databaseUser: 'mlflow_user',
  databasePassword: 'p@ss:w/o%rd $(X) #"q\' \\ %41 é中 &*?;=[]{}',
  accessKey: 'lab-access-key',
  secretKey: 's3+/=%$(Y) secret&key#1',
  admin: 'admin user',
  adminPassword: ' 100%% {Y} \\ é $(Z) "long" & \'enough\' ',
  flaskKey: 'any %(long)s random # text',
};

/** The administrator's password by release: the newer one reads logins on some routes as ASCII, and `prepare` says so. */
export const ADMIN_PASSWORD: Readonly<Record<LabRelease, string>> = {
  '3.1.0': CREDENTIALS.adminPassword,
  '3.18.0': CREDENTIALS.adminPassword.replace('é', 'e'),
};

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds after which it is ended. @default 300 */
  readonly seconds?: number;
  readonly cwd?: string;
}

/** Runs a program to its end, whatever its exit code. */
export function tryRun(program: string, given: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(program, given, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      timeout: (options.seconds ?? 300) * 1000,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.on('error', failed);
    child.on('close', (code) => done({ code: code ?? -1, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program that must succeed, and gives what it printed. */
export async function run(program: string, given: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryRun(program, given, options);
  if (code !== 0)
    throw new Error(`${program} ${given.join(' ')} ended with ${code}\n${stdout.slice(-3000)}\n${stderr.slice(-3000)}`);
  return stdout;
}

/** Runs one of the lab's own scripts. */
export const lab = (script: string, given: readonly string[] = [], options: RunOptions = {}) =>
  run(join(LAB, 'cluster', script), given, options);

/** kubectl on the lab's node. */
export const kubectl = (given: readonly string[], options: RunOptions = {}) =>
  lab('exec', ['kubectl', ...given], options);

/** kubectl that may fail. */
export const tryKubectl = (given: readonly string[], options: RunOptions = {}) =>
  tryRun(join(LAB, 'cluster', 'exec'), ['kubectl', ...given], options);

/** A program on the machine beside the node: a client from outside the cluster. */
export const outside = (given: readonly string[], options: RunOptions = {}) =>
  lab('exec', ['--ext', ...given], options);

/** The Python of a virtual environment with a real MLflow client. */
export function clientPython(release: string): string {
  const python = join(TEST_HOME, `mlflow-${release}`, 'bin', 'python');
  if (!existsSync(python)) throw new Error(`no MLflow client: run test/programs/setup first (${python})`);
  return python;
}

/** A program of this tier. */
export const program = (name: string) => join(__dirname, 'programs', name);

/** What a client needs in its environment to log in. */
export const login = (password = CREDENTIALS.adminPassword): Record<string, string> => ({
  MLFLOW_TRACKING_USERNAME: CREDENTIALS.admin,
  MLFLOW_TRACKING_PASSWORD: password,
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
  MLFLOW_DISABLE_TELEMETRY: 'true',
  GIT_PYTHON_REFRESH: 'quiet',
});

/** Applies objects given as data. Values never reach a command line. */
export const applyObjects = (objects: readonly object[]) =>
  kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) });

/** A Secret with values as they are. */
export const secret = (namespace: string, name: string, values: Record<string, string>, type = 'Opaque') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  type,
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});

/** The values of a Secret in the cluster. */
export async function secretValues(namespace: string, name: string): Promise<Record<string, string>> {
  const found = await kubectl(['-n', namespace, 'get', 'secret', name, '-o', 'json']);
  const { data } = JSON.parse(found) as { data: Record<string, string> };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

export const namespace = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

/** Everything that tells why pods of a namespace are not well, for the message of a failed test. */
export async function explain(name: string): Promise<string> {
  const parts = await Promise.all([
    tryKubectl(['-n', name, 'get', 'pods', '-o', 'wide']),
    tryKubectl(['-n', name, 'get', 'events', '--sort-by=.lastTimestamp']),
    tryKubectl(['-n', name, 'logs', 'deployment/mlflow', '--all-containers', '--tail=40']),
  ]);
  return parts.map(({ stdout, stderr }) => stdout.slice(-4000) + stderr.slice(-500)).join('\n');
}

/** Waits until the Deployment's newest pods are ready; says why when they are not. */
export async function rolledOut(seconds = 300, name = 'mlflow'): Promise<void> {
  const given = ['-n', name, 'rollout', 'status', 'deployment/mlflow', `--timeout=${seconds}s`];
  const { code } = await tryKubectl(given, { seconds: seconds + 30 });
  if (code !== 0) throw new Error(`the Deployment is not ready after ${seconds} s\n${await explain(name)}`);
}

/** Milliseconds between two checks of what does not last, or is measured. */
export const SHORT_PAUSE = 500;

/**
 * Repeats until it gives true: every half second at first, and later after a tenth of the time waited. Each kubectl costs
 * a fifth of a second of CPU, which the pods need.
 *
 * @param longest milliseconds between two checks. @default 3000
 */
export async function until(
  what: string,
  seconds: number,
  check: () => Promise<boolean>,
  longest = 3000,
): Promise<void> {
  const begun = Date.now();
  while (!(await check())) {
    const waited = Date.now() - begun;
    if (waited > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`);
    await pause(Math.min(Math.max(SHORT_PAUSE, waited / 10), longest));
  }
}

/** Lets the API server know the kinds that environments use and that a cluster does not have by itself. */
export const defineKinds = () => kubectl(['apply', '--server-side', ...KIND_FILES]);

const KIND_FILES = [
  ...['sealedsecret', 'externalsecret', 'servicemonitor', 'prometheusrule'].map((name) =>
    join(LAB, 'crds', `${name}.yaml`),
  ),
  resolve(__dirname, '..', '..', 'crds', 'untyped'),
].flatMap((file) => ['-f', file]);

/** Deletes namespaces with all that is in them, and waits until they are gone. */
export const removeNamespaces = (names: readonly string[]) =>
  tryKubectl(['delete', 'namespace', ...names, '--ignore-not-found', '--wait', '--timeout=180s'], { seconds: 200 });

/** The last line of a program's output as data. */
export function lastJson<T>(output: string): T {
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as T;
}
