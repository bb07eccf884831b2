import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../mlflow/resolved-environment';
import { instanceOf } from './instance';
import { Namespace } from './namespace';
import { NetworkPolicy } from './network-policy';
import type { Programs } from './programs';
import { Server } from './server';
import { Service } from './service';
import { Storage } from './storage';

/** What an MLflow tracking server is made from. */
export interface MlflowChartProps {
  /** The environment, with nothing left open. */
  readonly environment: ResolvedEnvironment;
  /** The programs that run inside the pods. */
  readonly programs: Programs;
}

/** The components in the order of their files; `--only` and file names use these words. */
export const COMPONENTS = ['namespace', 'deployment', 'service', 'storage', 'network-policy'] as const;

/** One component, which is one output file. */
export type ComponentName = (typeof COMPONENTS)[number];

/**
 * A whole MLflow tracking server: one construct for each component. The rules over the whole output and the patches of
 * an environment belong to `compose`.
 *
 * @throws Error when the environment has patches, which would be lost here.
 */
export class MlflowChart extends Chart {
  constructor(scope: Construct, id: string, { environment, programs }: MlflowChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    if (environment.patches.length > 0) {
      throw new Error('patches are not for a chart: use compose(), or addJsonPatch() of the object');
    }
    const instance = instanceOf(environment);
    const { namespace, service, storage, networkPolicy, database, artifacts } = environment;
    const component = (name: ComponentName) => name;

    if (namespace.create) new Namespace(this, component('namespace'), { instance, namespace });
    new Server(this, component('deployment'), { instance, environment, programs });
    new Service(this, component('service'), { instance, service });
    if (storage.data) new Storage(this, component('storage'), { instance, storage });
    if (networkPolicy.enabled) {
      new NetworkPolicy(this, component('network-policy'), { instance, networkPolicy, service, database, artifacts });
    }
  }
}
