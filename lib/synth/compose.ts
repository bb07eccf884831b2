import { ApiObject, App } from 'cdk8s';
import { MlflowChart } from '../constructs/mlflow-chart';
import type { Programs } from '../constructs/programs';
import type { Fault } from '../environment/fault';
import type { ResolvedEnvironment } from '../mlflow/resolve';
import type { Component, Manifest } from './manifest';
import { applyPatches } from './patches';
import { checkRules } from './rules';

/** What an environment becomes: the components to write, or the faults that forbid it. */
export interface Composition {
  readonly components: readonly Component[];
  readonly faults: readonly Fault[];
}

/**
 * Builds the chart of one environment, applies its patches and checks the rules over the whole set. The same
 * environment and programs give the same components, whatever the machine, the time or the process environment.
 */
export function compose(environment: ResolvedEnvironment, programs: Programs): Composition {
  // One chart an app: cdk8s' time is quadratic in charts. Nothing is written there; the writer is our own.
  const chart = new MlflowChart(new App({ outdir: '.' }), environment.name, { environment, programs });
  const built = chart.node.children.map((child) => ({
    name: child.node.id,
    objects: child.node.findAll().filter(ApiObject.isApiObject).map(toManifest),
  }));
  const { components, faults } = applyPatches(built, environment.patches);
  return { components, faults: faults.length > 0 ? faults : checkRules(components, environment) };
}

const toManifest = (object: ApiObject): Manifest => object.toJson() as Manifest;
