import { formatPath, type Issue } from '../input/issue';
import { type Located, positionOf } from '../input/located-yaml';
import { environmentName } from './environment-file';

/** An environment with the values of the files that it extends. */
export interface Merged {
  /** The path of its own file. */
  readonly file: string;
  readonly root: Located;
}

/**
 * The issue of a value that another file contains, with the environment that has it and where to set it: that file may be
 * right for the environment that it is of.
 *
 * @param isOfBase whether that file has the issue without this environment; undefined if only its output would tell
 */
export function withEnvironment(
  issue: Issue,
  { file, root }: Merged,
  isOfBase: (issue: Issue) => boolean | undefined,
): Issue {
  if (issue.path.length === 0 || positionOf(root, issue.path).file === file) return issue;
  const isWrongThere = isOfBase(issue);
  if (isWrongThere) return issue;
  const set = `set ${formatPath(replaceable(issue.path))} in ${file}, where null removes it`;
  const fix = isWrongThere === undefined ? `fix it here, or if it is right for other environments, ${set}` : set;
  return {
    ...issue,
    message: `${issue.message} [in environment ${environmentName(file)}, which extends this file: ${fix}]`,
  };
}

/** The part of a path that a file which extends another can set: a list only as a whole. */
function replaceable(path: Issue['path']): Issue['path'] {
  const index = path.findIndex((step) => typeof step === 'number');
  return index < 0 ? path : path.slice(0, index);
}
