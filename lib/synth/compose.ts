import { ApiObject, App } from 'cdk8s';
import type { Programs } from '../components/shared/programs';
import { MlflowChart } from '../environment/mlflow-chart';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import type { Issue, LocatedIssue } from '../input/issue';
import { sortKeysDeep } from '../kubernetes/sort-keys';
import { KIND } from '../sealed-secrets/model';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { applyPatches } from './apply-patches';
import type { Manifest, OutputFile } from './manifest';
import { addedRisks, patchRisks } from './risks';
import { checkRules } from './rules';
import { withoutNulls } from './rules/nulls';
import { addObjects, OBJECTS_FILE } from './user-objects/add';
import type { AppliedSecret, UserObject } from './user-objects/user-object';

/** The output files of an environment, or the issues that prevent them. */
export interface Composition {
  readonly files: readonly OutputFile[];
  /** Each at a key of the environment, or at a position of what it has sealed or added. */
  readonly issues: readonly (Issue | LocatedIssue)[];
  /** What the patches and the objects of users open; only if there is no issue. */
  readonly warnings: readonly (Issue | LocatedIssue)[];
}

/**
 * Builds the chart of one environment, adds the objects of the user, applies the patches and checks the rules over the
 * whole set. The same environment, programs, SealedSecrets and objects give the same files, whatever the machine, the time
 * or the process environment.
 *
 * @param userObjects what the output contains besides, in the file `objects`, as Kubernetes writes it. Missing namespaces
 *   are filled in, and the labels and annotations of every object are added.
 * @param sopsSecrets the Secrets that are applied beside the output, which nothing in it may create too
 */
export function compose(
  environment: ResolvedEnvironment,
  programs: Programs,
  sealedSecrets: readonly SealedSecret[] = [],
  userObjects: readonly UserObject[] = [],
  sopsSecrets: readonly AppliedSecret[] = [],
): Composition {
  // One chart per app: the time of cdk8s is quadratic in charts. Nothing is written to outdir; we have our own writer.
  const unpatched = { ...environment, patches: [] };
  const chart = new MlflowChart(new App({ outdir: '.' }), environment.name, {
    environment: unpatched,
    programs,
    sealedSecrets,
  });
  const own = chart.node.children.map((child) => ({
    name: child.node.id,
    objects: child.node.findAll().filter(ApiObject.isApiObject).map(toManifest),
  }));
  const { added, issues: unusable } = addObjects(userObjects, objectsIn(own), environment, sopsSecrets);
  const others = added.all.map(({ manifest }) => manifest);
  const built = others.length > 0 ? [...own, { name: OBJECTS_FILE, objects: others }] : own;
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

const toManifest = (object: ApiObject): Manifest => object.toJson() as Manifest;

/** A manifest with sorted keys: patches append theirs, and cdk8s does not sort while CDK8S_DISABLE_SORT is set. */
function sortManifest({ apiVersion, kind, metadata, ...rest }: Manifest): Manifest {
  return { apiVersion, kind, metadata: sortKeysDeep(metadata), ...sortKeysDeep(rest) };
}
