import type { PatchOperation } from '../../components/shared/contributions/patches';
import type { Reference } from '../../components/shared/contributions/references';
import { isRecord } from '../../input/is-record';
import { visit } from './visit';

type Operation = PatchOperation;

/**
 * Every reference in the spec of a pod or in a part of it: variables, volumes and the sources of projected ones, the account,
 * and the Secrets for registries.
 *
 * @param keys the keys that lead to the part
 */
export function referencesIn(part: unknown, keys: readonly string[] = []): Reference[] {
  const found = referencesAt(part, keys);
  if (typeof part !== 'object' || part === null) return found;
  visit(
    part,
    (value, steps) => {
      found.push(...referencesAt(value, steps));
      return true;
    },
    [...keys],
  );
  return found;
}

/** The references that an operation of a patch sets as a whole: with the name of the object and, where one is read, the key. */
export function referencesSetBy({ op, path, value }: Operation): Reference[] {
  if (op !== 'add' && op !== 'replace') return [];
  const keys = path.split('/').slice(1);
  const [last, ...outer] = keys.toReversed();
  // A name alone is a part of what it is in.
  const isName = typeof value === 'string' && last !== undefined;
  const found = isName ? referencesIn({ [last]: value }, outer.toReversed()) : referencesIn(value, keys);
  return found.filter(({ name }) => name !== '');
}

function referencesAt(value: unknown, keys: readonly string[]): Reference[] {
  const field = keys.at(-1) ?? '';
  if (field === 'serviceAccountName') return typeof value === 'string' ? [{ kind: 'ServiceAccount', name: value }] : [];
  // A pod starts without what is optional.
  if (!isRecord(value) || value.optional === true) return [];
  const { name, key, items, secretName, claimName } = value;
  const keyed = (kind: Reference['kind']): Reference[] =>
    typeof key === 'string' ? [{ kind, name: textOf(name), key }] : [];
  switch (field) {
    case 'secretKeyRef':
      return keyed('Secret');
    case 'configMapKeyRef':
      return keyed('ConfigMap');
    case 'secretRef':
    case 'nodePublishSecretRef':
      return [{ kind: 'Secret', name: textOf(name) }];
    case 'configMapRef':
      return [{ kind: 'ConfigMap', name: textOf(name) }];
    // A volume calls it otherwise than a source of a projected one.
    case 'secret':
      return withItems('Secret', textOf(secretName ?? name), items);
    case 'configMap':
      return withItems('ConfigMap', textOf(name), items);
    case 'persistentVolumeClaim':
      return [{ kind: 'PersistentVolumeClaim', name: textOf(claimName) }];
    case 'roleRef':
      return value.kind === 'Role' ? [{ kind: 'Role', name: textOf(name) }] : [];
    default:
      return referencesInItem(value, keys.at(-2) ?? '');
  }
}

/** The references of an item of a list, whose own key is an index. */
function referencesInItem({ kind, name }: Readonly<Record<string, unknown>>, list: string): Reference[] {
  if (list === 'imagePullSecrets') return [{ kind: 'Secret', name: textOf(name) }];
  return list === 'subjects' && kind === 'ServiceAccount' ? [{ kind, name: textOf(name) }] : [];
}

function withItems(kind: 'Secret' | 'ConfigMap', name: string, items: unknown): Reference[] {
  const keys = Array.isArray(items) ? items.map((item: { readonly key?: string }) => item.key ?? '') : [];
  return keys.length > 0 ? keys.map((key) => ({ kind, name, key })) : [{ kind, name }];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
