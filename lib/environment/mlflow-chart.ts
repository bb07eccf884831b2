import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { ObjectStore } from '../components/artifacts/construct';
import { Backup } from '../components/backup/construct';
import { Clients } from '../components/clients/construct';
import { Database } from '../components/database/construct';
import { GarbageCollection } from '../components/garbage-collection/construct';
import { Monitoring } from '../components/monitoring/construct';
import { Namespace } from '../components/namespace/construct';
import { NetworkPolicy } from '../components/network-policy/construct';
import { ExternalSecrets } from '../components/secrets/external/construct';
import { SecretGenerator } from '../components/secrets/generated/construct';
import { SealedSecrets } from '../components/secrets/sealed/construct';
import { Server } from '../components/server/construct';
import { Service } from '../components/service/construct';
import type { Programs } from '../components/shared/programs';
import { SmokeTest } from '../components/smoke-test/construct';
import { claimsOf, Storage, watchedClaims } from '../components/storage/construct';
import { instanceOf } from '../kubernetes/metadata';
import { placementOf } from '../kubernetes/pod';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import type { ResolvedEnvironment } from './resolved-environment';

/** What an MLflow tracking server is made from. */
export interface MlflowChartProps {
  /** The environment, with nothing left open. */
  readonly environment: ResolvedEnvironment;
  /** The programs that run inside the pods. */
  readonly programs: Programs;
  /**
   * The environment's SealedSecrets, where the provider is `sealed`.
   *
   * @default none
   */
  readonly sealedSecrets?: readonly SealedSecret[];
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
  'clients',
  'garbage-collection',
  'smoke-test',
  'backup',
  'monitoring',
] as const;

/** One component, which is one output file. */
export type ComponentName = (typeof COMPONENTS)[number];

/**
 * A whole MLflow tracking server: one construct for each component. The rules over the whole output and the patches of
 * an environment belong to `compose`.
 *
 * @throws Error when the environment has patches, which would be lost here, or when a Secret is to be sealed and is not.
 */
export class MlflowChart extends Chart {
  constructor(scope: Construct, id: string, { environment, programs, sealedSecrets = [] }: MlflowChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    if (environment.patches.length > 0) {
      throw new Error('patches are not for a chart: use compose(), or addJsonPatch() of the object');
    }
    refuseUnsealed(environment, sealedSecrets);
    const instance = instanceOf(environment);
    const { namespace, secrets, requiredSecrets, generatedSecrets, image } = environment;
    const { service, networkPolicy, database, artifacts, clients, backup, monitoring } = environment;
    const claims = claimsOf(environment);
    const placement = placementOf(environment);
    const component = (name: ComponentName) => name;

    if (namespace.create) new Namespace(this, component('namespace'), { instance, namespace });
    if (generatedSecrets.length > 0) {
      const program = programs.generateSecret;
      new SecretGenerator(this, component('secrets'), {
        instance,
        secrets: generatedSecrets,
        limitsTraffic: networkPolicy.enabled,
        image: image.reference,
        placement,
        program,
      });
    }
    if (secrets.provider === 'sealed' && sealedSecrets.length > 0) {
      new SealedSecrets(this, component('secrets'), { instance, secrets: sealedSecrets });
    }
    if (secrets.provider === 'external' && secrets.external) {
      const { external } = secrets;
      new ExternalSecrets(this, component('secrets'), { instance, external, requiredSecrets });
    }
    if (database.embedded) {
      const settings = database.embedded;
      const initialize = programs.initializeDatabase;
      new Database(this, component('database'), {
        instance,
        database,
        settings,
        placement,
        initialize,
        sealedSecrets,
      });
    }
    if (artifacts.embedded) {
      const { s3, embedded: settings } = artifacts;
      new ObjectStore(this, component('object-store'), { instance, s3, settings, placement, sealedSecrets });
    }
    new Server(this, component('deployment'), { instance, environment, programs, sealedSecrets });
    new Service(this, component('service'), { instance, service });
    if (claims.length > 0) new Storage(this, component('storage'), { instance, claims });
    if (backup) new Backup(this, component('backup'), { instance, environment, backup, programs });
    if (networkPolicy.enabled) {
      new NetworkPolicy(this, component('network-policy'), {
        instance,
        networkPolicy,
        service,
        database,
        artifacts,
        clients,
        garbageCollection: environment.garbageCollection,
        smokeTest: environment.smokeTest,
        backup,
        monitoring,
      });
    }
    if (clients.length > 0) new Clients(this, component('clients'), { instance, environment });
    if (monitoring.metrics) {
      new Monitoring(this, component('monitoring'), { instance, environment, claims: watchedClaims(environment) });
    }
    if (environment.garbageCollection) {
      const settings = environment.garbageCollection;
      new GarbageCollection(this, component('garbage-collection'), { instance, environment, programs, settings });
    }
    if (environment.smokeTest.enabled)
      new SmokeTest(this, component('smoke-test'), { instance, environment, programs });
  }
}

/** A pod that reads a Secret which nobody makes would wait for ever. */
function refuseUnsealed(
  { secrets, requiredSecrets }: ResolvedEnvironment,
  sealedSecrets: readonly Pick<SealedSecret, 'namespace' | 'name'>[],
): void {
  if (secrets.provider !== 'sealed') return;
  const isSealed = (wanted: { readonly namespace: string; readonly name: string }) =>
    sealedSecrets.some(({ namespace, name }) => namespace === wanted.namespace && name === wanted.name);
  const missing = requiredSecrets
    .filter((secret) => !isSealed(secret))
    .map(({ namespace, name }) => `${namespace}/${name}`);
  if (missing.length > 0)
    throw new Error(`sealedSecrets has no ${missing.join(', ')} (read them by readSealedSecrets)`);
}
