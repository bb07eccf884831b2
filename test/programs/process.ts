import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs } from './tools';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run a program to its end, with nothing in its environment but what is given. */
export async function run(argv: readonly string[], env: Environment, input = ''): Promise<Result> {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { cwd: programs, env: { ...env }, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...output };
}

/** A program that runs until it is stopped, in a process group of its own so that its children end with it. */
export class Service {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private text = '';

  constructor(argv: readonly string[], env: Environment) {
    const [command = '', ...args] = argv;
    this.child = spawn(command, args, {
      cwd: programs,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.text += text;
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', (error) => {
        this.text += String(error);
        resolve();
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`did not start: ${this.text}`);
    return this.child.pid;
  }

  get output(): string {
    return this.text;
  }

  /** Once it has ended of itself. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  get isRunning(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** To the program alone, not to its children. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Until it has ended of itself. */
  async end(limit = 60_000): Promise<void> {
    await waitFor(`the end of process ${this.child.pid}`, () => !this.isRunning, limit);
  }

  /** End it and what is left of its group, whatever it takes. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.pid === undefined) return;
    this.signalGroup(signal);
    await Promise.race([this.ended, sleep(15_000, undefined, { ref: false })]);
    this.signalGroup('SIGKILL');
    await this.ended;
  }

  private signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // nothing of the group is left
    }
  }
}

/** Wait for a condition, never for a time. */
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limit = 60_000,
  pause = 100,
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s in vain for ${what}`);
    await sleep(pause);
  }
}

/** Wait for a service to be ready, but no longer than it lives. */
export async function waitForService(service: Service, what: string, isReady: () => Promise<boolean>): Promise<void> {
  await waitFor(
    what,
    async () => {
      if (!service.isRunning) throw new Error(`${what} ended at its start:\n${service.output}`);
      return isReady();
    },
    120_000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${service.output}`);
  });
}
