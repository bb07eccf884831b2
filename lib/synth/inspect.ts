import type { ResolvedEnvironment } from '../environment/resolved-environment';
import type { Issue, LocatedIssue } from '../input/issue';
import { KIND } from '../sealed-secrets/model';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { applyPatches } from './apply-patches';
import { type Manifest, type OutputFile, sortManifest } from './manifest';
import { addedRisks, patchRisks } from './risks';
import { checkRules } from './rules';
import { withoutNulls } from './rules/nulls';
import { addObjects, withAdded } from './user-objects/add';
import type { AppliedSecret, UserObject } from './user-objects/user-object';

/** The output files of an environment, or the issues that prevent them. */
export interface Inspection {
  readonly files: readonly OutputFile[];
  /** Each at a key of the environment, or at a position of what it has sealed or added. */
  readonly issues: readonly (Issue | LocatedIssue)[];
  /** What the patches and the objects of users open; only if there is no issue. */
  readonly warnings: readonly (Issue | LocatedIssue)[];
}

/** Everything that an output consists of, before patches. */
export interface Parts {
  /** With all patches, those written in TypeScript too. */
  readonly environment: ResolvedEnvironment;
  /** The objects of the environment itself. */
  readonly own: readonly OutputFile[];
  /** The objects of the user. */
  readonly userObjects: readonly UserObject[];
  readonly sealedSecrets: readonly SealedSecret[];
  /** The Secrets that are applied beside the output, which nothing in it may create too. */
  readonly sopsSecrets: readonly AppliedSecret[];
}

/** Adds the objects of the user, applies the patches and checks the rules over the whole set. */
export function inspect({ environment, own, userObjects, sealedSecrets, sopsSecrets }: Parts): Inspection {
  const { added, issues: unusable } = addObjects(userObjects, objectsIn(own), environment, sopsSecrets);
  const built = withAdded(own, added.all);
  const { files: patched, issues, unapplied } = applyPatches(built, environment.patches);
  const positionOf = ({ kind, metadata }: Manifest) =>
    sealedSecrets.find(
      ({ name, namespace }) => kind === KIND && name === metadata.name && namespace === metadata.namespace,
    )?.at;
  const files = patched.map(({ name, objects }) => ({ name, objects: objects.map(sortManifest) }));
  const origin = { unpatched: built, unapplied, positionOf, added };
  const violations = [...issues, ...unusable, ...checkRules(files, environment, origin)];
  // Whatever breaks a rule may be unreadable for more.
  if (violations.length > 0) return { files, issues: violations, warnings: [] };
  const finished = objectsIn(files).map(withoutNulls);
  const ofPatches = patchRisks(finished, objectsIn(built), environment);
  const ofAdded = addedRisks(finished, added, environment);
  // What a patch does to an object of a user is said at the patch alone.
  const said = new Set([...ofPatches.issues, ...ofPatches.warnings].map(({ message }) => message));
  const besides = (reported: readonly (Issue | LocatedIssue)[]) => reported.filter(({ message }) => !said.has(message));
  return {
    files,
    issues: [...ofPatches.issues, ...besides(ofAdded.issues)],
    warnings: [...ofPatches.warnings, ...besides(ofAdded.warnings)],
  };
}

const objectsIn = (files: readonly OutputFile[]) => files.flatMap(({ objects }) => objects);
