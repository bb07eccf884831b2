import { type ReportedRisks, type Risk, type RiskName, reportedRisks } from '../../components/shared/risks/risk';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { describeManifest, type Manifest } from '../manifest';
import { causeFinder, PatchedStates } from '../rules/cause';
import { podsHaveAPolicy } from '../rules/network';
import { imagesArePinned } from '../rules/pods/images';
import { hardenedPods } from '../rules/pods/security';
import { tokensNeedRights } from '../rules/pods/tokens';
import type { AdvisedRule } from '../rules/rule';
import { containerRisks } from './containers';
import { outsideServices, serversWithoutLogin } from './exposure';
import { laxNamespaces } from './namespaces';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';
import { wideBindings, wideRoles } from './permissions';
import { openPolicies } from './policies';
import { plainSecrets } from './secrets';

/** What violates a rule that a patch may break on purpose. */
const violations =
  (rule: AdvisedRule, risk: RiskName): ObjectRiskCheck =>
  (objects, environment) =>
    rule.find(objects, environment).map((violation) => ({ ...violation, risk }));

const CHECKS: readonly ObjectRiskCheck[] = [
  containerRisks,
  plainSecrets,
  serversWithoutLogin,
  outsideServices,
  openPolicies,
  laxNamespaces,
  wideRoles,
  wideBindings,
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
  const known = new Set(risksOf(unpatched).map(({ object, what }) => describe(object, what)));
  const named = (object: Manifest) => [object, unpatched[objects.indexOf(object)] ?? object];
  const causeOf = causeFinder<ObjectRisk>({
    states: new PatchedStates([{ name: '', objects: unpatched }], environment.patches),
    unapplied: new Set(),
    named,
    find: risksOf,
    describe: ({ object, what }) => describe(object, what),
  });
  const risks = risksOf(objects)
    .filter(({ object, what }) => !known.has(describe(named(object)[1] ?? object, what)))
    .map((objectRisk): Risk => {
      const { object, risk, what, fix } = objectRisk;
      return {
        path: environment.patches[causeOf(objectRisk)]?.at ?? ['patches'],
        risk,
        what: describe(object, what),
        fix,
      };
    });
  return reportedRisks(risks, environment.allow);
}

const describe = (object: Manifest, what: string) => `${describeManifest(object)} ${what}`;
