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
import type { Finder, Finding } from './finding';
import { wideRoles } from './permissions';
import { plainSecrets } from './secrets';

/** What violates a rule that a patch may break on purpose. */
const violations =
  (rule: Rule, risk: RiskName): Finder =>
  (objects, environment) =>
    rule.check(objects, environment, objects).map((violation) => ({ ...violation, risk }));

const FINDERS: readonly Finder[] = [
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
 * What the patches of an environment open beyond what its keys do, which are judged before: each at the patch that most
 * likely brings it about.
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
  const find = (all: readonly Manifest[]) => FINDERS.flatMap((finder) => finder(all, environment));
  const known = new Set(find(unpatched).map(({ object, message }) => describe(object, message)));
  const named = (object: Manifest) => [object, unpatched[objects.indexOf(object)] ?? object];
  const risks = find(objects)
    .filter(({ object, message }) => !known.has(describe(named(object)[1] ?? object, message)))
    .map((finding): Risk => {
      const patch = Math.max(0, causeOf(finding, environment.patches, new Set(), named));
      return { path: ['patches', patch], risk: finding.risk, message: describe(finding.object, finding.message) };
    });
  return reportedRisks(risks, environment.allow);
}

const describe = (object: Manifest, message: Finding['message']) => `${describeManifest(object)} ${message}`;
