import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { clientPython, LAB, outside, program } from './lab';

/** A machine beside the cluster, for the provider of single sign-on. */
export const PROVIDER = '192.168.1.101';

/**
 * Serves what the provider says of itself, which is all that a proxy needs to start. People who log in are in
 * `single-sign-on.test.ts`.
 *
 * @param folder where `server.crt` and `server.key` are
 */
export async function startProvider(issuer: string, folder: string): Promise<ChildProcess> {
  await outside(['ip', 'address', 'replace', `${PROVIDER}/32`, 'dev', 'lab1']);
  const certificate = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const argv = [clientPython('3.18.0'), program('provider_documents.py'), issuer, PROVIDER, ...certificate];
  return spawn(join(LAB, 'cluster', 'exec'), ['--ext', ...argv], { stdio: 'ignore' });
}

/** Removes its address. */
export const removeProvider = () => outside(['ip', 'address', 'flush', 'to', `${PROVIDER}/32`, 'dev', 'lab1']);
