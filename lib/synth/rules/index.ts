import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { formatPath, type Issue, type LocatedIssue, type Path, type Position } from '../../input/issue';
import { describeManifest, type Manifest, type OutputFile } from '../manifest';
import { type AddedObjects, NONE_ADDED } from '../user-objects/user-object';
import {
  autoscalersScale,
  budgetsHaveOneMeasure,
  drainsEnd,
  localStateHasOnePod,
  unhealthyPodsLeave,
} from './availability';
import { causeFinder, PatchedStates } from './cause';
import { hostsAreAccepted } from './hosts';
import { jobsCanRun, jobsEnd } from './jobs';
import { podsHaveAPolicy } from './network';
import { withoutNulls } from './nulls';
import { fieldsAgree } from './objects/agreement';
import { recommendedLabels, validLabels } from './objects/labels';
import { sizesFit } from './objects/limits';
import { rightNamespaces, uniqueObjects, validNames } from './objects/names';
import { validInnerNames } from './objects/nested-names';
import { validQuotas } from './objects/quotas';
import { matchesSchema } from './objects/schema';
import { noLostCharacters, noSubstitution, nothingEmpty } from './objects/text';
import { imagesArePinned, validImages } from './pods/images';
import { portsUsedOnce, protocolsRequired } from './pods/ports';
import { serversAreProbed } from './pods/probes';
import { canonicalQuantities, requestsWithinLimits, resourcesRequired } from './pods/resources';
import { hardenedPods, podSecurity } from './pods/security';
import { tokensNeedRights } from './pods/tokens';
import { variablesExpand } from './pods/variables';
import { podsAreWhole, referencesResolve, servicePortsResolve } from './references';
import type { Rule, Violation } from './rule';
import { oneSourcePerSecret } from './secret-sources';
import { selectorsMeetTheirPods } from './selectors';

/**
 * The rules over the whole output of an environment, checked at every synth. That YAML 1.1 and 1.2 read it alike is not
 * a rule: the writer quotes each text accordingly (`render.ts`), and a property test reads its files both ways.
 */
export const RULES: readonly Rule[] = [
  matchesSchema,
  validNames,
  validInnerNames,
  validLabels,
  uniqueObjects,
  rightNamespaces,
  referencesResolve,
  oneSourcePerSecret,
  podsAreWhole,
  fieldsAgree,
  variablesExpand,
  servicePortsResolve,
  hostsAreAccepted,
  selectorsMeetTheirPods,
  podSecurity,
  hardenedPods,
  tokensNeedRights,
  validImages,
  imagesArePinned,
  podsHaveAPolicy,
  requestsWithinLimits,
  resourcesRequired,
  canonicalQuantities,
  validQuotas,
  portsUsedOnce,
  protocolsRequired,
  serversAreProbed,
  jobsCanRun,
  jobsEnd,
  autoscalersScale,
  localStateHasOnePod,
  budgetsHaveOneMeasure,
  drainsEnd,
  unhealthyPodsLeave,
  recommendedLabels,
  sizesFit,
  noSubstitution,
  noLostCharacters,
  nothingEmpty,
];

/** How the checked files came about. */
export interface Origin {
  /** The same files before the patches. @default the files themselves */
  readonly unpatched?: readonly OutputFile[];
  /**
   * Indices of patches that were not applied: of objects of their kinds only what the schema does not accept is certain,
   * because the patch may have added what another rule misses. @default none
   */
  readonly unapplied?: ReadonlySet<number>;
  /** Where an object is written, if that is not the environment file. */
  readonly positionOf?: (object: Manifest) => Position | undefined;
  /** The objects that users added. @default none */
  readonly added?: AddedObjects;
}

/**
 * All violations, as issues of the environment, located at the patch of the object if there is one, or where a user
 * wrote it. Of an object that
 * does not match its schema, nothing else is reported; for the other rules it is as it was before the patches.
 */
