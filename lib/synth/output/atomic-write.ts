import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { withPath } from '../../input/system-error';
import { attempt, partialOf, partialsOf, removeAbandoned } from './partial-files';

/** A file and what it is to contain. */
export interface FileText {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes files as new ones, and creates the folders above them. Each text goes into a partial file beside its file, and
 * only when all are complete they are renamed. So at any moment a file contains either its old text or its new one, and
 * when they do not all fit on the disk, none has changed. If a rename fails, the files renamed before it stay new.
 *
 * @throws SystemError with the path of the file that cannot be written
 */
export function writeFiles(files: readonly FileText[]): void {
  const folders: string[] = [];
  const partials: string[] = [];
  try {
    const written = files.map(({ file, text }) => {
      createFolder(dirname(file), folders);
      const partial = partialOf(file);
      partials.push(partial);
      withFile(file, () => withPartial(partial, (descriptor) => writeFileSync(descriptor, text)));
      return { file, partial };
    });
    for (const { file, partial } of written) withFile(file, () => renameSync(partial, file));
  } catch (error) {
    for (const partial of partials) attempt(() => unlinkSync(partial));
    for (const folder of folders.toReversed()) attempt(() => rmdirSync(folder));
    throw error;
  }
}

/** Thrown when another process replaces the same file. */
export class FileIsBeingWritten extends Error {
  constructor(
    /** The partial file of that process. */
    readonly partial: string,
  ) {
    super(`${partial} exists`);
  }
}

/** What the new file could not take over from the old one. */
export type Lost = 'owner' | 'group' | 'mode';

/**
 * Replaces a file, which may not exist yet, in an existing folder. At any moment it contains either the old text or the
 * new one, which is on the disk before. Owner, group and mode stay, as far as this user may set them.
 *
 * @param verify runs when no other process can replace the file, right before; if it throws, nothing is changed
 * @throws FileIsBeingWritten when another process is replacing it
 */
export function replaceFile({ file, text }: FileText, verify: () => void): readonly Lost[] {
  const partial = partialOf(file);
  let lost: readonly Lost[] = [];
  try {
    withFile(file, () =>
      withPartial(partial, (descriptor) => {
        // Each of two processes sees the other's partial file or, after that, its text.
        const [other] = partialsOf(file).filter((each) => each !== partial);
        if (other !== undefined) throw new FileIsBeingWritten(other);
        verify();
        const existing = lstatSync(file, { throwIfNoEntry: false });
        if (existing) lost = takeOver(descriptor, existing);
        writeFileSync(descriptor, text);
        fsyncSync(descriptor);
      }),
    );
    withFile(file, () => renameSync(partial, file));
  } catch (error) {
    attempt(() => unlinkSync(partial));
    throw error;
  }
  attempt(() => syncFolder(dirname(file)));
  return lost;
}

/**
 * Checks that a file can be replaced, by writing as much text beside it. Removes what killed processes left there.
 *
 * @throws SystemError when it cannot
 */
export function checkReplaceable({ file, text }: FileText): void {
  removeAbandoned(dirname(file));
  if (lstatSync(file, { throwIfNoEntry: false })) accessSync(file, constants.W_OK);
  // Of another name, so that no other process takes it for a replacement.
  const partial = partialOf(`${file}.check`);
  try {
    withFile(file, () =>
      withPartial(partial, (descriptor) => {
        writeFileSync(descriptor, text);
        fsyncSync(descriptor);
      }),
    );
  } finally {
    attempt(() => unlinkSync(partial));
  }
}

/** Runs operations whose errors are about a file, whatever partial file or descriptor they name. */
function withFile(file: string, operations: () => void): void {
  try {
    operations();
  } catch (error) {
    throw withPath(error, file);
  }
}

/** Creates a partial file, which must not exist, and opens it for as long as `write` lasts. */
function withPartial(partial: string, write: (descriptor: number) => void): void {
  const descriptor = openSync(partial, 'wx');
  try {
    write(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Gives an open file the owner, group and mode of another, as far as this user may. */
function takeOver(descriptor: number, { uid, gid, mode }: Stats): Lost[] {
  attempt(() => fchownSync(descriptor, fstatSync(descriptor).uid, gid));
  attempt(() => fchownSync(descriptor, uid, gid));
  // After the owner, because that clears bits of the mode.
  attempt(() => fchmodSync(descriptor, mode & 0o7777));
  const now = fstatSync(descriptor);
  const isLost = { owner: now.uid !== uid, group: now.gid !== gid, mode: now.mode !== mode } as const;
  return (['owner', 'group', 'mode'] as const).filter((each) => isLost[each]);
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Creates a folder and those above it. Not by mkdir's own recursion, which never ends on a file system such as /proc, where
 * a folder that exists can have none in it.
 *
 * @param created gets each folder that was created
 */
function createFolder(folder: string, created: string[]): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) createFolder(dirname(folder), created);
  try {
    mkdirSync(folder);
    created.push(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
