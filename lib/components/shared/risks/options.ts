import { variablesOf } from '../../../mlflow/options';
import { type VariableRisk, variableRisks } from './variables';

/** What an option of `mlflow server` opens with a value, as its variable does; `true` for an option without one. */
export function optionRisks(name: string, value: string): VariableRisk[] {
  const [variable] = variablesOf(name);
  return variable === undefined ? [] : variableRisks(variable, value);
}
