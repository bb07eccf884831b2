import { InputError } from '../input/input-error';
import { byPosition, type Issue, type LocatedIssue, lineBy } from '../input/issue';
import { composeEnvironment } from './compose';
import type { EnvironmentReadings } from './environments';
import type { EnvironmentOutput } from './output/writer';
import { readPrograms } from './programs';
import { withReasonsOnce } from './rules/reasons';

/** The output of an environment, with what its patches and further objects open, as formatted lines. */
export interface SynthesizedEnvironment extends EnvironmentOutput {
  readonly warnings: readonly string[];
}

/**
 * What the output of environments should be.
 *
 * @throws InputError with every issue of every environment, those that cannot be composed first.
 */
export function synthesize({ environments, issues: unread }: EnvironmentReadings): SynthesizedEnvironment[] {
  const programs = readPrograms();
  const composed = environments.map(({ name, environment, sealedSecrets, userObjects, sopsSecrets, locate }) => {
    const { files, issues, warnings } = composeEnvironment(
      environment,
      programs,
      sealedSecrets,
      userObjects,
      sopsSecrets,
    );
    const line = lineBy(locate);
    return {
      name,
      files,
      warnings: warnings.map(line),
      lines: inOrder(issues).map(line),
    };
  });
  const lines = [...unread, ...composed.flatMap((composition) => composition.lines)];
  if (lines.length > 0) throw new InputError(withReasonsOnce(lines));
  return composed.map(({ name, files, warnings }) => ({ name, files, warnings }));
}

/** Those of the environment, and behind them what has a position of its own, in the order of the files. */
function inOrder(issues: readonly (Issue | LocatedIssue)[]): (Issue | LocatedIssue)[] {
  const located = issues.flatMap((issue) => ('at' in issue ? issue : []));
  return [...issues.filter((issue) => !('at' in issue)), ...located.toSorted(byPosition)];
}
