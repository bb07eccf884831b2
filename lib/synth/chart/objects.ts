import { ApiObject, Chart, type JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { LocatedPatch, PatchOperation } from '../../components/shared/contributions/patches';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Issue } from '../../input/issue';
import { isClusterScoped } from '../../kubernetes/scope';
import { applyPatches, matches } from '../apply-patches';
import { identity, isManifest, type Manifest, type OutputFile, sortManifest } from '../manifest';
import { complete } from '../user-objects/add';
import { objectIssues } from '../user-objects/checks';
import type { UserObject } from '../user-objects/user-object';
import { orderOf } from './order';
import { plainValue } from './plain-value';

/** The objects of a chart before patches, and what prevents an object from being rendered. */
export interface ChartContents {
  /** With the patches of the environment and those written in TypeScript. */
  readonly environment: ResolvedEnvironment;
  readonly own: readonly OutputFile[];
  readonly userObjects: readonly UserObject[];
  readonly issues: readonly Issue[];
  /** Differs if anything else here does. */
  readonly fingerprint: string;
}

/** What issues call the patches of an app. */
export const PATCHES = 'addJsonPatch';

/** Renders an object as it is before patches. */
type Render = () => Manifest;

/**
 * The objects of a chart: those of the environment itself, and those of the user. Each is rendered with all that the
 * environment says of it, however an app divides its output into files.
 *
 * Patches are applied to finished objects. cdk8s applies those of `addJsonPatch` before the classes of cdk8s-plus convert
 * quantities, ports and percentages, which drops such values without a word.
 */
export class ChartObjects {
  private readonly own = new Map<ApiObject, Render>();
  private readonly written = new Set<ApiObject>();
  private readonly renderWritten = new Map<UserObject, Render>();
  private readonly added = new Map<ApiObject, Render>();
  private readonly patches: LocatedPatch[] = [];
  /** How often an object of ours was rendered. */
  private renderings = 0;

  /**
   * @param chart with the components of the environment, and nothing else
   * @param userObjects those that are plain data
   */
  constructor(
    private readonly chart: Chart,
    private readonly environment: ResolvedEnvironment,
    private readonly userObjects: readonly UserObject[],
  ) {
    for (const object of this.all()) this.own.set(object, this.adopt(object, this.renderingOnce(object)));
    this.addWritten();
  }

  /** Renders everything as it is now, and sees to it that what was added since is rendered as everything else. */
  contents(): ChartContents {
    const files = this.chart.node.children.map((child) => ({
      name: child.node.id,
      objects: child.node.findAll().flatMap((each) => this.own.get(each as ApiObject)?.() ?? []),
    }));
    const { objects, first } = orderOf(this.chart);
    const further = objects.filter((object) => !this.own.has(object) && !this.written.has(object));
    const rendered = further.map((object) => ({ ...this.render(object), isFirst: first.has(object) }));
    const written = this.userObjects.map((each) => ({
      ...each,
      manifest: this.renderWritten.get(each)?.() ?? each.manifest,
    }));
    const metadata = [...this.written].map((object) => object.metadata.toJson());
    const inner = this.innerCharts();
    return {
      environment: { ...this.environment, patches: this.allPatches() },
      own: files.filter(({ objects }) => objects.length > 0),
      userObjects: [...written, ...rendered.flatMap((each) => ('manifest' in each ? each : []))],
      issues: [...inner, ...rendered.flatMap((each) => ('manifest' in each ? [] : each))],
      fingerprint: JSON.stringify([this.renderings, this.patches, metadata, rendered, inner]),
    };
  }

  /** The objects of this chart, without those of charts inside. */
  private all(): ApiObject[] {
    return this.chart.node
      .findAll()
      .filter(ApiObject.isApiObject)
      .filter((object) => Chart.of(object) === this.chart);
  }

  /** Charts inside this one that have objects: they are in files of the app, and in none of ours. */
  private innerCharts(): Issue[] {
    const message = 'is a chart inside this one, whose objects are not checked with it (create it in the app)';
    return this.chart.node
      .findAll()
      .filter((each) => each !== this.chart && Chart.isChart(each) && each.node.findAll().some(ApiObject.isApiObject))
      .map((inner) => ({ path: this.pathOf(inner), message }));
  }

