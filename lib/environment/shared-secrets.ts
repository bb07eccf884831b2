import { clientName } from '../components/clients/resolve';
import { type External, externalSecrets } from '../components/secrets/external/references';
import { sourceOf } from '../components/shared/contributions/secret-keys';
import { formatPath, type Path } from '../input/issue';
import type { ResolvedEnvironment } from './resolved-environment';
import type { SharedThing } from './shared-thing';

/** What an environment reads from an external store, and gives the namespaces of clients. */
export const sharedSecrets = (environment: ResolvedEnvironment): SharedThing[] => [
  ...secrets(environment),
  ...clients(environment),
];

/** Values of a store: by the prefix, or where `remote` has them. */
function secrets({ secrets: { external }, requiredSecrets, namespace }: ResolvedEnvironment): SharedThing[] {
  if (!external) return [];
  const at = ['secrets', 'external'];
  const values = requiredSecrets.flatMap((secret) =>
    externalSecrets(external, [secret]).flatMap((each) =>
      each.values.map(({ secretKey, remote }) => {
        const source = sourceOf(secret);
        const copied = secret.keys.find(({ key }) => key === secretKey)?.copies;
        return { ...remote, store: each.store, source, at: locationKey(external, source, copied?.key ?? secretKey) };
      }),
    ),
  );
  return values.map(({ key, property, store, source, at: location }) => {
    // A SecretStore is an object of its namespace: one of another may read elsewhere by the same name.
    const isOfCluster = store.kind === 'SecretStore';
    const owner = isOfCluster ? namespace.name : undefined;
    const path = location ? [...at, 'remote', source] : [...at, 'prefix'];
    const decides = location ? [...at, ...location] : path;
    const stores = [at, [...at, 'remote', source]].flatMap((parent) =>
      ['name', 'kind'].map((each) => [...parent, 'store', each]),
    );
    const named = external.prefix ? `prefix ${external.prefix}` : 'all names';
    return {
      path,
      keys: [decides, ...stores],
      id: JSON.stringify([store.kind, owner, store.name, key, property]),
      noun: location ? 'secret' : `${named} of ${store.kind}`,
      name: location ? key : store.name,
      location: location && ` of ${store.kind} ${store.name}`,
      consequence: location ? `both read the same values of Secret ${source}` : 'both read the same passwords and keys',
      ways: [formatPath(decides)],
      isOfCluster,
    };
  });
}

/** The key that says where the value of a key is, below `secrets.external`, if it is not the prefix. */
function locationKey({ remote }: External, source: string, key: string): Path | undefined {
  const of = Object.hasOwn(remote, source) ? remote[source] : undefined;
  if (of && Object.hasOwn(of.keys, key) && of.keys[key]?.key !== undefined)
    return ['remote', source, 'keys', key, 'key'];
  return of?.key === undefined ? undefined : ['remote', source, 'key'];
}

/** Objects in namespaces of clients. */
function clients(environment: ResolvedEnvironment): SharedThing[] {
  const { name, requiredSecrets } = environment;
  const isCreated = (namespace: string, secret: string) =>
    requiredSecrets.some(
      (each) => each.namespace === namespace && each.name === secret && each.provider !== 'existing',
    );
  return environment.clients.flatMap(({ namespace, configMap, secret }, index) => {
    const objects = [
      {
        noun: 'ConfigMap',
        object: configMap,
        consequence: 'both write it, and the pods there use the server that was applied last',
      },
      ...(isCreated(namespace, secret)
        ? [
            {
              noun: 'Secret',
              object: secret,
              consequence: 'both create it, and the pods there have one of the two logins',
            },
          ]
        : []),
    ];
    return objects.map(({ noun, object, consequence }) => ({
      path: ['clients', index, 'namespace'],
      keys: [['clients']],
      id: `${noun} ${namespace}/${object}`,
      noun,
      name: object,
      location: ` in namespace ${namespace}`,
      consequence,
      // What is set does not follow the name.
      ways: object === clientName(name) ? ['clients', 'name'] : ['clients'],
      isOfCluster: true,
    }));
  });
}
