/** An object that another one names, with the key that it needs of it. */
export interface Reference {
  readonly kind: 'Secret' | 'ConfigMap' | 'ServiceAccount' | 'PersistentVolumeClaim' | 'Role';
  readonly name: string;
  readonly key?: string;
}

/** A ConfigMap or Secret as a section names it: one of the two. */
export interface ObjectSource {
  readonly configMap?: string;
  readonly secret?: string;
}

/**
 * The reference to a source.
 *
 * @param key the key that is read; all keys if undefined
 */
export function sourceReferences({ configMap, secret }: ObjectSource, key?: string): Reference[] {
  if (secret) return [{ kind: 'Secret', name: secret, key }];
  return configMap ? [{ kind: 'ConfigMap', name: configMap, key }] : [];
}
