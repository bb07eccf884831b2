import { nearest } from '../../../input/did-you-mean';
import type { Issue } from '../../../input/issue';
import type { RequiredKey, RequiredSecret } from '../../shared/contributions/secret-keys';
import type { SecretSections } from '../generated/generated';
import type { Secrets } from '../resolve';

/** The settings of the External Secrets operator. */
export type External = NonNullable<Secrets['external']>;

/** The location of a value in an external store. */
export interface RemoteReference {
  readonly key: string;
  readonly property?: string;
  readonly version?: string;
}

/** The location of the value of a key, as the environment sets it. For a copy, that of the user's own Secret. */
export function remoteReference(
  { prefix, remote }: External,
  secret: string,
  { key, copies }: RequiredKey,
): RemoteReference {
  const [name, property] = copies ? [copies.secret, copies.key] : [secret, key];
  const of = Object.hasOwn(remote, name) ? remote[name] : undefined;
  const entry = of && Object.hasOwn(of.keys, property) ? of.keys[property] : undefined;
  return {
    key: entry?.key ?? of?.key ?? `${prefix}${name}`,
    // A secret that is set for a single key usually contains nothing else.
    // Several stores read a leading dot as a path step.
    property: entry?.property ?? (entry?.key === undefined ? property.replace(/^\./, '') : undefined),
    version: entry?.version ?? of?.version,
  };
}

/** Entries for Secrets and keys that the environment does not use: most likely typing errors. */
export function externalIssues({
  secrets: { external },
  requiredSecrets,
  namespace,
}: {
  readonly secrets: Secrets;
  readonly requiredSecrets: readonly RequiredSecret[];
  readonly namespace: { readonly name: string };
}): Issue[] {
  const own = requiredSecrets.filter((secret) => secret.namespace === namespace.name);
  return Object.entries(external?.remote ?? {}).flatMap(([name, { keys }]) => {
    const path = ['secrets', 'external', 'remote', name];
    const secret = own.find((each) => each.name === name);
    if (!secret)
      return [
        unknown(
          path,
          'is not a Secret of this environment',
          name,
          own.map((each) => each.name),
        ),
      ];
    const known = secret.keys.map(({ key }) => key);
    return Object.keys(keys)
      .filter((key) => !known.includes(key))
      .map((key) =>
        unknown([...path, 'keys', key], `is not a key of Secret ${name} that the environment uses`, key, known),
      );
  });
}

function unknown(path: Issue['path'], message: string, given: string, known: readonly string[]): Issue {
  const meant = nearest(given, known);
  // Any section may name a Secret.
  return {
    path,
    dependsOn: [[]],
    message: `${message} (${meant ? `did you mean ${meant}?` : `available: ${known.join(', ')}`})`,
  };
}

/** A Secret with the location of each of its values. */
export interface ExternalSecretSource extends Pick<RequiredSecret, 'namespace' | 'name' | 'type'> {
  readonly values: readonly { readonly secretKey: string; readonly remote: RemoteReference }[];
}

/** Every Secret that the operator creates. */
export function externalSecrets(external: External, required: readonly RequiredSecret[]): ExternalSecretSource[] {
  return required.flatMap(({ namespace, name, type, keys }) => {
    const values = keys
      .filter((key) => !key.optional || isLocated(external, name, key))
      .map((key) => ({ secretKey: key.key, remote: remoteReference(external, name, key) }));
    return values.length > 0 ? [{ namespace, name, type, values }] : [];
  });
}

/** The operator creates nothing if the store lacks one value, so an optional key is read only if it is set where it is. */
function isLocated({ remote }: External, secret: string, { key }: RequiredKey): boolean {
  const of = Object.hasOwn(remote, secret) ? remote[secret] : undefined;
  return of !== undefined && Object.hasOwn(of.keys, key);
}

/** Optional keys that pods get along without, but should have. */
export function externalWarnings({ secrets: { external }, requiredSecrets }: SecretSections): Issue[] {
  if (!external) return [];
  return requiredSecrets.flatMap(({ name, keys }) =>
    keys
      .filter((key) => key.optional?.without && !isLocated(external, name, key))
      .map(({ key, optional }) => ({
        path: ['secrets', 'external'],
        message: `reads no ${key} for Secret ${name}, so ${optional?.without} (put it into the store, and set secrets.external.remote.${name}.keys.${key}: {})`,
      })),
  );
}
