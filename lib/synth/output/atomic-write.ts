import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** How a file is written. */
export interface AtomicWriteOptions {
  /**
   * Whether an existing file keeps its mode and, if it is a link, stays one; whether only one process at a time may
   * write it; and whether the text is on the disk before the file is replaced.
   *
   * @default false: the file is replaced by a new one, and of two processes the later one wins
   */
  readonly inPlace?: boolean;
  /**
   * Runs when no other process can write the file in place, right before it is written. If it throws, the file is not
   * changed.
   */
  verify?(): void;
}

/** Thrown when another process writes the same file in place, or was interrupted while it did. */
export class FileIsBeingWritten extends Error {
  constructor(
    /** The partial file of that process. */
    readonly partial: string,
  ) {
    super(`${partial} exists`);
  }
}

/**
 * Writes a file, and creates the folders above it. The text goes into a partial file beside it, which is then renamed,
 * so that at any moment the file contains either the old text or the new one.
 *
 * @throws FileIsBeingWritten when it is to be written in place and its partial file exists
 */
export function writeAtomically(
  file: string,
  text: string,
  { inPlace = false, verify }: AtomicWriteOptions = {},
): void {
  createFolder(dirname(file));
  const existing = inPlace ? statSync(file, { throwIfNoEntry: false }) : undefined;
  const target = existing ? realpathSync(file) : file;
  const partial = inPlace ? `${target}.partial` : `${target}.${process.pid}.partial`;
  const descriptor = openPartial(partial, inPlace);
  try {
    try {
      verify?.();
      writeFileSync(descriptor, text);
      if (inPlace) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (existing) chmodSync(partial, existing.mode & 0o7777);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    // What fails on an open file, as on a full disk, names none.
    const failure = error as NodeJS.ErrnoException;
    throw failure.syscall && !failure.path ? Object.assign(failure, { path: file }) : failure;
  }
}

/**
 * Creates a folder and those above it. Not by mkdir's own recursion, which never ends on a file system such as /proc, where
 * a folder that exists can have none in it.
 */
function createFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) createFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** All processes use the same name, so of two that write in place, the second fails. */
function openPartial(partial: string, alone: boolean): number {
  if (!alone) return openSync(partial, 'w');
  try {
    return openSync(partial, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new FileIsBeingWritten(partial);
    throw error;
  }
}
