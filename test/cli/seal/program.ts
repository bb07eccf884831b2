import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { builtCommand } from '../../support/built-command';
import type { Setting } from '../../support/sealing-setting';

/** A text to wait for, and what happens then. */
export interface Step {
  readonly expect: string;
  readonly type?: string;
  readonly run?: readonly string[];
  readonly signal?: string;
}

/** What happened at a terminal. */
export interface Conversation {
  readonly shown: string;
  /** Negative for the signal that ended it. */
  readonly code: number;
  readonly echoes: boolean;
  /** The same at each time that it was stopped. */
  readonly echoedWhileStopped: readonly boolean[];
  readonly commandLines: readonly string[];
}

/** Whether a program is on this machine. */
export const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** The environment of a process: what it needs, and a home and a folder for temporary files of its own. */
export const environmentOf = ({ folder }: Pick<Setting, 'folder'>): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: folder,
  TMPDIR: folder,
});

/** What follows the program's name. */
export const sealArguments = (given: readonly string[]): string[] => ['seal', 'lab', ...given];

/** `seal lab` and more as a process of its own, without a terminal. */
export function sealProcess(lab: Setting, given: readonly string[], input = '') {
  const argv = [builtCommand(), ...sealArguments(given)];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd: lab.folder,
    env: environmentOf(lab),
    input,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** `seal lab` and more at a terminal. */
export const sealAtTerminal = (lab: Setting, given: readonly string[], steps: readonly Step[]) =>
  atTerminal(lab, [process.execPath, builtCommand(), ...sealArguments(given)], steps);

/** Any program at a terminal. */
export async function atTerminal(
  lab: Pick<Setting, 'folder'>,
  argv: readonly string[],
  steps: readonly Step[],
): Promise<Conversation> {
  const driver = spawn('python3', [join(__dirname, 'terminal.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  driver.stdin.end(JSON.stringify({ argv, env: environmentOf(lab), cwd: lab.folder, steps }));
  let output = '';
  driver.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve) => driver.once('close', resolve));
  return JSON.parse(output) as Conversation;
}

/** Types a hidden value, the second time perhaps another. */
export const twice = (question: string, value: string, again = value): Step[] => [
  { expect: question, type: `${value}\r` },
  { expect: 'once more: ', type: `${again}\r` },
];
