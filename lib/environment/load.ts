import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { byPosition, formatIssue, formatIssues, type Issue, type LocatedIssue, type Position } from '../input/issue';
import { type Located, type LocatedMap, mergeLocated, positionOf, toPlain, without } from '../input/located-yaml';
import { readTextFile } from '../input/read-text';
import { readYaml } from '../input/read-yaml';
import { type Repository, realPath, repositoryOf } from '../input/repository';
import { ENVIRONMENT_FILE } from './environment-file';
import { evaluate } from './evaluate';
import type { ResolvedEnvironment } from './resolved-environment';
import { type Extension, type NamedPart, objectIssues, sharingWarnings } from './taken-over';

/** An environment file that was read: the environment when nothing is wrong, and the way to locate further issues. */
export interface LoadedEnvironment {
  /** The resolved environment if there is no issue. */
  readonly environment?: ResolvedEnvironment;
  /** The environment as far as it is valid, for checks of other files; undefined if nothing can be said of it. */
  readonly known?: ResolvedEnvironment;
  /** One finished line for each issue, in the order of the file. */
  readonly issues: readonly string[];
  /** One finished line for each warning; only if there is no issue. */
  readonly warnings: readonly string[];
  /** One finished line for each thing that it takes over from another environment; only if there is no issue. */
  readonly sharing: readonly string[];
  /** An issue that an upper layer found, as one finished line with its position. */
  locate(issue: Issue): string;
}

const MAX_BASES = 16;

/**
 * Reads an environment file with the files that it extends, validates the whole and resolves it. It never throws because
 * of what the files contain. Files outside the repository are not read.
 *
 * @param file path of the file; as issues should name it
 */
export function loadEnvironment(file: string): LoadedEnvironment {
  const { root, issues, extended } = readChain(file, [], repositoryOf(file));
  const start: Position = { file, line: 1, column: 1 };
  const locate = (issue: Issue) => formatIssue(root ? positionOf(root, issue.path) : start, issue);
  if (!root || issues.length > 0) return { issues: formatIssues(issues), warnings: [], sharing: [], locate };
  const { environment, known, issues: found, warnings } = evaluate(toPlain(root));
  const extension = extended && known && extensionOf(file, { root, environment: known }, extended);
  const located = [
    ...found.map((issue): LocatedIssue => ({ ...issue, at: positionOf(root, issue.path) })),
    ...(extension ? objectIssues(extension).map((issue) => ({ ...issue, at: extended.at })) : []),
  ];
  if (located.length > 0)
    return { known, issues: formatIssues(located.toSorted(byPosition)), warnings: [], sharing: [], locate };
  return {
    environment,
    known,
    issues: [],
    warnings: warnings
      .filter(({ isOfOwnFile, path }) => !isOfOwnFile || positionOf(root, path).file === file)
      .map(locate),
    sharing: extension ? sharingWarnings(extension).map(locate) : [],
    locate,
  };
}

/** A file, alone or merged over those that it extends. */
interface Chain {
  readonly root?: Located;
  readonly issues: readonly LocatedIssue[];
  /** Why the file could not even be opened, for the file that extends it. */
  readonly unreadable?: string;
  /** The nearest environment that it extends. @default none */
  readonly extended?: ExtendedEnvironment;
}

/** The file of another environment, alone or merged over those that it extends. */
interface ExtendedEnvironment {
  readonly file: string;
  readonly root: Located;
  /** The files between it and the one that is read, which is among them. */
  readonly above: readonly string[];
  /** Where the one that is read says what it extends. */
  readonly at: Position;
}

/** What an environment is to another one that it extends; undefined if nothing can be said of that. */
function extensionOf(
  file: string,
  own: Pick<NamedPart, 'root' | 'environment'>,
  { file: base, root, above }: ExtendedEnvironment,
): Extension | undefined {
  const { known } = evaluate(toPlain(root));
  if (!known) return undefined;
  const [folder, other] = [file, base].map((each) => dirname(realPath(each))) as [string, string];
  return {
    file,
    own: { ...own, name: basename(folder) },
    base: { root, environment: known, name: basename(other) },
    above,
    isBeside: folder !== other && dirname(folder) === dirname(other),
  };
}

/**
 * The file over what it extends, which may extend another in turn.
 *
 * @param above the real paths of the files that extend it
 */
function readChain(file: string, above: readonly string[], repository: Repository): Chain {
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
