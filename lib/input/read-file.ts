import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { isSystemError, systemReason, withPath } from './system-error';

/** The bytes of a file, or why there are none. */
export type FileReading = { readonly bytes: Buffer } | UnusableFile;

/** Why a file cannot be used. */
export interface UnusableFile {
  /** In the user's terms, with what to do, and without any content of the file. */
  readonly message: string;
  /**
   * What is wrong: nothing exists under the name, it cannot be opened or read, it is a folder, pipe, socket or device, or
   * its content is unusable.
   */
  readonly reason: 'missing' | 'unreadable' | 'irregular' | 'content';
  /** What the operating system says, if that is the reason. */
  readonly error?: NodeJS.ErrnoException;
}

const MIB = 1024 * 1024;

/** The size of the largest file that a user writes, in bytes: no Secret or ConfigMap can be larger. */
export const MAXIMUM_BYTES = MIB;

/** What to do about a file that no user writes. */
export const RIGHT_ONE = '(is it the right one?)';

/** Why a content is refused that has more bytes than `maximum`. */
export const tooLarge = (maximum: number): string => `is larger than ${maximum / MIB} MiB ${RIGHT_ONE}`;

/**
 * Reads a regular file of limited size. Anything else that a name may lead to is refused without opening it, and the
 * size is known before the first byte is read: reading a pipe, a device or some files of `/proc` never ends, consumes
 * what others wait for, or takes all memory. Never throws for what may be under the name.
 *
 * @param maximum the size of the largest file that is read, in bytes. @default 1 MiB
 */
export function readRegularFile(file: string, maximum: number = MAXIMUM_BYTES): FileReading {
  let descriptor: number | undefined;
  try {
    const refused = refusal(statSync(file), maximum);
    if (refused) return refused;
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(descriptor);
    // Again: another file may have the name by now.
    return refusal(found, maximum) ?? readBytes(descriptor, found.size);
  } catch (error) {
    return readingFailure(withPath(error as NodeJS.ErrnoException, file));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Why what has a name must not be read, or undefined. */
function refusal(found: Stats, maximum: number): UnusableFile | undefined {
  if (found.isDirectory()) return { message: 'is a folder (name the file)', reason: 'irregular' };
  if (!found.isFile()) {
    const kind = found.isFIFO() ? 'pipe' : found.isSocket() ? 'socket' : 'device';
    return { message: `is a ${kind} (name a regular file)`, reason: 'irregular' };
  }
  return found.size > maximum ? { message: tooLarge(maximum), reason: 'content' } : undefined;
}

/** The bytes of an open file of a known size. Without any, nothing is read, because files of `/proc` claim to have none. */
function readBytes(descriptor: number, size: number): FileReading {
  if (size === 0) return { bytes: Buffer.alloc(0) };
  // One more than there are shows whether the file grows.
  const bytes = Buffer.alloc(size + 1);
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (count === 0) return { bytes: bytes.subarray(0, length) };
    length += count;
  }
  return { message: 'grew while it was read (try again when nothing writes to it)', reason: 'content' };
}

function readingFailure(error: NodeJS.ErrnoException): UnusableFile {
  const { code = '' } = error;
  if (['ENOENT', 'ENOTDIR'].includes(code)) return { message: 'does not exist', reason: 'missing', error };
  const message = isSystemError(error) ? `cannot be read: ${systemReason(error)}` : `cannot be read (${code})`;
  return { message, reason: 'unreadable', error };
}
