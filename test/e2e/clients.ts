import { readFileSync } from 'node:fs';
import {
  ADMIN_PASSWORD,
  applyObjects,
  clientPython,
  IMAGE,
  IN_CLUSTER,
  type LabRelease,
  lastJson,
  login,
  outside,
  program,
  secret,
} from './lab';
import { pythonInPod } from './pods';

/** What a client's whole round printed. */
export interface Round {
  readonly experiment: string;
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
  const values = { ...login(ADMIN_PASSWORD[release]), MLFLOW_TRACKING_URI: IN_CLUSTER, HOME: '/tmp' };
  await applyObjects([secret(namespace, name, values)]);
  const env = Object.keys(values).map((key) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } }));
  return lastJson(await pythonInPod({ namespace, name, image: IMAGE[release], env }, clientCode(name)));
}

/** A program of this tier for `python -c`, with its arguments in it. */
export const programCode = (name: string, ...given: readonly string[]): string =>
  `import sys\nsys.argv[1:] = ${JSON.stringify(given)}\n${readFileSync(program(name), 'utf8')}`;

/** The same of a client's whole round. */
export const clientCode = (name: string): string => programCode('client.py', name);

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
