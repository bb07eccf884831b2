import { readFileSync } from 'node:fs';

/** The text of a file, or why there is none. */
export type TextReading = { readonly text: string } | UnusableText;

/** Why a file cannot be used as text. */
export interface UnusableText {
  /** In the user's terms, with what to do, and without any content of the file. */
  readonly message: string;
  /** What is wrong: nothing exists under the name, it cannot be opened, or what is in it is no text. */
  readonly reason: 'missing' | 'unreadable' | 'content';
}

const MAX_BYTES = 1024 * 1024;

/** Reads a text file in UTF-8, with its byte order mark if it has one. Never throws for what may be under the name. */
export function readTextFile(file: string): TextReading {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return readingFailure((error as NodeJS.ErrnoException).code);
  }
  if (bytes.length > MAX_BYTES) return { message: TOO_LARGE, reason: 'content' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { message: 'is not valid UTF-8 (save it as UTF-8)', reason: 'content' };
  }
  const message = textIssue(text);
  return message === undefined ? { text } : { message, reason: 'content' };
}

const TOO_LARGE = 'is larger than 1 MiB (is it the right file?)';

/** Why a text cannot be one that a user wrote, or undefined. */
export function textIssue(text: string): string | undefined {
  if (text.includes('\u0000')) return 'is a binary file: it contains a NUL byte (is it the right file?)';
  return Buffer.byteLength(text) > MAX_BYTES ? TOO_LARGE : undefined;
}

function readingFailure(code: string | undefined): UnusableText {
  if (code === 'ENOENT') return { message: 'does not exist', reason: 'missing' };
  if (code === 'EISDIR') return { message: 'is a folder (name the file)', reason: 'unreadable' };
  if (code === 'EACCES') return { message: 'cannot be read (no permission)', reason: 'unreadable' };
  return { message: `cannot be read (${code ?? 'unknown error'})`, reason: 'unreadable' };
}
