import { MAXIMUM_BYTES, RIGHT_ONE, readRegularFile, tooLarge, type UnusableFile } from './read-file';
import { isInside, type Repository, realPath } from './repository';

/** The text of a file, or why there is none. */
export type TextReading = { readonly text: string } | UnusableFile;

const OUTSIDE =
  'is outside the repository of the environments: their git repository or, without one, the folder above theirs (move it there)';

/**
 * Reads a text file in UTF-8, with its byte order mark if it has one. Never throws for what may be under the name.
 *
 * @param repository what the file must be in, because issues repeat parts of it. @default anywhere
 */
export function readTextFile(file: string, repository?: Repository): TextReading {
  if (repository && !isInside(repository, file)) return { message: OUTSIDE, reason: 'unreadable' };
  const reading = readRegularFile(repository ? realPath(file) : file);
  if (!('bytes' in reading)) return reading;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(reading.bytes);
  } catch {
    return { message: 'is not valid UTF-8 (save it as UTF-8)', reason: 'content' };
  }
  const message = textIssue(text);
  return message === undefined ? { text } : { message, reason: 'content' };
}

/** Why a text cannot be one that a user wrote, or undefined. */
export function textIssue(text: string): string | undefined {
  if (text.includes('\u0000')) return `is a binary file: it contains a NUL byte ${RIGHT_ONE}`;
  return Buffer.byteLength(text) > MAXIMUM_BYTES ? tooLarge(MAXIMUM_BYTES) : undefined;
}
