import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT_FILE } from '../../environment/environment-file';
import { byPosition, formatIssues, type LocatedIssue, type Path } from '../../input/issue';
import { entryAt, type Located, positionOf, toPlain } from '../../input/located-yaml';
import { readTextFile } from '../../input/read-text';
import { readYaml } from '../../input/read-yaml';
import { type Repository, repositoryOf } from '../../input/repository';
import { isSystemError, systemReason } from '../../input/system-error';
import { objectsIn } from '../../sealed-secrets/file';
import type { UserObject } from './user-object';

/** The folder of further objects within an environment's folder. */
export const OBJECTS_FOLDER = 'objects';

/** More files than anyone reads in a review. */
const MOST_FILES = 200;

/** The objects of a folder, or why they cannot be read, as formatted lines. */
export interface ObjectsReading {
  readonly objects: readonly UserObject[];
  readonly issues: readonly string[];
}

/**
 * Reads the further objects of an environment: every document of every `objects/*.yaml`, in the order of the files'
 * names. Nothing if there is no such folder. Never throws for what may be in it.
 *
 * @param folder the folder of the environment
 * @param name the folder of the objects within it
 */
export function readObjects(folder: string, name = OBJECTS_FOLDER): ObjectsReading {
  const inside = join(folder, name);
  if (isAbsent(inside)) return { objects: [], issues: [] };
  const repository = repositoryOf(join(folder, ENVIRONMENT_FILE));
  const listed = list(inside);
  const readings = listed.files.map((file) => readFile(file, repository));
  const located = readings.flatMap((reading) => reading.issues).toSorted(byPosition);
  return {
    objects: readings.flatMap((reading) => reading.objects),
    issues: [...listed.issues, ...formatIssues(located)],
  };
}

/** Whether nothing is under a path, or what hides it hides the environment file beside it too, which is reported. */
function isAbsent(path: string): boolean {
  try {
    lstatSync(path);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** The files of a folder, and what is in it that would be forgotten. */
function list(folder: string): { readonly files: readonly string[]; readonly issues: readonly string[] } {
  const failed = (message: string) => ({ files: [], issues: [`${folder}: ${message}`] });
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const files = entries.filter(({ name }) => name.endsWith('.yaml'));
    if (files.length > MOST_FILES) return failed(`has more than ${MOST_FILES} files (put several objects into one)`);
    const issues = entries.flatMap((entry) => {
      if (files.includes(entry)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return [`${path}: is a folder, which is not read (move its files up)`];
      if (!/\.(ya?ml|json)$/i.test(entry.name)) return [];
      return [`${path}: is not read (rename it to ${entry.name.replace(/\.\w+$/, '')}.yaml)`];
    });
    return { files: files.map(({ name }) => join(folder, name)), issues };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return failed(error.code === 'ENOTDIR' ? 'is not a folder (make it one, with YAML files)' : systemReason(error));
  }
}

interface FileReading {
  readonly objects: readonly UserObject[];
  readonly issues: readonly LocatedIssue[];
}

function readFile(file: string, repository: Repository): FileReading {
  const reading = readTextFile(file, repository);
  if (!('text' in reading)) {
    return { objects: [], issues: [{ at: { file, line: 1, column: 1 }, path: [], message: reading.message }] };
  }
  const { documents, issues } = readYaml(reading.text, file);
  const objects = documents.flatMap((document) =>
    objectsIn(document).map(({ root, path }) => {
      const at = (inside: Path) => ({ at: positionInside(root, inside), path: [...path, ...inside] });
      return { manifest: toPlain(root), at };
    }),
  );
  return { objects, issues: [...issues, ...documents.flatMap((document) => document.issues)] };
}

/** Where a value is written; of one that a rule found in the object as a whole, where its name is. */
const positionInside = (root: Located, path: Path) =>
  path.length === 0 && entryAt(root, ['metadata', 'name'])
    ? positionOf(root, ['metadata', 'name'])
    : positionOf(root, path);
