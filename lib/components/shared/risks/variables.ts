import type { Advice } from '../../../input/issue';
import { namesInclude } from '../contributions/reserved-variables';
import type { RiskName } from './risk';
import { CODE_VARIABLES } from './variables/code';
import { PROTECTION_VARIABLES } from './variables/protection';

/** What a variable opens. */
export interface VariableRisk extends Advice {
  readonly risk: RiskName;
}

/** What a variable with a value opens; nothing for most. */
export const variableRisks = (name: string, value: string): VariableRisk[] =>
  [...CODE_VARIABLES, ...PROTECTION_VARIABLES]
    .filter((each) => namesInclude(each.names, name) && (each.when?.(value) ?? true))
    .map(({ risk, does }) => ({ risk, what: does, fix: 'remove it' }));
