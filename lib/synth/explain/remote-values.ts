import type { Manifest, OutputFile } from '../manifest';
import { secretMadeBy } from '../rules/secret-sources';

/** The fields of an ExternalSecret that say where values are. */
interface Remote {
  readonly secretStoreRef?: { readonly kind?: string; readonly name?: string };
  readonly data?: readonly {
    readonly secretKey: string;
    readonly remoteRef?: { readonly key?: string; readonly property?: string; readonly version?: string };
  }[];
}

/** Where the value of each key of a Secret is in an external store, as the finished objects say: by Secret and key. */
export function remoteValues(files: readonly OutputFile[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const object of files.flatMap(({ objects }) => objects)) {
    const made = object.kind === 'ExternalSecret' ? secretMadeBy(object) : undefined;
    if (!made) continue;
    const id = `${object.metadata.namespace}/${made.name}`;
    found.set(id, new Map([...(found.get(id) ?? []), ...valuesOf(object)]));
  }
  return found;
}

const valuesOf = ({ spec }: Manifest): (readonly [string, string])[] =>
  ((spec ?? {}) as Remote).data?.map(({ secretKey, remoteRef: { key, property, version } = {} }) => {
    const of = [
      ...(property === undefined ? [] : [`property ${property}`]),
      ...(version === undefined ? [] : [`version ${version}`]),
    ];
    return [secretKey, `in ${[key, ...of].join(', ')}`] as const;
  }) ?? [];

/** The store that an ExternalSecret reads. */
export function storeNamedBy({ kind, spec }: Manifest): { readonly kind: string; readonly name: string } | undefined {
  if (kind !== 'ExternalSecret') return undefined;
  const { kind: store = 'SecretStore', name } = ((spec ?? {}) as Remote).secretStoreRef ?? {};
  return name === undefined ? undefined : { kind: store, name };
}
