import type { RiskName } from '../../components/shared/risks/risk';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Manifest } from '../manifest';
import type { AdvisedViolation } from '../rules/rule';

/** A risk of a finished object. */
export interface ObjectRisk extends AdvisedViolation {
  readonly risk: RiskName;
}

/** Lists the risks of finished objects, whatever their cause. */
export type ObjectRiskCheck = (objects: readonly Manifest[], environment: ResolvedEnvironment) => ObjectRisk[];
