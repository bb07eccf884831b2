import type { Issue } from '../../../input/issue';
import { type RequiredKey, type RequiredSecret, sourceOf } from '../../shared/contributions/secret-keys';
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

/** A Secret with the location of each of its values. */
export interface ExternalSecretSource extends Pick<RequiredSecret, 'namespace' | 'name' | 'type'> {
  readonly store: External['store'];
  readonly values: readonly { readonly secretKey: string; readonly remote: RemoteReference }[];
}

/** Every Secret that the operator creates. */
export function externalSecrets(external: External, required: readonly RequiredSecret[]): ExternalSecretSource[] {
  return required.filter(isExternal).flatMap((secret) => {
    const { namespace, name, type, keys } = secret;
    const values = keys
      .filter((key) => !key.optional || isLocated(external, name, key))
      .map((key) => ({ secretKey: key.key, remote: remoteReference(external, name, key) }));
    return values.length > 0 ? [{ namespace, name, type, store: storeOf(external, secret), values }] : [];
  });
}

const isExternal = ({ provider }: RequiredSecret): boolean => provider === 'external';

/** The store that has the values of a Secret. For a copy, that of the user's own Secret. */
export function storeOf({ store, remote }: External, secret: RequiredSecret): External['store'] {
  const source = sourceOf(secret);
  return (Object.hasOwn(remote, source) ? remote[source]?.store : undefined) ?? store;
}

/** The operator creates nothing if the store lacks one value, so an optional key is read only if it is set where it is. */
function isLocated({ remote }: External, secret: string, { key }: RequiredKey): boolean {
  const of = Object.hasOwn(remote, secret) ? remote[secret] : undefined;
  return of !== undefined && Object.hasOwn(of.keys, key);
}

/** Optional keys that pods get along without, but should have. */
export function externalWarnings({ secrets: { external }, requiredSecrets }: SecretSections): Issue[] {
  if (!external) return [];
  return requiredSecrets.filter(isExternal).flatMap(({ name, keys }) =>
    keys
      .filter((key) => key.optional?.without && !isLocated(external, name, key))
      .map(({ key, optional }) => ({
        path: ['secrets', 'external'],
        message: `reads no ${key} for Secret ${name}, so ${optional?.without} (put it into the store, and set secrets.external.remote.${name}.keys.${key}: {})`,
      })),
  );
}
