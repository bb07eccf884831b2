import { REGISTRY_TYPE, type RequiredSecret, type SecretKey } from '../shared/contributions/secret-keys';

/**
 * Every Secret that the environment names, whatever creates it: those that pods and nodes read, and those for client
 * namespaces. Keys with the same Secret name belong to one Secret.
 */
export function requiredSecrets(namespace: string, keys: readonly SecretKey[]): RequiredSecret[] {
  const ordered = keys.toSorted((a, b) => rank(a) - rank(b));
  const secrets = new Map<string, RequiredSecret>();
  for (const { namespace: given = namespace, secret: name, key } of ordered) {
    const id = `${given}/${name}`;
    const known = [...(secrets.get(id)?.keys ?? []), key];
    // A Secret of the registry's type may contain further keys, so if both are read, it has that type.
    const isForRegistry = known.some(({ reader }) => reader === 'registry-credentials');
    secrets.set(id, { namespace: given, name, type: isForRegistry ? REGISTRY_TYPE : 'Opaque', keys: known });
  }
  return [...secrets.values()];
}

/** Order: what pods of the instance read, what only nodes read, copies in other namespaces. */
const rank = ({ key: { copies, reader } }: SecretKey): number => {
  if (copies) return 2;
  return reader === 'registry-credentials' ? 1 : 0;
};
