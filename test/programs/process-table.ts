import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a task gave, and every command line that was to be seen on the machine while it ran. */
export interface Watched<T> {
  readonly result: T;
  readonly commandLines: string;
}

/** Look at the machine's processes, as any user of a node can, for as long as a task runs. */
export async function watchCommandLines<T>(task: Promise<T>): Promise<Watched<T>> {
  const seen = new Set<string>();
  let running = true;
  const end = task.finally(() => {
    running = false;
  });
  end.catch(() => undefined); // it is thrown below
  while (running) {
    for (const id of processes()) seen.add(unlessGone(() => readFileSync(`/proc/${id}/cmdline`, 'utf8')));
    await sleep(5);
  }
  return { result: await end, commandLines: [...seen].map((line) => line.replaceAll('\0', ' ')).join('\n') };
}

/** The processes whose working folder is this one or below it. */
export function processesIn(folder: string): number[] {
  const isThere = (place: string) => place === folder || place.startsWith(`${folder}/`);
  return processes().filter((id) => isThere(unlessGone(() => readlinkSync(`/proc/${id}/cwd`))));
}

/** End processes at once, as the kernel does with what is left of a container. */
export function kill(ids: readonly number[]): void {
  for (const id of ids) unlessGone(() => process.kill(id, 'SIGKILL'));
}

const processes = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

/** Processes end while one looks at them, and some are not ours to look at. */
function unlessGone(look: () => string | true): string {
  try {
    return String(look());
  } catch {
    return '';
  }
}
