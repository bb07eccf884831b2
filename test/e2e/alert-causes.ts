import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyObjects, IMAGE, kubectl, LAB, run, tryKubectl } from './lab';
import { LIMITED } from './limited-claim';
import { pythonPod } from './pods';
import { psql } from './quickstart';

/** What is done to an instance for its alerts to fire. */

/** Flips a bit in the dump of the newest backup. @returns the name of the backup */
export function damageNewestBackup(): string {
  const name = readdirSync(join(LIMITED, 'mlflow')).sort().at(-1) ?? '';
  const dump = join(LIMITED, 'mlflow', name, 'tracking.dump');
  const bytes = readFileSync(dump);
  bytes.writeUInt8(bytes.readUInt8(3000) ^ 1, 3000);
  writeFileSync(dump, bytes);
  return name;
}

/** Opens so many connections to PostgreSQL, for a minute or until `closeConnections`. */
export const openConnections = (count: number): ChildProcess =>
  spawn(join(LAB, 'cluster', 'exec'), [
    'kubectl',
    '-n',
    'mlflow',
    'exec',
    'mlflow-database-0',
    '-c',
    'postgresql',
    '--',
    'sh',
    '-c',
    `for i in $(seq ${count}); do psql -X -q -h /var/run/postgresql -U postgres -d mlflow -c "SELECT pg_sleep(60)" >/dev/null & done; wait`,
  ]);

/** Ends connections that `openConnections` opened. */
export async function closeConnections(sleepers: ChildProcess): Promise<void> {
  sleepers.kill();
  await psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%'");
}

/** Stops all processes of a server pod, which then answers nothing. */
export const stopProcesses = (pod: string) => {
  const children =
    'import os, signal\nfor pid in os.listdir("/proc"):\n  if pid.isdigit() and int(pid) != os.getpid(): os.kill(int(pid), signal.SIGSTOP)';
  return tryKubectl(['-n', 'mlflow', 'exec', pod, '-c', 'server', '--', 'python', '-c', children]);
};

/** Fills the claim of the backups, as the user of a backup. */
export function fillBackups(): Promise<unknown> {
  const filler = {
    namespace: 'mlflow',
    name: 'filler',
    image: IMAGE['3.18.0'],
    volumes: [{ name: 'backup', mountPath: '/backup', persistentVolumeClaim: { claimName: 'mlflow-backup' } }],
  };
  const fill = [
    'import time',
    "with open('/backup/filled', 'wb', buffering=0) as file:",
    '    try:',
    '        while True: file.write(bytes(4096))',
    '    except OSError as error: print(error, flush=True)',
    'time.sleep(600)',
  ].join('\n');
  const made = pythonPod(filler, fill);
  const asBackup = { ...made.spec, securityContext: { runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 } };
  return applyObjects([{ ...made, spec: asBackup }]);
}

/** Makes room in it again. */
export async function emptyBackups(): Promise<void> {
  await kubectl(['-n', 'mlflow', 'delete', 'pod', 'filler', '--grace-period=0', '--force']);
  await run('rm', ['-f', join(LIMITED, 'filled')]);
}
