import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { RequiredSecret } from '../components/shared/contributions/secret-keys';
import { instanceOf } from '../components/shared/instance';
import type { Programs } from '../components/shared/programs';
import { EnvironmentError } from '../input/issue';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { ALL, collect } from './contributions';
import type { ResolvedEnvironment } from './resolved-environment';

/** What an MLflow tracking server is created from. */
export interface MlflowChartProps {
  /** The resolved environment. */
  readonly environment: ResolvedEnvironment;
  /** The programs that run inside the pods. */
  readonly programs: Programs;
  /**
   * The environment's SealedSecrets, if Secrets have the provider `sealed`.
   *
   * @default none
   */
  readonly sealedSecrets?: readonly SealedSecret[];
}

/** The output files by name, in the order of the components, as `--only` names them. */
export const FILES: readonly string[] = ALL.flatMap(({ file }) => file ?? []);

/**
 * A whole MLflow tracking server: one construct for each component that the environment has. The rules over the whole
 * output and the patches of an environment belong to `compose`.
 *
 * @throws EnvironmentError if the environment has patches, or keys that become one, which would be lost here, or if a Secret has to be sealed and is not, or
 * the reverse.
 */
export class MlflowChart extends Chart {
  constructor(scope: Construct, id: string, { environment, programs, sealedSecrets = [] }: MlflowChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    const [patch] = environment.patches;
    if (patch) {
      const message = 'is not applied by a chart (use compose(), or addJsonPatch() of the object)';
      throw new EnvironmentError([{ path: patch.at, message }]);
    }
    refuseUnsealed(environment, sealedSecrets);
    const others = collect(environment);
    const context = { instance: instanceOf(environment), programs, sealedSecrets, others };
    for (const { file, create } of ALL) {
      if (file && create) create(this, file, environment, context);
    }
  }
}

/** A pod that reads a Secret that nothing creates would wait forever, and of two sources each overwrites the other. */
function refuseUnsealed(
  { requiredSecrets }: ResolvedEnvironment,
  sealedSecrets: readonly Pick<SealedSecret, 'namespace' | 'name'>[],
): void {
  const isGiven = ({ namespace, name }: RequiredSecret) =>
    sealedSecrets.some((each) => each.namespace === namespace && each.name === name);
  const isNeeded = ({ provider, keys }: RequiredSecret) =>
    provider === 'sealed' && keys.some(({ optional }) => !optional);
  const named = (secrets: readonly RequiredSecret[]) =>
    secrets.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  const missing = requiredSecrets.filter((secret) => isNeeded(secret) && !isGiven(secret));
  const foreign = requiredSecrets.filter((secret) => secret.provider !== 'sealed' && isGiven(secret));
  if (missing.length > 0) {
    const message = `is sealed, but sealedSecrets lacks ${named(missing)} (read them with readSealedSecrets)`;
    throw new EnvironmentError([{ path: ['secrets', 'provider'], message }]);
  }
  if (foreign.length > 0) {
    const message = `has other providers for ${named(foreign)} of sealedSecrets (remove them there)`;
    throw new EnvironmentError([{ path: ['secrets'], message }]);
  }
}
