import { type Dirent, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exists } from '../../input/exists';
import { InputError } from '../../input/input-error';
import { readRegularFile } from '../../input/read-file';
import { nameIssue } from '../environment-folder';
import type { OutputFile } from '../manifest';
import { writeFiles } from './atomic-write';
import { attempt, removeAbandoned } from './partial-files';
import { fileName, MARKER, renderFile } from './render';

/** What happens to one file of the output folder. */
export interface FileChange {
  /** Relative to the output folder, as in "homelab/service.k8s.yaml". */
  readonly path: string;
  /** What writing does to it. */
  readonly action: 'create' | 'update' | 'remove' | 'keep';
  /** The current text. @default - the file does not exist */
  readonly before?: string;
  /** The new text. @default - the file is removed */
  readonly after?: string;
}

/** What an output folder should contain for one environment. */
export interface EnvironmentOutput {
  readonly name: string;
  readonly files: readonly OutputFile[];
}

/** Which part of the output folder is managed. */
export interface PlanScope {
  /** The files to write; all when it is undefined. Others are neither written nor removed. */
  readonly only?: readonly string[];
  /** Whether the files of environments that no longer exist are removed. */
  readonly all: boolean;
}

/**
 * Compares the output folder with what it should contain. Only reads. A file is removed if synth wrote it (see its
 * first line) and it is no longer part of the output; other files are never touched.
 *
 * @throws InputError when an environment has no valid name, or a file of other origin is where one of ours should be.
 */
export function planOutput(folder: string, outputs: readonly EnvironmentOutput[], scope: PlanScope): FileChange[] {
  const misnamed = outputs.flatMap(({ name }) => nameIssue(name) ?? []);
  if (misnamed.length > 0) throw new InputError(misnamed);
  const wanted = outputs.flatMap(({ name, files }) =>
    files
      .filter((file) => !scope.only || scope.only.includes(file.name))
      .map((file) => ({ path: `${name}/${fileName(file.name)}`, after: renderFile(name, file) })),
  );
  const changes = wanted.map(({ path, after }): FileChange => {
    const before = readText(join(folder, path));
    return { path, before, after, action: before === undefined ? 'create' : before === after ? 'keep' : 'update' };
  });
  const foreign = changes.filter(({ action, before }) => action === 'update' && !before?.startsWith(MARKER));
  if (foreign.length > 0) {
    throw new InputError(
      foreign.map(
        ({ path }) => `${join(folder, path)}: was not written by synth and would be overwritten (move or remove it)`,
      ),
    );
  }
  const looked = scope.all
    ? new Set([...outputs.map(({ name }) => name), ...subfolders(folder)])
    : outputs.map(({ name }) => name);
  const removed = [...looked]
    .flatMap((name) => ownFiles(folder, name))
    .filter(({ path }) => !wanted.some((file) => file.path === path))
    .filter(({ path }) => !scope.only || scope.only.some((name) => path.endsWith(`/${fileName(name)}`)));
  const removals = removed.map(({ path, before }): FileChange => ({ path, before, action: 'remove' }));
  return [...changes, ...removals].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Applies a plan. Each file contains either the old text or the new one at any moment, and none changes if they do not
 * all fit on the disk. After that, files are replaced and then removed one by one: if one of these steps fails, those
 * before it stay, so the folder contains old and new files until the next run. Also removes what killed runs left.
 *
 * @throws SystemError with the path of the file that cannot be written, replaced or removed
 */
export function writeOutput(folder: string, changes: readonly FileChange[]): void {
  for (const name of subfolders(folder)) attempt(() => removeAbandoned(join(folder, name)));
  writeFiles(
    changes.flatMap(({ path, action, after }) =>
      after === undefined || action === 'keep' ? [] : [{ file: join(folder, path), text: after }],
    ),
  );
  for (const { path, action } of changes) {
    if (action !== 'remove') continue;
    const file = join(folder, path);
    rmSync(file, { force: true });
    // Only if it is empty: rmdir fails otherwise.
    attempt(() => rmdirSync(dirname(file)));
  }
}

function ownFiles(folder: string, name: string): { path: string; before: string }[] {
  return entriesOf(join(folder, name))
    .filter((entry) => entry.name.endsWith('.k8s.yaml'))
    .flatMap((entry) => {
      const before = readText(join(folder, name, entry.name));
      return before?.startsWith(MARKER) ? [{ path: `${name}/${entry.name}`, before }] : [];
    });
}

const subfolders = (folder: string): string[] =>
  entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** What is in a folder; nothing if it does not exist. */
const entriesOf = (folder: string): Dirent[] => (exists(folder) ? readdirSync(folder, { withFileTypes: true }) : []);

/** The size of the largest file that synth writes, in bytes. A larger one is of another program. */
const MAXIMUM_OUTPUT_BYTES = 64 * 1024 * 1024;

/** The text of an output file: undefined if none exists, and empty if it cannot be one that synth wrote. */
function readText(file: string): string | undefined {
  // Not followed, because the file would replace the link.
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return '';
  const reading = readRegularFile(file, MAXIMUM_OUTPUT_BYTES);
  if ('bytes' in reading) return reading.bytes.toString();
  if (reading.reason === 'missing') return undefined;
  if (reading.error) throw reading.error;
  return '';
}
