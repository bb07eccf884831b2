import { REGISTRY_TYPE, type RequiredSecret, type SecretKey } from '../shared/contributions/secret-keys';

/**
 * Every Secret that the environment names, whatever creates it: what pods and nodes read, and what client namespaces
 * get. Keys of one Secret name are one Secret.
 */
export function requiredSecrets(namespace: string, keys: readonly SecretKey[]): RequiredSecret[] {
  const ordered = keys.toSorted((a, b) => rank(a) - rank(b));
  const secrets = new Map<string, RequiredSecret>();
  for (const { namespace: given = namespace, secret: name, key } of ordered) {
    const id = `${given}/${name}`;
    const known = [...(secrets.get(id)?.keys ?? []), key];
    // A Secret of the registry's type may contain further keys, so where both are read, it is of that type.
    const isForRegistry = known.some(({ reader }) => reader === 'registry-credentials');
    secrets.set(id, { namespace: given, name, type: isForRegistry ? REGISTRY_TYPE : 'Opaque', keys: known });
  }
  return [...secrets.values()];
}

/** What pods of the instance read comes first, then what only nodes read, then copies in other namespaces. */
const rank = ({ key: { copies, reader } }: SecretKey): number => {
  if (copies) return 2;
  return reader === 'registry-credentials' ? 1 : 0;
};
