import { readFileSync } from 'node:fs';
import {
  ADMIN_PASSWORD,
  applyObjects,
  clientPython,
  type Ended,
  IMAGE,
  IN_CLUSTER,
  kubectl,
  type LabRelease,
  login,
  outside,
  program,
  secret,
  tryKubectl,
} from './lab';

/** What a client's whole round printed. */
export interface Round {
  readonly run: string;
  readonly version: string;
  readonly artifact: string;
  readonly seconds: number;
}

/** A whole round of a real client from outside of the cluster. */
export async function roundFromOutside(release: LabRelease, url: string, name: string): Promise<Round> {
  const env = { ...login(ADMIN_PASSWORD[release]), MLFLOW_TRACKING_URI: url };
  return lastJson(await outside([clientPython(release), program('client.py'), name], { env }));
}

/** The same from a pod in another namespace. */
export async function roundFromPod(release: LabRelease, namespace: string, name: string): Promise<Round> {
  await runPod(
    release,
    namespace,
    name,
    ['python', '/programs/client.py', name],
    readFileSync(program('client.py'), 'utf8'),
  );
  await kubectl(['-n', namespace, 'wait', '--for=jsonpath={.status.phase}=Succeeded', `pod/${name}`, '--timeout=120s']);
  return lastJson(await kubectl(['-n', namespace, 'logs', name]));
}

/** Whether a pod of a namespace can open a connection to the server. */
export async function podReaches(release: LabRelease, namespace: string, name: string): Promise<boolean> {
  const code = `import socket; socket.create_connection(('mlflow.mlflow.svc.cluster.local', 5000), 5).close()`;
  await runPod(release, namespace, name, ['python', '-c', code], '');
  const ended = (phase: string): Promise<Ended> =>
    tryKubectl(['-n', namespace, 'wait', `--for=jsonpath={.status.phase}=${phase}`, `pod/${name}`, '--timeout=60s']);
  const first = await Promise.any(
    ['Succeeded', 'Failed'].map(async (phase) => {
      const { code: result } = await ended(phase);
      if (result !== 0) throw new Error(`not ${phase}`);
      return phase;
    }),
  );
  return first === 'Succeeded';
}

async function runPod(
  release: LabRelease,
  namespace: string,
  name: string,
  command: string[],
  text: string,
): Promise<void> {
  const values = { ...login(ADMIN_PASSWORD[release]), MLFLOW_TRACKING_URI: IN_CLUSTER, HOME: '/tmp' };
  await applyObjects([
    secret(namespace, name, values),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { 'client.py': text } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: {
        restartPolicy: 'Never',
        enableServiceLinks: false,
        containers: [
          {
            name: 'client',
            image: IMAGE[release],
            command,
            envFrom: [{ secretRef: { name } }],
            volumeMounts: [{ name: 'programs', mountPath: '/programs' }],
          },
        ],
        volumes: [{ name: 'programs', configMap: { name } }],
      },
    },
  ]);
}

/** The answer to a plain HTTP request from outside: the status, or 0 when nothing answered. */
export async function status(url: string, credentials?: { user: string; password: string }): Promise<number> {
  const code = [
    'import os, sys, requests, base64',
    "u, p = os.environ.get('U'), os.environ.get('P')",
    "h = {'Authorization': 'Basic ' + base64.b64encode(f'{u}:{p}'.encode()).decode()} if u else {}",
    'print(requests.get(sys.argv[1], headers=h, timeout=10).status_code)',
  ].join('\n');
  const env = credentials ? { U: credentials.user, P: credentials.password } : {};
  return Number((await outside([clientPython('3.1.0'), '-c', code, url], { env })).trim());
}

/** The last line of a program's output as data. */
export function lastJson<T>(output: string): T {
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as T;
}
