import type { RiskName } from '../../components/shared/risks/risk';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Manifest } from '../manifest';
import type { Violation } from '../rules/rule';

/** What a finished object opens. */
export interface Finding extends Violation {
  readonly risk: RiskName;
}

/** Finds what objects open, whatever brought it about. */
export type Finder = (objects: readonly Manifest[], environment: ResolvedEnvironment) => Finding[];
