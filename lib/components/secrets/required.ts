import { REGISTRY_TYPE, type RequiredSecret, type SecretKey } from '../shared/contributions/secret-keys';
import { providerOf } from './provider';
import type { Secrets } from './resolve';

/**
 * Every Secret that the environment names, whatever creates it: those that pods and nodes read, and those for client
 * namespaces. Keys with the same Secret name belong to one Secret, which has one provider. A copy has that of its source,
 * because another one would not know the value.
 */
export function requiredSecrets(
  namespace: string,
  keys: readonly SecretKey[],
  settings: Pick<Secrets, 'provider' | 'overrides'>,
): RequiredSecret[] {
  const ordered = keys.toSorted((a, b) => rank(a) - rank(b));
  const secrets = new Map<string, RequiredSecret>();
  for (const { namespace: given = namespace, secret: name, key } of ordered) {
    const id = `${given}/${name}`;
    const known = [...(secrets.get(id)?.keys ?? []), key];
    // A Secret of the registry's type may contain further keys, so if both are read, it has that type.
    const isForRegistry = known.some(({ reader }) => reader === 'registry-credentials');
    const type = isForRegistry ? REGISTRY_TYPE : 'Opaque';
    secrets.set(id, {
      namespace: given,
      name,
      type,
      provider: providerOf(settings, key.copies?.secret ?? name),
      keys: known,
    });
  }
  return [...secrets.values()];
}

/** Order: what pods of the instance read, what only nodes read, copies in other namespaces. */
const rank = ({ key: { copies, reader } }: SecretKey): number => {
  if (copies) return 2;
  return reader === 'registry-credentials' ? 1 : 0;
};
