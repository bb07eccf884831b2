import { type ReportedRisks, type Risk, type RiskName, reportedRisks } from '../../components/shared/risks/risk';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Issue, LocatedIssue } from '../../input/issue';
import { isBuiltIn } from '../../kubernetes/scope';
import { describeManifest, type Manifest } from '../manifest';
import { causeFinder, PatchedStates } from '../rules/cause';
import { podsHaveAPolicy } from '../rules/network';
import { imagesArePinned } from '../rules/pods/images';
import { hardenedPods } from '../rules/pods/security';
import { tokensNeedRights } from '../rules/pods/tokens';
import type { AdvisedRule } from '../rules/rule';
import type { AddedObjects } from '../user-objects/user-object';
import { containerRisks } from './containers';
import { spreadCredentials } from './credentials';
import { openRoutes, outsideServices, serversWithoutLogin } from './exposure';
import { mountsOverCode } from './mounts';
import { laxNamespaces } from './namespaces';
import { serversOnNodes } from './node-addresses';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';
import { wideBindings, wideRoles } from './permissions';
import { openPolicies } from './policies';
import { redirections } from './redirections';
import { plainSecrets, plainTexts } from './secrets';

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
  openRoutes,
  serversOnNodes,
  openPolicies,
  mountsOverCode,
  laxNamespaces,
  wideRoles,
  wideBindings,
  violations(podsHaveAPolicy, 'open-network'),
  violations(hardenedPods, 'weak-pods'),
  violations(tokensNeedRights, 'weak-pods'),
  violations(imagesArePinned, 'weak-pods'),
];

/** What is a risk in the objects of synth, and the purpose of one that a user writes as a whole. */
const CHECKS_OF_OURS: readonly ObjectRiskCheck[] = [...CHECKS, redirections, spreadCredentials];

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
  const risksOf = (all: readonly Manifest[]) => CHECKS_OF_OURS.flatMap((check) => check(all, environment));
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

/** Risks as they are reported, each located if its object is. */
interface LocatedRisks {
  readonly issues: readonly (Issue | LocatedIssue)[];
  readonly warnings: readonly (Issue | LocatedIssue)[];
}

/**
 * What the objects of users open: each where the object is written. Of kinds that are not known only texts are searched.
 *
 * @param objects the finished objects, which violate no rule
 */
export function addedRisks(
  objects: readonly Manifest[],
  added: AddedObjects,
  environment: ResolvedEnvironment,
): LocatedRisks {
  if (added.all.length === 0) return { issues: [], warnings: [] };
  const risksOf = (all: readonly Manifest[]) => CHECKS.flatMap((check) => check(all, environment));
  const known = new Set(
    risksOf(objects.filter((object) => !added.has(object))).map(({ object, what }) => describe(object, what)),
  );
  const found = [
    ...risksOf(objects.filter((object) => !added.isOpaque(object))),
    ...plainTexts(objects.filter((object) => added.has(object) && !isBuiltIn(object.apiVersion))),
  ].filter(({ object, what }) => !known.has(describe(object, what)));
  const reported = found.map(({ object, others = [], risk, what, fix }) => {
    const cause = [object, ...others].flatMap((each) => added.find(each) ?? [])[0];
    const { issues, warnings } = reportedRisks(
      [{ path: [], risk, what: describe(object, what), fix }],
      environment.allow,
    );
    const locate = (issue: Issue) => cause?.locate(issue) ?? issue;
    return { issues: issues.map(locate), warnings: warnings.map(locate) };
  });
  return {
    issues: reported.flatMap(({ issues }) => issues),
    warnings: reported.flatMap(({ warnings }) => warnings),
  };
}

const describe = (object: Manifest, what: string) => `${describeManifest(object)} ${what}`;