  /** The path of a construct in this chart. */
  private pathOf(construct: Construct): string[] {
    return construct.node.scopes.slice(this.chart.node.scopes.length).map(({ node }) => node.id);
  }

  private allPatches(): LocatedPatch[] {
    return [...this.environment.patches, ...this.patches];
  }

  /** Collects the patches of an object of ours instead of cdk8s, and renders it with them. */
  private adopt(object: ApiObject, render: Render): Render {
    object.addJsonPatch = (...operations) => {
      const { kind, name } = object;
      const at = [PATCHES, this.patches.length];
      const of = identity(render());
      this.patches.push({ kind, name, operations: operations.map(plainOperation), at, of });
    };
    object.toJson = () => this.patched(render());
    return render;
  }

  /** cdk8s gives the namespace of a chart to objects that are in none, too. */
  private rendering(object: ApiObject): Render {
    const render = object.toJson.bind(object) as Render;
    return () => {
      const manifest = render();
      const { namespace, ...metadata } = manifest.metadata;
      const isMisplaced = namespace === this.chart.namespace && isClusterScoped(manifest);
      return isMisplaced ? { ...manifest, metadata } : manifest;
    };
  }

  /**
   * Of an object of ours nothing changes but its metadata: cdk8s asks for it many times, because it validates the whole
   * app for each chart.
   */
  private renderingOnce(object: ApiObject): Render {
    const render = this.rendering(object);
    let known: { readonly metadata: string; readonly manifest: Manifest } | undefined;
    return () => {
      const metadata = JSON.stringify(object.metadata.toJson());
      if (known?.metadata !== metadata) {
        known = { metadata, manifest: render() };
        this.renderings += 1;
      }
      return known.manifest;
    };
  }

  /** Creates the objects that are plain data; of an invalid one only its issues are reported. */
  private addWritten(): void {
    const valid = this.userObjects.filter(({ manifest }) => objectIssues(manifest).length === 0);
    if (valid.length === 0) return;
    const scope = new Construct(this.chart, 'objects');
    for (const [index, each] of valid.entries()) {
      const { apiVersion, kind, metadata } = each.manifest as Manifest;
      const object = new ApiObject(scope, String(index), { apiVersion, kind, metadata });
      const render = withChangedMetadata(object, each.manifest as Manifest);
      this.adopt(object, () => complete(render(), this.environment));
      this.written.add(object);
      this.renderWritten.set(each, render);
    }
  }

  /** An object that a user added to the chart, or why it cannot be rendered. */
  private render(object: ApiObject): UserObject | Issue {
    const known = this.added.get(object);
    const render = known ?? this.rendering(object);
    if (!known) {
      this.added.set(object, render);
      object.toJson = () => {
        const manifest = render();
        return isManifest(manifest) ? this.patched(complete(manifest, this.environment)) : manifest;
      };
    }
    const path = this.pathOf(object);
    try {
      const manifest = render();
      JSON.stringify(manifest); // throws for what JSON cannot hold, which only the construct's own path locates
      return { manifest, path };
    } catch (error) {
      return { path, message: `cannot be rendered: ${(error as Error).message} (correct its props and patches)` };
    }
  }

  private patched(manifest: Manifest): Manifest {
    const patches = this.allPatches().filter((patch) => matches(manifest, patch));
    const [file] = applyPatches([{ name: '', objects: [manifest] }], patches).files;
    return sortManifest(file?.objects[0] ?? manifest);
  }
}

/** Renders an object that is plain data: as it was given, until something is added to its metadata. */
function withChangedMetadata(object: ApiObject, given: Manifest): Render {
  const before = JSON.stringify(object.metadata.toJson());
  return () => {
    // cdk8s gives the namespace of the chart to each object, also to those that are in none.
    const { namespace: _, ...metadata } = object.metadata.toJson();
    const isChanged = JSON.stringify(object.metadata.toJson()) !== before;
    return isChanged ? { ...given, metadata: { ...given.metadata, ...metadata } } : given;
  };
}

/** An operation as plain data. cdk8s declares this method for itself alone, and offers no other way. */
const plainOperation = (operation: JsonPatch): PatchOperation =>
  plainValue((operation as unknown as { _toJson(): PatchOperation })._toJson());
