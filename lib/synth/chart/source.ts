import type { Programs } from '../../components/shared/programs';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Issue, LocatedIssue } from '../../input/issue';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';
import type { AppliedSecret, UserObject } from '../user-objects/user-object';

/** Everything that a chart is created from, read and valid. */
export interface SourceParts {
  readonly environment: ResolvedEnvironment;
  readonly programs: Programs;
  readonly sealedSecrets: readonly SealedSecret[];
  readonly userObjects: readonly UserObject[];
  readonly sopsSecrets: readonly AppliedSecret[];
  /** What is known before the chart is created, as lines. */
  readonly warnings: readonly string[];
  /** Formats an issue as one line. */
  readonly line: (issue: Issue | LocatedIssue) => string;
  /** Called with each warning. @default prints it on standard error */
  readonly warn?: (warning: string) => void;
}

/** What a chart is created from: a class, so that a chart can tell it from the keys of an environment. */
export class ChartSource {
  constructor(readonly parts: SourceParts) {}
}
