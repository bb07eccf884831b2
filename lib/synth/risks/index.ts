import { type ReportedRisks, type Risk, type RiskName, reportedRisks } from '../../components/shared/risks/risk';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { describeManifest, type Manifest } from '../manifest';
import { causeOf } from '../rules/cause';
import { podsHaveAPolicy } from '../rules/network';
import { imagesArePinned } from '../rules/pods/images';
import { hardenedPods } from '../rules/pods/security';
import { tokensNeedRights } from '../rules/pods/tokens';
import type { Rule } from '../rules/rule';
import { containerRisks } from './containers';
import { openPolicies, outsideServices, serversWithoutLogin } from './exposure';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';
import { wideRoles } from './permissions';
import { plainSecrets } from './secrets';

/** What violates a rule that a patch may break on purpose. */
const violations =
  (rule: Rule, risk: RiskName): ObjectRiskCheck =>
  (objects, environment) =>
    rule.check(objects, environment, objects).map((violation) => ({ ...violation, risk }));

const CHECKS: readonly ObjectRiskCheck[] = [
  containerRisks,
  plainSecrets,
  serversWithoutLogin,
  outsideServices,
  openPolicies,
  wideRoles,
  violations(podsHaveAPolicy, 'open-network'),
  violations(hardenedPods, 'weak-pods'),
  violations(tokensNeedRights, 'weak-pods'),
  violations(imagesArePinned, 'weak-pods'),
];

/**
 * What the patches of an environment open beyond what its keys do, which are checked before: each at the patch that is
 * its most likely cause.
 *
 * @param objects the finished objects, which violate no rule
 * @param unpatched the same objects, in the same order, before any patch
 */
export function patchRisks(
  objects: readonly Manifest[],
  unpatched: readonly Manifest[],
  environment: ResolvedEnvironment,
): ReportedRisks {
  if (environment.patches.length === 0) return { issues: [], warnings: [] };
  const risksOf = (all: readonly Manifest[]) => CHECKS.flatMap((check) => check(all, environment));
  const known = new Set(risksOf(unpatched).map(({ object, message }) => describe(object, message)));
  const named = (object: Manifest) => [object, unpatched[objects.indexOf(object)] ?? object];
  const risks = risksOf(objects)
    .filter(({ object, message }) => !known.has(describe(named(object)[1] ?? object, message)))
    .map((objectRisk): Risk => {
      const patch = Math.max(0, causeOf(objectRisk, environment.patches, new Set(), named));
      return {
        path: ['patches', patch],
        risk: objectRisk.risk,
        message: describe(objectRisk.object, objectRisk.message),
      };
    });
  return reportedRisks(risks, environment.allow);
}

const describe = (object: Manifest, message: ObjectRisk['message']) => `${describeManifest(object)} ${message}`;
