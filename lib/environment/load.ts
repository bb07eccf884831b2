import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { formatIssue, type Issue, type Path, type Position } from '../input/issue';
import {
  type DocumentIssue,
  type Located,
  mergeLocated,
  positionOf,
  readDocument,
  toPlain,
  without,
} from '../input/located-yaml';
import type { Environment } from './model';
import { type EnvironmentCheck, parseEnvironment } from './parse';

/** An environment file that was read: the environment when nothing is wrong, and the way to place further issues. */
export interface LoadedEnvironment {
  readonly environment?: Environment;
  /** One finished line for each issue, in the order of the file. */
  readonly issues: readonly string[];
  /** Places an issue that an upper layer found, as one finished line. */
  locate(issue: Issue): string;
}

const MAX_BASES = 16;

/**
 * Reads an environment file with the files that it extends, and validates the whole. Nothing that the files may hold
 * makes it throw.
 *
 * @param file path of the file; issues name it as it is given here
 * @param further what an upper layer has to check; its issues are placed and sorted with the others
 */
export function loadEnvironment(file: string, further?: EnvironmentCheck): LoadedEnvironment {
  const { root, issues } = readChain(file, []);
  const start: Position = { file, line: 1, column: 1 };
  const locate = (issue: Issue) => formatIssue(root ? positionOf(root, issue.path) : start, issue);
  if (!root || issues.length > 0) return { issues: issues.map((issue) => formatIssue(issue.at, issue)), locate };
  const parsed = parseEnvironment(toPlain(root), further);
  const placed = parsed.issues.map((issue) => ({ at: positionOf(root, issue.path), issue }));
  placed.sort(
    (a, b) =>
      Number(a.at.file > b.at.file) - Number(a.at.file < b.at.file) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column,
  );
  return { environment: parsed.environment, issues: placed.map(({ at, issue }) => formatIssue(at, issue)), locate };
}

interface Chain {
  readonly root?: Located;
  readonly issues: readonly DocumentIssue[];
  readonly unreadable?: string;
}

/** The file over what it extends, which may extend another in turn. */
function readChain(file: string, above: readonly string[]): Chain {
  const reading = readDocument(file);
  const extended = reading.root?.entries.get('extends');
  if (!reading.root || !extended) return reading;
  const own = without(reading.root, ['extends']);
  const failed = (message: string): Chain => ({
    issues: [...reading.issues, { at: extended.at, path: ['extends'] as Path, message }],
  });
  const name = toPlain(extended.value);
  if (typeof name !== 'string' || name === '') return failed('is not the path of a file (write extends: ../base.yaml)');
  const base = besides(file, name);
  const seen = [...above, resolve(file)];
  if (seen.includes(resolve(base))) return failed('leads back to this file (remove one extends)');
  if (seen.length > MAX_BASES) return failed(`goes deeper than ${MAX_BASES} files`);
  const below = readChain(base, seen);
  if (below.unreadable) return failed(`names ${base}, which ${below.unreadable}`);
  if (!below.root) return { issues: [...reading.issues, ...below.issues] };
  return { root: mergeLocated(below.root, own), issues: [...reading.issues, ...below.issues] };
}

/** A path beside `file`, relative to the working directory when `file` is. */
function besides(file: string, name: string): string {
  if (isAbsolute(name)) return name;
  const path = join(dirname(file), name);
  return isAbsolute(file) ? path : relative('.', resolve(path)) || '.';
}
