import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './process';
import type { RenderedServer } from './rendered-server';

/** The children of the server's first process: its workers, and for moments others. */
export function childrenOf({ service: { pid } }: RenderedServer): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

/** The process ids of the server's two workers, once so many have run and nothing else does. */
export async function workersOf(server: RenderedServer, run: number): Promise<number[]> {
  let pids: number[] = [];
  await waitFor(`${run} workers to have run`, () => {
    pids = childrenOf(server);
    return pids.length === 2 && Number(readFileSync(join(server.metrics, 'processes'), 'utf8')) === run;
  });
  return pids;
}

/** Whether a process has counted requests in a file that was not merged. */
export const hasCounted = ({ metrics }: RenderedServer, pid: number): boolean =>
  readdirSync(metrics).includes(`counter_${pid}.db`);

/** The bytes that are in memory for the workers alone. */
export const memoryOf = (server: RenderedServer): number =>
  childrenOf(server)
    .map((pid) => /^Private_Dirty: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
    .reduce((sum, kilobytes) => sum + 1024 * Number(kilobytes ?? 0), 0);
