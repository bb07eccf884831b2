import { readFileSync } from 'node:fs';
import { kubectl, lastJson, program } from '../lab';
import { SERVER } from './install';
import type { Side } from './sides';

/** A process of the server's container. */
export interface Process {
  readonly pid: number;
  readonly program: string;
  /** Unix time. */
  readonly started: number;
  /** Proportional memory in KiB. */
  readonly pss: number;
}

/** The processes of the server's only pod. Neither side has another container in it. */
export async function processes(side: Side): Promise<readonly Process[]> {
  const pod = await kubectl(['-n', 'mlflow', 'get', 'pods', '-l', SERVER, '-o', 'name']);
  const code = readFileSync(program('processes.py'), 'utf8');
  return lastJson(
    await kubectl(['-n', 'mlflow', 'exec', pod.trim(), '-c', side.container, '--', 'python', '-c', code]),
  );
}

/** The memory of all processes of the pod in MiB: pages that several of them use are counted once. */
export async function memory(side: Side): Promise<number> {
  return (await processes(side)).reduce((sum, { pss }) => sum + pss, 0) / 1024;
}
