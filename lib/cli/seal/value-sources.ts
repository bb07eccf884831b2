import { randomBytes, randomInt } from 'node:crypto';
import { InputError } from '../../input/input-error';
import { MAXIMUM_BYTES, readRegularFile, tooLarge } from '../../input/read-file';
import { isSystemError, systemReason } from '../../input/system-error';

/** Sources of a value other than a prompt. */
export interface SourceOptions {
  readonly fromStdin: boolean;
  readonly fromFile?: string;
  readonly fromEnv?: string;
  readonly stripNewline: boolean;
}

/** Whether an option provides the value. */
export const hasSource = ({ fromStdin, fromFile, fromEnv }: SourceOptions): boolean =>
  fromStdin || fromFile !== undefined || fromEnv !== undefined;

/**
 * The value that an option provides. No issue repeats the argument of the option, which may be the value itself.
 *
 * @throws InputError when there is none.
 */
export async function readSource(options: SourceOptions): Promise<Buffer> {
  const value = await readBytes(options);
  return options.stripNewline ? value.subarray(0, value.length - newlineBytes(value)) : value;
}

async function readBytes({ fromFile, fromEnv }: SourceOptions): Promise<Buffer> {
  if (fromFile !== undefined) return readFile(fromFile);
  if (fromEnv === undefined) return readStdin();
  const value = /^\w+$/.test(fromEnv) ? process.env[fromEnv] : undefined;
  if (value === undefined) {
    throw new InputError(['--from-env: no such variable is set (use its name, without $)']);
  }
  // Node replaces invalid UTF-8, so another value would be sealed.
  if (value.includes('\ufffd')) throw new InputError(['--from-env: is not valid UTF-8 (use --from-file)']);
  return Buffer.from(value);
}

function readFile(file: string): Buffer {
  const reading = readRegularFile(file);
  if ('bytes' in reading) return reading.bytes;
  const { message, reason } = reading;
  const issues = {
    missing: 'does not exist (use the path of a file)',
    irregular: 'is not a regular file (for a pipe, use --from-stdin)',
    unreadable: message,
    content: message,
  };
  throw new InputError([`--from-file: ${issues[reason]}`]);
}

async function readStdin(): Promise<Buffer> {
  if (process.stdin.isTTY) {
    throw new InputError([
      '--from-stdin: standard input is a terminal, which shows what you type (remove it, and answer the prompt)',
    ]);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk as Buffer);
      length += chunk.length;
      if (length > MAXIMUM_BYTES) throw new InputError([`--from-stdin: ${tooLarge(MAXIMUM_BYTES)}`]);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new InputError([`--from-stdin: cannot be read: ${systemReason(error)}`]);
  }
  return Buffer.concat(chunks);
}

/** The length of the line break at the end, in bytes. */
function newlineBytes(value: Buffer): number {
  if (value.at(-1) !== 0x0a) return 0;
  return value.at(-2) === 0x0d ? 2 : 1;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A random value of letters and digits, which no program needs to quote or escape. */
export const randomValue = (characters: number): Buffer =>
  Buffer.from(Array.from({ length: characters }, () => ALPHABET.charCodeAt(randomInt(ALPHABET.length))));

/** A random key of Fernet: 32 bytes as URL-safe base64, with padding. */
export const fernetKey = (): Buffer => Buffer.from(`${randomBytes(32).toString('base64url')}=`);
