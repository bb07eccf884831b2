import { type Issue, violatedChecks } from '../../../input/issue';
import type { GeneratedValue, RequiredSecret, SecretPurpose } from '../../shared/contributions/secret-keys';
import type { Secrets } from '../resolve';

/** A key of a Secret in another namespace that gets the value of one of ours. */
export interface SecretCopy {
  readonly namespace: string;
  readonly name: string;
  /** The key of our Secret, by the key of the copy. */
  readonly keys: Readonly<Record<string, string>>;
}

/** A Secret that a Job in the cluster creates when it is missing, with the copies of it for the namespaces of clients. */
export interface GeneratedSecret {
  readonly name: string;
  readonly purpose: SecretPurpose;
  readonly values: Readonly<Record<string, GeneratedValue>>;
  /** The keys that pods start without, which an existing Secret may lack. */
  readonly optional: readonly string[];
  readonly copies: readonly SecretCopy[];
}

/** Name of the account of the Jobs that create Secrets, and of their other objects. */
export const secretGeneratorName = (instance: string): string => `${instance}-secret-generator`;

/** The Secrets to generate: all that no external system needs to know, and their copies. */
export function generatedSecrets(required: readonly RequiredSecret[]): GeneratedSecret[] {
  return required.flatMap(({ name, provider, keys }) => {
    if (provider !== 'generated') return [];
    const values = keys.flatMap(({ key, generated }) => (generated ? [[key, generated] as const] : []));
    const first = keys.find(({ generated }) => generated);
    if (!first) return [];
    const optional = keys.flatMap((each) => (each.optional && each.generated ? [each.key] : []));
    return [
      { name, purpose: first.purpose, values: Object.fromEntries(values), optional, copies: copiesOf(name, required) },
    ];
  });
}

/** The Secrets of other namespaces that have values of one of ours. */
function copiesOf(source: string, required: readonly RequiredSecret[]): SecretCopy[] {
  return required.flatMap(({ namespace, name, keys }) => {
    const copied = keys.flatMap(({ key, copies }) => (copies?.secret === source ? [[key, copies.key] as const] : []));
    return copied.length > 0 ? [{ namespace, name, keys: Object.fromEntries(copied) }] : [];
  });
}

/** The sections that say which Secrets are generated. */
export interface GeneratedSections {
  readonly generatedSecrets: readonly GeneratedSecret[];
  readonly namespace: { readonly name: string };
}

/** Whether a Job creates a Secret: with the provider `generated`, not the credentials of an external system. */
export const isGenerated = (
  { namespace, name }: Pick<RequiredSecret, 'namespace' | 'name'>,
  { generatedSecrets, namespace: own }: GeneratedSections,
): boolean =>
  generatedSecrets.some(
    (secret) =>
      (namespace === own.name && secret.name === name) ||
      secret.copies.some((copy) => copy.namespace === namespace && copy.name === name),
  );

/** The sections that name Secrets, and the Secrets themselves. */
export interface SecretSections {
  readonly secrets: Secrets;
  readonly requiredSecrets: readonly RequiredSecret[];
}

/** Names of Secrets and keys that conflict. */
export function secretIssues({ requiredSecrets }: Pick<SecretSections, 'requiredSecrets'>): Issue[] {
  // An external system may well use one value for two purposes.
  const own = requiredSecrets.filter(({ provider }) => provider !== 'existing');
  return violatedChecks(
    own.flatMap(({ name: secret, provider, keys }) =>
      keys.flatMap(({ section, keyName, key, reader, generated, copies }, index) => [
        {
          path: [...section, keyName],
          // The keys of a copy have fixed names; a duplicate client is an issue of its own.
          violated: copies === undefined && keys.slice(0, index).some((other) => other.key === key),
          message: `is ${key}, which already has another value in Secret ${secret} (use another key)`,
        },
        {
          path: [...section, reader === 'registry-credentials' ? keyName : 'secret'],
          // Reported once, at its first key.
          violated:
            provider === 'generated' &&
            generated === undefined &&
            !keys.slice(0, index).some((other) => other.section.join() === section.join()) &&
            keys.some((other) => other.generated !== undefined),
          message: `is ${secret}, a generated Secret, which cannot contain credentials of an external system (use another Secret)`,
        },
      ]),
    ),
  );
}

/** The systems whose credentials cannot be generated. */
const EXTERNAL: Readonly<Partial<Record<SecretPurpose, string>>> = {
  database: 'your PostgreSQL',
  'object-store': 'your object store',
  backup: 'the backup store',
  provider: 'the OpenID provider',
  registry: 'the registry',
};

/** The Secrets that you must still create although Secrets are generated. */
export function secretWarnings({ secrets, requiredSecrets }: SecretSections): Issue[] {
  return ungenerated(requiredSecrets)
    .filter(({ name }) => !isOverridden(secrets, name))
    .map(({ name, system }) => ({
      path: ['secrets', 'provider'],
      message: `is generated, which cannot provide the credentials of ${system}; pods wait until you create Secret ${name}`,
    }));
}

/** Secrets that are to be generated by their own override, and that cannot. */
export function overrideIssues({ secrets, requiredSecrets }: SecretSections): Issue[] {
  return ungenerated(requiredSecrets)
    .filter(({ name }) => isOverridden(secrets, name))
    .map(({ name, system }) => ({
      path: ['secrets', 'overrides', name, 'provider'],
      message: `is generated, which cannot provide the credentials of ${system} (use existing, sealed or external)`,
    }));
}

const isOverridden = ({ overrides }: Secrets, name: string): boolean => Object.hasOwn(overrides, name);

/** Secrets with the provider `generated` whose values only another system knows. */
function ungenerated(required: readonly RequiredSecret[]): { readonly name: string; readonly system?: string }[] {
  return required.flatMap(({ name, provider, keys }) => {
    const known = keys.find(({ generated, copies }) => generated === undefined && copies === undefined);
    if (provider !== 'generated' || !known || keys.some(({ generated }) => generated)) return [];
    return [{ name, system: EXTERNAL[known.purpose] }];
  });
}
