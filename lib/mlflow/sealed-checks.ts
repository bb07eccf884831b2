import type { DocumentFault } from '../environment/document';
import type { Path, Position } from '../environment/fault';
import type { SealedSecret } from '../sealing/sealed-secret';
import type { DeepReadonly, RequiredSecret, ResolvedEnvironment } from './resolved-environment';

/** What the sealed Secrets of an environment are checked against. */
export interface SealedContext {
  /** The name that the command line knows the environment by. */
  readonly command: string;
  /** The file that holds the SealedSecrets. */
  readonly file: string;
  readonly environment: Pick<ResolvedEnvironment, 'namespace' | 'clients' | 'secrets' | 'requiredSecrets'>;
}

/** Everything by which the SealedSecrets of a file are not those that the environment needs. */
export function sealedFaults(secrets: readonly SealedSecret[], context: SealedContext): DocumentFault[] {
  return [
    ...secrets.flatMap((secret) => placementFaults(secret, context)),
    ...context.environment.requiredSecrets.flatMap((required) => requirementFaults(required, secrets, context)),
  ];
}

/** A SealedSecret in a place where nothing of this instance reads it, or with another scope than all are sealed with. */
function placementFaults(secret: SealedSecret, { environment }: SealedContext): DocumentFault[] {
  const { at, namespace, name, scope } = secret;
  const { requiredSecrets, secrets } = environment;
  const wanted = requiredSecrets.filter((required) => required.name === name).map((required) => required.namespace);
  const path: Path = ['metadata', 'namespace'];
  if (isMisplaced(secret, environment)) {
    const right = wanted[0] ?? environment.namespace.name;
    return [fault(at, path, `is ${namespace}, where nothing of this environment is (seal it for ${right})`)];
  }
  if (scope === secrets.sealed.scope) return [];
  return [
    fault(
      at,
      ['metadata', 'annotations'],
      `make it ${scope}, but secrets.sealed.scope is ${secrets.sealed.scope} (seal it with that scope, or change the setting)`,
    ),
  ];
}

const isMisplaced = ({ namespace }: SealedSecret, environment: SealedContext['environment']): boolean =>
  namespace !== environment.namespace.name && !environment.clients.some((client) => client.namespace === namespace);

/** What a Secret that the environment names lacks. */
function requirementFaults(
  required: DeepReadonly<RequiredSecret>,
  secrets: readonly SealedSecret[],
  { command, file, environment }: SealedContext,
): DocumentFault[] {
  const { namespace, name, type, keys } = required;
  const found = secrets.find((secret) => secret.namespace === namespace && secret.name === name);
  const names = [...new Set(keys.map(({ key }) => key))];
  // The name alone may stand for Secrets of two namespaces.
  const isClient = namespace !== environment.namespace.name;
  const seal = `cdk8s-mlflow seal ${command} ${isClient ? `${namespace}/` : ''}${name}`;
  // What lies in the wrong place has a fault of its own, which says where it belongs.
  if (!found && secrets.some((secret) => secret.name === name && isMisplaced(secret, environment))) return [];
  if (!found) {
    const message = `SealedSecret ${namespace}/${name} is missing, with ${names.join(', ')} (${seal})`;
    return [fault({ file, line: 1, column: 1 }, [], message)];
  }
  const { at, encryptedData, template } = found;
  const given = template.type?.value ?? 'Opaque';
  return [
    ...names
      .filter((key) => !encryptedData.has(key) && !template.data.has(key))
      .map((key) => fault(at, ['spec', 'encryptedData', key], `is missing in SealedSecret ${name} (${seal} ${key})`)),
    ...(given === type
      ? []
      : [
          fault(
            template.type?.at ?? at,
            ['spec', 'template', 'type'],
            `is ${given}, but what reads Secret ${name} takes only ${type} (write that)`,
          ),
        ]),
  ];
}

const fault = (at: Position, path: Path, message: string): DocumentFault => ({ at, path, message });
