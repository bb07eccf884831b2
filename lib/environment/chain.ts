import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { LocatedIssue, Position } from '../input/issue';
import { type Located, type LocatedMap, mergeLocated, toPlain, without } from '../input/located-yaml';
import { readTextFile } from '../input/read-text';
import { readYaml } from '../input/read-yaml';
import { type Repository, realPath } from '../input/repository';
import { ENVIRONMENT_FILE } from './environment-file';

const MAX_BASES = 16;

/** A file, alone or merged over those that it extends. */
export interface Chain {
  readonly root?: Located;
  readonly issues: readonly LocatedIssue[];
  /** Why the file could not even be opened, for the file that extends it. */
  readonly unreadable?: string;
  /** What is below the file, merged. @default it extends none */
  readonly below?: Located;
  /** The nearest environment that it extends. @default none */
  readonly extended?: ExtendedEnvironment;
}

/** The file of another environment, alone or merged over those that it extends. */
export interface ExtendedEnvironment {
  readonly file: string;
  readonly root: Located;
  /** The files between it and the one that is read, which is among them. */
  readonly above: readonly string[];
  /** Where the one that is read says what it extends. */
  readonly at: Position;
}

/**
 * The file over what it extends, which may extend another in turn. Files outside the repository are not read.
 *
 * @param above the real paths of the files that extend it
 */
export function readChain(file: string, above: readonly string[], repository: Repository): Chain {
  const reading = readDocument(file, repository);
  const extended = reading.root?.entries.get('extends');
  if (!reading.root || !extended) return reading;
  const own = without(reading.root, ['extends']);
  const failed = (message: string): Chain => ({
    issues: [...reading.issues, { at: extended.at, path: ['extends'], message }],
  });
  const name = toPlain(extended.value);
  if (typeof name !== 'string' || name === '') return failed('is not the path of a file (write extends: ../base.yaml)');
  const base = besides(file, name);
  const seen = [...above, realPath(file)];
  if (seen.includes(realPath(base))) return failed('leads back to this file (remove one extends)');
  if (seen.length > MAX_BASES) return failed(`is a chain of more than ${MAX_BASES} files (merge some of them)`);
  const below = readChain(base, seen, repository);
  if (below.unreadable) {
    const fix = below.unreadable.endsWith(')') ? '' : ' (write the path of the base file)';
    return failed(`is ${base}, which ${below.unreadable}${fix}`);
  }
  if (!below.root) return { issues: [...reading.issues, ...below.issues] };
  return {
    root: mergeLocated(below.root, own),
    issues: [...reading.issues, ...below.issues],
    below: below.root,
    extended: nearestEnvironment(base, below, below.root, { file, at: extended.at }),
  };
}

/** The nearest environment below a file that extends `base`. */
function nearestEnvironment(
  base: string,
  below: Chain,
  root: Located,
  { file, at }: { readonly file: string; readonly at: Position },
): ExtendedEnvironment | undefined {
  if (basename(base) === ENVIRONMENT_FILE) return { file: base, root, above: [file], at };
  return below.extended && { ...below.extended, above: [file, ...below.extended.above], at };
}

/** The one document of a file, which must be a map. */
function readDocument(file: string, repository: Repository): Chain & { readonly root?: LocatedMap } {
  const start: Position = { file, line: 1, column: 1 };
  const failed = (message: string, at = start) => ({ issues: [{ at, path: [], message }] });
  const reading = readTextFile(file, repository);
  if (!('text' in reading)) {
    const { message, reason } = reading;
    return { ...failed(message), unreadable: reason === 'content' ? undefined : message };
  }
  const { documents, issues } = readYaml(reading.text, file);
  if (issues.length > 0) return { issues };
  const [document, second] = documents;
  if (!document?.root) return failed('is empty (an environment needs at least database and artifacts)');
  if (second) return failed('contains more than one YAML document (keep one, and remove the --- lines)', second.at);
  if (document.root.kind !== 'map')
    return failed('is not a map of keys to values (write key: value)', document.root.at);
  return document.issues.length > 0 ? { issues: document.issues } : { root: document.root, issues: [] };
}

/** A path relative to the folder of `file`; relative to the working directory if `file` is. */
function besides(file: string, name: string): string {
  if (isAbsolute(name)) return name;
  const path = join(dirname(file), name);
  return isAbsolute(file) ? path : relative('.', resolve(path)) || '.';
}
