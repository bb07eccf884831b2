import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * Partial files: what a file will contain, beside it until it is complete. The name of each says which process writes it,
 * so that those of killed processes can be removed, and no others.
 */

/** `FILE.MACHINE-PID-START-RANDOM.partial`. */
const NAME = /^(.+)\.([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}\.partial$/;

/** After how many seconds a partial file of another machine or container is abandoned: a write takes milliseconds. */
const FOREIGN_SECONDS = 60;

/** A new name of a partial file for a file, which no other process and no other thread uses. */
export function partialOf(file: string): string {
  const start = stateOf(process.pid)?.start ?? '0';
  return `${file}.${machine()}-${process.pid}-${start}-${randomBytes(4).toString('hex')}.partial`;
}

/** The partial files beside a file that running processes write for it. */
export const partialsOf = (file: string): string[] =>
  partialsIn(dirname(file)).flatMap(({ path, target, isAbandoned }) =>
    target === basename(file) && !isAbandoned ? [path] : [],
  );

/**
 * Removes the partial files of a folder that no running process writes, and the folder if nothing else is in it. What
 * cannot be removed stays.
 */
export function removeAbandoned(folder: string): void {
  const abandoned = partialsIn(folder).filter(({ isAbandoned }) => isAbandoned);
  for (const { path } of abandoned) attempt(() => unlinkSync(path));
  if (abandoned.length > 0) attempt(() => rmdirSync(folder));
}

/** Does what is of no consequence if it fails. */
export function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The failure that led here is reported, or the next run tries again.
  }
}

interface PartialFile {
  readonly path: string;
  /** The name of the file that it is for. */
  readonly target: string;
  readonly isAbandoned: boolean;
}

function partialsIn(folder: string): PartialFile[] {
  return readdirSync(folder).flatMap((name) => {
    const [, target = '', where, pid, start = ''] = NAME.exec(name) ?? [];
    const path = join(folder, name);
    const found = target === '' ? undefined : lstatSync(path, { throwIfNoEntry: false });
    if (!found?.isFile()) return [];
    const isForeign = where !== machine();
    const isAbandoned = isForeign
      ? Date.now() - found.mtimeMs > FOREIGN_SECONDS * 1000
      : !isRunning(Number(pid), start);
    return [{ path, target, isAbandoned }];
  });
}

/** Identifies the machine or container, which has process ids of its own. */
function machine(): string {
  let namespace = '';
  attempt(() => {
    namespace = readlinkSync('/proc/self/ns/pid');
  });
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

/** Whether a process of this machine is the one that started then, and not a later one with its id. */
function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is another user's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = stateOf(pid);
  if (!now) return true;
  return !now.hasEnded && [now.start, '0'].includes(start);
}

/** The state of a process; undefined where `/proc` does not say. */
function stateOf(pid: number): { readonly start: string; readonly hasEnded: boolean } | undefined {
  try {
    // After the name of the program, which may contain anything: the state is field 3, the start field 22 (proc(5)).
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { start: fields[19] ?? '0', hasEnded: ['Z', 'X'].includes(fields[0] ?? '') };
  } catch {
    return undefined;
  }
}
