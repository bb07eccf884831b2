import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../mlflow/resolved-environment';
import { Database } from './database';
import { instanceOf } from './instance';
import { Namespace } from './namespace';
import { NetworkPolicy } from './network-policy';
import { ObjectStore } from './object-store';
import { placementOf } from './pod';
import type { Programs } from './programs';
import { SecretGenerator } from './secret-generator';
import { Server } from './server';
import { Service } from './service';
import { claimsOf, Storage } from './storage';

/** What an MLflow tracking server is made from. */
export interface MlflowChartProps {
  /** The environment, with nothing left open. */
  readonly environment: ResolvedEnvironment;
  /** The programs that run inside the pods. */
  readonly programs: Programs;
}

/** The components in the order of their files; `--only` and file names use these words. */
export const COMPONENTS = [
  'namespace',
  'secrets',
  'database',
  'object-store',
  'deployment',
  'service',
  'storage',
  'network-policy',
] as const;

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
    const { namespace, generatedSecrets, image, service, networkPolicy, database, artifacts } = environment;
    const claims = claimsOf(environment);
    const placement = placementOf(environment);
    const component = (name: ComponentName) => name;

    if (namespace.create) new Namespace(this, component('namespace'), { instance, namespace });
    if (generatedSecrets.length > 0) {
      const program = programs.generateSecret;
      const secrets = generatedSecrets;
      new SecretGenerator(this, component('secrets'), {
        instance,
        secrets,
        image: image.reference,
        placement,
        program,
      });
    }
    if (database.embedded) {
      const settings = database.embedded;
      const initialize = programs.initializeDatabase;
      new Database(this, component('database'), { instance, database, settings, placement, initialize });
    }
    if (artifacts.embedded) {
      const { s3, embedded: settings } = artifacts;
      new ObjectStore(this, component('object-store'), { instance, s3, settings, placement });
    }
    new Server(this, component('deployment'), { instance, environment, programs });
    new Service(this, component('service'), { instance, service });
    if (claims.length > 0) new Storage(this, component('storage'), { instance, claims });
    if (networkPolicy.enabled) {
      new NetworkPolicy(this, component('network-policy'), {
        instance,
        networkPolicy,
        service,
        database,
        artifacts,
        generatedSecrets,
      });
    }
  }
}
