import type { Construct } from 'constructs';
import { Server } from '../components/server/construct';
import { Service } from '../components/service/construct';
import type { RequiredSecret } from '../components/shared/contributions/secret-keys';
import { instanceOf } from '../components/shared/instance';
import type { Programs } from '../components/shared/programs';
import { EnvironmentError } from '../input/issue';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { ALL, collect } from './contributions';
import type { ResolvedEnvironment } from './resolved-environment';

/** What the objects of an environment are created from, besides the environment. */
export interface ComponentSources {
  /** The programs that run inside the pods. */
  readonly programs: Programs;
  /** The environment's SealedSecrets; none unless Secrets have the provider `sealed`. */
  readonly sealedSecrets: readonly SealedSecret[];
}

/** The constructs that every environment has, and that others refer to. */
export interface CreatedComponents {
  readonly server: Server;
  readonly service: Service;
}

/** The output files by name, in the order of the components, as `--only` names them. */
export const FILES: readonly string[] = ALL.flatMap(({ file }) => file ?? []);

/**
 * Creates one construct for each component that the environment has, with the name of its file as its id. Patches are
 * not applied.
 *
 * @throws EnvironmentError if a Secret has to be sealed and is not, or the reverse.
 */
export function createComponents(
  scope: Construct,
  environment: ResolvedEnvironment,
  { programs, sealedSecrets }: ComponentSources,
): CreatedComponents {
  refuseUnsealed(environment, sealedSecrets);
  const others = collect(environment);
  const context = { instance: instanceOf(environment), programs, sealedSecrets, others };
  for (const { file, create } of ALL) {
    if (file && create) create(scope, file, environment, context);
  }
  return { server: only(scope, Server), service: only(scope, Service) };
}

/** The child of a class. */
function only<T extends Construct>(scope: Construct, type: abstract new (...given: never[]) => T): T {
  const found = scope.node.children.find((child): child is T => child instanceof type);
  if (!found) throw new Error(`no component created a ${type.name}`);
  return found;
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
    const message = `is sealed, but sealedSecrets lacks ${named(missing)} (add what seal or kubeseal writes)`;
    throw new EnvironmentError([{ path: ['secrets', 'provider'], message }]);
  }
  if (foreign.length > 0) {
    const message = `has other providers for ${named(foreign)} of sealedSecrets (remove them there)`;
    throw new EnvironmentError([{ path: ['secrets'], message }]);
  }
}
