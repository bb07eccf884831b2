import { namesInclude } from '../contributions/reserved-variables';
import type { RiskName } from './risk';
import { CODE_VARIABLES } from './variables/code';
import { PROTECTION_VARIABLES } from './variables/protection';

/** What a variable opens. */
export interface VariableRisk {
  readonly risk: RiskName;
  /** As in "changes which code Python runs (remove it)". */
  readonly message: string;
}

/** What a variable with a value opens; nothing for most. */
export const variableRisks = (name: string, value: string): VariableRisk[] =>
  [...CODE_VARIABLES, ...PROTECTION_VARIABLES]
    .filter((each) => namesInclude(each.names, name) && (each.when?.(value) ?? true))
    .map(({ risk, does }) => ({
      risk,
      message: `${does} (remove it)`,
    }));
