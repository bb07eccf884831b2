import type { Advice } from '../../../input/issue';
import { namesInclude } from '../contributions/reserved-variables';
import type { RiskName } from './risk';
import { CODE_VARIABLES } from './variables/code';
import { PROTECTION_VARIABLES } from './variables/protection';
import { isEmpty, type RiskyVariables } from './variables/risky-variables';

/** What a variable opens. */
export interface VariableRisk extends Advice {
  readonly risk: RiskName;
}

/**
 * What a variable with a value opens; nothing for most.
 *
 * @param value undefined if it is in an object that synth does not see, and may be any
 */
export const variableRisks = (name: string, value: string | undefined): VariableRisk[] =>
  [...CODE_VARIABLES, ...PROTECTION_VARIABLES]
    .filter(
      ({ names, when }) =>
        namesInclude(names, name) && (value === undefined ? isOpened(when) : (when?.(value) ?? true)),
    )
    .map(({ risk, does, when }) =>
      value === undefined && when
        ? { risk, what: `${does}, depending on a value that synth does not see`, fix: 'write the value itself' }
        : { risk, what: does, fix: 'remove it' },
    );

/** Whether a variable opens something when a value is set that is not empty. */
const isOpened = (when: RiskyVariables['when']): boolean => when !== isEmpty;
