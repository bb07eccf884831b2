import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  ADMIN_PASSWORD,
  BALANCER,
  clientPython,
  kubectl,
  type LabRelease,
  lastJson,
  login,
  outside,
  program,
  type RunOptions,
  rolledOut,
  until,
} from './lab';
import { serverPods } from './pods';

/** What a client without retries counted. */
export interface Counted {
  readonly ok: number;
  /** Kept connections that the server closed in the moment of a request. */
  readonly reopened: number;
  /** Requests that were sent again with the next password. */
  readonly other: number;
  readonly failed: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** A client that asks on and on. */
export interface SteadyClient {
  /** The release of the client. */
  readonly release: LabRelease;
  readonly url: string;
  /** The login, as the client reads it. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds between two requests of a connection. @default that of the program */
  readonly pause?: string;
  /** Runs the client. @default outside of the cluster */
  readonly runs?: (given: readonly string[], options: RunOptions) => Promise<string>;
}

const MOST_SECONDS = 400;

/** Starts a client. What it gives ends it, and tells what it counted. */
export function startSteadyClient({ release, url, env, pause, runs = outside }: SteadyClient): () => Promise<Counted> {
  const stop = join(mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-e2e-')), 'stop');
  const given = [
    clientPython(release),
    program('steady.py'),
    url,
    String(MOST_SECONDS),
    stop,
    ...(pause ? [pause] : []),
  ];
  const counted = runs(given, { env, seconds: MOST_SECONDS + 50 });
  return async () => {
    writeFileSync(stop, '');
    const result = lastJson<Counted>(await counted);
    rmSync(dirname(stop), { recursive: true });
    return result;
  };
}

/** Changes something while a client asks, until after the last old server pod is gone, within so many seconds. */
export async function underSteadyClient(
  what: string,
  client: SteadyClient,
  change: () => Promise<unknown>,
  seconds: number,
  namespace = 'mlflow',
): Promise<Counted> {
  const pods = () => serverPods(namespace);
  const before = await pods();
  const end = startSteadyClient(client);
  await new Promise((next) => setTimeout(next, 5000));
  await change();
  await rolledOut(300, namespace);
  await until('the old pods are gone', seconds, async () => !(await pods()).some((pod) => before.includes(pod)));
  await new Promise((next) => setTimeout(next, 5000));
  const counted = await end();
  console.log(`${what}: ${JSON.stringify(counted)}`);
  return counted;
}

/** Restarts all pods one by one while a client asks on and on, until after the last old pod is gone. */
export const restartUnderClient = () =>
  underSteadyClient(
    'rolling restart under a steady client',
    { release: '3.1.0', url: BALANCER, env: login(ADMIN_PASSWORD['3.1.0']) },
    () => kubectl(['-n', 'mlflow', 'rollout', 'restart', 'deployment/mlflow']),
    120,
  );
