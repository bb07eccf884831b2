import { constants } from 'node:os';
import { InputError } from '../../input/input-error';
import { Interrupted } from '../interrupted';

/** Options of a prompt. */
export interface Answering {
  /** Whether what is typed is shown. */
  readonly visible?: boolean;
}

const [CTRL_C, CTRL_D, BACKSPACE, LINE_FEED, CARRIAGE_RETURN, CTRL_U, CTRL_BACKSLASH, DELETE] = [
  0x03, 0x04, 0x08, 0x0a, 0x0d, 0x15, 0x1c, 0x7f,
];

/** Whether a prompt can be shown and answered. */
export const hasTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/**
 * Signals that end a process by default. Node restores the terminal only for SIGINT and SIGTERM, and would open its
 * debugger for SIGUSR1. SIGKILL and errors of the processor leave no time to.
 */
const ENDING =
  'SIGHUP SIGINT SIGQUIT SIGTRAP SIGABRT SIGUSR1 SIGUSR2 SIGALRM SIGTERM SIGSTKFLT SIGXCPU SIGVTALRM SIGIO SIGPWR SIGSYS'.split(
    ' ',
  ) as NodeJS.Signals[];

/**
 * Prompts at the terminal. While it is open the terminal does not echo what is typed; when a signal ends or stops the
 * process, the terminal is restored first. Questions go to standard error, and bytes stay bytes.
 */
export class Terminal {
  private readonly pending: number[] = [];
  private hasEnded = false;
  private wake: () => void = () => undefined;
  /** The question that waits for an answer. */
  private question = '';

  private constructor() {
    process.stdin.on('data', this.take).on('end', this.end).on('error', this.end);
    this.listen((signal, listener) => process.on(signal, listener));
    process.stdin.setRawMode(true);
    process.stdin.resume();
  }

  /**
   * Opens the terminal for as long as `conversation` lasts.
   *
   * @throws InputError when there is no terminal, Interrupted when the user cancels a prompt.
   */
  static async during<T>(conversation: (terminal: Terminal) => Promise<T>): Promise<T> {
    if (!hasTerminal()) throw new InputError(['seal: no terminal to prompt at']);
    const terminal = new Terminal();
    try {
      return await conversation(terminal);
    } finally {
      terminal.close();
    }
  }

  /** A line, without its line break. Clears the input buffer. */
  async ask(question: string, { visible = false }: Answering = {}): Promise<Buffer> {
    this.question = question;
    process.stderr.write(question);
    const line: number[] = [];
    let isUntypable = false;
    for (;;) {
      const byte = await this.next();
      if (byte === CARRIAGE_RETURN || byte === LINE_FEED) {
        process.stderr.write('\n');
        if (!isUntypable) return drained(line);
        drained(line).fill(0);
        process.stderr.write('the input contained a control character (try again, or use --from-file)\n');
        return await this.ask(question, { visible });
      }
      if (byte === CTRL_C || byte === CTRL_BACKSLASH || (byte === CTRL_D && line.length === 0)) this.giveUp();
      if (byte === BACKSPACE || byte === DELETE) {
        if (removeLast(line) && visible) process.stderr.write('\b \b');
      } else if (byte === CTRL_U) {
        while (removeLast(line)) if (visible) process.stderr.write('\b \b');
      } else {
        // Dropped silently, it would be missing from a value that is not shown.
        isUntypable ||= byte < 0x20;
        line.push(byte);
        if (visible && byte >= 0x20) process.stderr.write(Buffer.from([byte]));
      }
    }
  }

  /** Prints one line. */
  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  private readonly take = (bytes: Buffer): void => {
    this.pending.push(...bytes);
    bytes.fill(0);
    this.wake();
  };

  private readonly end = (): void => {
    this.hasEnded = true;
    this.wake();
  };

  private async next(): Promise<number> {
    for (;;) {
      const byte = this.pending.shift();
      if (byte !== undefined) return byte;
      if (this.hasEnded) this.giveUp();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private listen(change: (signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void) => void): void {
    for (const signal of ENDING) if (signal in constants.signals) change(signal, this.endBy);
    change('SIGTSTP', this.suspend);
    change('SIGCONT', this.resume);
  }

  /** Ends the process as the signal would have. */
  private readonly endBy = (signal: NodeJS.Signals): void => {
    this.close();
    process.kill(process.pid, signal);
  };

  private readonly suspend = (): void => {
    process.stdin.setRawMode(false);
    process.kill(process.pid, 'SIGSTOP');
    this.resume();
  };

  /** A shell changes the terminal while the process is stopped. Twice, because Node skips a mode that it has set already. */
  private readonly resume = (): void => {
    process.stdin.setRawMode(false);
    process.stdin.setRawMode(true);
    process.stderr.write(this.question);
  };

  private giveUp(): never {
    process.stderr.write('\n');
    throw new Interrupted('interrupted');
  }

  private close(): void {
    this.pending.fill(0);
    process.stdin.setRawMode(false);
    process.stdin.off('data', this.take).off('end', this.end);
    process.stdin.pause();
    this.listen((signal, listener) => process.off(signal, listener));
  }
}

/** Removes the last character with all of its bytes. */
function removeLast(line: number[]): boolean {
  let byte = line.pop();
  const had = byte !== undefined;
  while (byte !== undefined && byte >= 0x80 && byte < 0xc0) byte = line.pop();
  return had;
}

/** The bytes of a line, which is cleared. */
function drained(line: number[]): Buffer {
  const bytes = Buffer.from(line);
  line.fill(0).splice(0);
  return bytes;
}