export function checkRules(
  files: readonly OutputFile[],
  environment: ResolvedEnvironment,
  { unpatched = files, unapplied = new Set(), positionOf, added = NONE_ADDED }: Origin = {},
): (Issue | LocatedIssue)[] {
  const states = new PatchedStates(unpatched, environment.patches);
  const unclear = new Set([...unapplied].map((index) => environment.patches[index]?.kind));
  const written = objectsOf(files);
  const before = objectsOf(unpatched);
  const mismatches = matchesSchema.check(written, environment, before, added);
  const isMismatched = written.map((given) => mismatches.some(({ object }) => object === given));
  // Before the patches an object is valid, unless it is a user's.
  const isUnusable = written.map((given, index) => isMismatched[index] && added.has(given));
  const isComplete = added.isComplete && !isUnusable.includes(true);
  const raw = written.map((object, index) => (isMismatched[index] ? (before[index] ?? object) : object));
  const readable = raw.map(withoutNulls);
  const indexOf = (object: Manifest) =>
    Math.max(...[written, raw, readable, before].map((objects) => objects.indexOf(object)));
  const named = (object: Manifest) => [object, before[indexOf(object)] ?? object];
  const issues = RULES.flatMap((rule): (Issue | LocatedIssue)[] => {
    const isSeen = (object: Manifest, index: number) =>
      !isUnusable[index] && (rule.anyKind === true || !added.isOpaque(object));
    const seen = (rule.seesNulls ? raw : readable).filter(isSeen);
    const find = (objects: readonly Manifest[]) => check(rule, objects, environment, before, added);
    const violations =
      rule === matchesSchema ? mismatches : find(seen)?.filter(({ object }) => !isMismatched[indexOf(object)]);
    const unreadable = violations ? [] : seen.filter((object) => added.has(object) && !find([object]));
    if (unreadable.length > 0) {
      return unreadable.flatMap((object): (Issue | LocatedIssue)[] => {
        const message = `is an object that rule ${rule.name} cannot read (compare it with kubectl explain)`;
        return [added.find(object)?.locate({ path: [], message }) ?? { path: [], message }];
      });
    }
    if (!violations) {
      // The schema usually says precisely what is wrong with it.
      if (mismatches.length > 0) return [];
      const message = `result in an object that rule ${rule.name} cannot read (compare it with kubectl explain)`;
      return [{ path: ['patches'], message }];
    }
    const causeOf = causeFinder<Violation>({
      states,
      unapplied,
      named,
      find: (objects) => find(objects.filter(isSeen)) ?? [],
      describe: (found) => `${describeManifest(found.object)} ${found.message}`,
    });
    return violations.flatMap((violation) => {
      const { object, others = [], message } = violation;
      if (rule !== matchesSchema && [object, ...others].some(({ kind }) => unclear.has(kind))) return [];
      const patch = causeOf(violation);
      if (patch >= 0 && rule.patched === 'allowed') return [];
      const path: Path = environment.patches[patch]?.at ?? [];
      const because = `[rule ${rule.name}: ${rule.reason}]`;
      const cause = patch >= 0 ? undefined : [object, ...others].flatMap((each) => added.find(each) ?? [])[0];
      if (cause) {
        if ((rule.added ?? rule.patched) === 'allowed' || (rule.relates && !isComplete)) return [];
        // The path of a violation is within its object, which may be another than the user's.
        const inside = (added.has(object) && violation.path) || [];
        const said = inside.length > 0 ? message.replace(`${formatPath(inside)} `, '') : message;
        const text = inside.length > 0 ? said : `${describeManifest(object)} ${said}`;
        return [cause.locate({ path: inside, message: `${text} ${because}` })];
      }
      const issue = { path, message: `${describeManifest(object)} ${message} ${because}` };
      const at = patch >= 0 ? undefined : positionOf?.(object);
      return [at ? { ...issue, at } : issue];
    });
  });
  // Of several parts with one name, each is as wrong as the others.
  return [...new Map(issues.map((issue) => [JSON.stringify([issue.path, issue.message]), issue])).values()];
}

const objectsOf = (files: readonly OutputFile[]) => files.flatMap(({ objects }) => objects);

/** The violations of a rule, or undefined if a patch or a user wrote an object that the rule cannot read. */
function check(
  rule: Rule,
  objects: readonly Manifest[],
  environment: ResolvedEnvironment,
  unpatched: readonly Manifest[],
  added: AddedObjects,
): Violation[] | undefined {
  try {
    return rule.check(objects, environment, unpatched, added);
  } catch (error) {
    if (environment.patches.length === 0 && added.all.length === 0) throw error;
    return undefined;
  }
}
