import { BALANCER, clientPython, lastJson, outside, program } from '../lab';
import { LOGIN } from './install';
import type { Side } from './sides';

/** Requests a second, and the 95th percentile of their milliseconds. */
export interface Load {
  readonly rate: number;
  readonly p95: number;
}

/** The standard load: log-metric, then search-runs, by eight connections from outside of the cluster. */
export async function load(side: Side, seconds: number): Promise<{ readonly log: Load; readonly search: Load }> {
  return lastJson(await client(side, 'load.py', String(seconds)));
}

/** Seconds of an artifact's upload and download; neither, and a message, if the server failed. */
export interface Transfer {
  readonly upload?: number;
  readonly download?: number;
  readonly error?: string;
}

/** The median of some transfers of an artifact of a size. */
export async function transfer(side: Side, bytes: number, times: number): Promise<Transfer> {
  return lastJson(await client(side, 'transfer.py', String(bytes), String(times)));
}

const client = (side: Side, name: string, ...given: readonly string[]) =>
  outside([clientPython('3.1.0'), program(name), BALANCER, ...given], { env: side.login ? LOGIN : {}, seconds: 900 });
