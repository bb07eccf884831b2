import { dirname, resolve } from 'node:path';
import { byPosition, formatIssue, formatIssues, type Issue, type LocatedIssue, type Position } from '../input/issue';
import { type Located, positionOf, toPlain } from '../input/located-yaml';
import { realPath, repositoryOf } from '../input/repository';
import { type ExtendedEnvironment, readChain } from './chain';
import { environmentName } from './environment-file';
import { type Evaluation, evaluate } from './evaluate';
import { withEnvironment } from './inherited';
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
  /** The same, with the name of the environment if another file contains the value. */
  describe(issue: Issue): string;
}

/**
 * Reads an environment file with the files that it extends, validates the whole and resolves it. It never throws because
 * of what the files contain. Files outside the repository are not read.
 *
 * @param file path of the file; as issues should name it
 */
export function loadEnvironment(file: string): LoadedEnvironment {
  const { root, issues, below, extended } = readChain(file, [], repositoryOf(file));
  const start: Position = { file, line: 1, column: 1 };
  const locate = (issue: Issue) => formatIssue(root ? positionOf(root, issue.path) : start, issue);
  const none = { issues: formatIssues(issues), warnings: [], sharing: [], locate, describe: locate };
  if (!root || issues.length > 0) return none;
  const { environment, known, issues: found, warnings } = evaluate(toPlain(root));
  const evaluationOf = remembered();
  const isOfBase = issuesOf(() => (below ? evaluationOf(below) : { issues: [], warnings: [] }));
  const withName = (issue: Issue) => withEnvironment(issue, { file, root }, isOfBase);
  // An upper layer finds it in the output, which the other file has none of here.
  const describe = (issue: Issue) => locate(withEnvironment(issue, { file, root }, () => undefined));
  const extension =
    extended && known && extensionOf(file, { root, environment: known }, extended, evaluationOf(extended.root).known);
  const located = [
    ...found.map((issue): LocatedIssue => ({ ...withName(issue), at: positionOf(root, issue.path) })),
    ...(extension ? objectIssues(extension).map((issue) => ({ ...issue, at: extended.at })) : []),
  ];
  if (located.length > 0) return { ...none, known, issues: formatIssues(located.toSorted(byPosition)), describe };
  return {
    ...none,
    environment,
    known,
    warnings: warnings
      .filter(({ isOfOwnFile, path }) => !isOfOwnFile || positionOf(root, path).file === file)
      .map((issue) => locate(withName(issue))),
    sharing: extension ? sharingWarnings(extension).map(locate) : [],
    describe,
  };
}

/** Evaluates what a file extends, once: the environment that it extends is often all of it. */
function remembered(): (root: Located) => Evaluation {
  const known = new Map<Located, Evaluation>();
  return (root) => {
    const evaluation = known.get(root) ?? evaluate(toPlain(root));
    known.set(root, evaluation);
    return evaluation;
  };
}

/** Whether what a file extends has an issue or a warning by itself. It is evaluated when the first one is asked for. */
function issuesOf(evaluateBelow: () => Evaluation): (issue: Issue) => boolean {
  let known: Set<string> | undefined;
  const identify = ({ path, message }: Issue) => JSON.stringify([path, message]);
  return (issue) => {
    if (!known) {
      const { issues, warnings } = evaluateBelow();
      known = new Set([...issues, ...warnings].map(identify));
    }
    return known.has(identify(issue));
  };
}

/** What an environment is to another one that it extends; undefined if nothing can be said of that. */
function extensionOf(
  file: string,
  own: Pick<NamedPart, 'root' | 'environment'>,
  { file: base, root, above }: ExtendedEnvironment,
  environment: ResolvedEnvironment | undefined,
): Extension | undefined {
  if (!environment) return undefined;
  return {
    file,
    own: { ...own, name: environmentName(file) },
    base: { root, environment, name: environmentName(base) },
    above,
    // A folder that is a link has an output by its own name, and one that is reached by a link may be beside after all.
    isBeside: [resolve, realPath].some((find) => areBeside(dirname(find(file)), dirname(find(base)))),
  };
}

const areBeside = (one: string, other: string): boolean => one !== other && dirname(one) === dirname(other);
