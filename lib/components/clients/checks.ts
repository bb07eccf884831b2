import type { Environment } from '../../environment/model';
import { nearest } from '../../input/did-you-mean';
import type { Check } from '../../input/issue';

/** What the namespaces of clients demand of each other and of `auth.users`. */
export function clientChecks({ clients, auth, namespace }: Environment): Check[] {
  const users = auth.users.map(({ name }) => name);
  return clients.flatMap((client, index) => {
    const path = ['clients', index];
    const meant = client.user === undefined ? undefined : nearest(client.user, users);
    return [
      {
        path: [...path, 'namespace'],
        violated: client.namespace === namespace.name,
        message:
          'is the namespace of the instance itself, where its Secrets are already (name another namespace, or remove it)',
      },
      {
        path: [...path, 'namespace'],
        violated: clients.findIndex((other) => other.namespace === client.namespace) < index,
        message: 'stands here twice (give each namespace once)',
      },
      {
        path: [...path, 'user'],
        comparedWith: ['auth', 'users'],
        violated: client.user !== undefined && !users.includes(client.user),
        message: `is none of auth.users (${meant ? `did you mean ${meant}?` : 'add the user there'})`,
      },
      {
        path: [...path, 'secret'],
        violated: client.secret !== undefined && client.user === undefined,
        message: 'is given, but no login goes there (name one of auth.users as user, or remove it)',
      },
    ];
  });
}

/** What a provider of Secrets demands. */
export function providerChecks({ secrets }: Environment): Check[] {
  const { provider, sealed, external } = secrets;
  const unused = (name: string) =>
    `is given, but the provider is ${provider} (set secrets.provider: ${name}, or remove it)`;
  return [
    {
      path: ['secrets', 'external'],
      violated: provider === 'external' && external === undefined,
      message: 'is missing (name the store: external: {store: {name: vault}})',
    },
    {
      path: ['secrets', 'external'],
      violated: provider !== 'external' && external !== undefined,
      message: unused('external'),
    },
    {
      path: ['secrets', 'external', 'deletionPolicy'],
      violated: external?.deletionPolicy === 'Delete' && external.creationPolicy === 'Merge',
      message:
        'is Delete, but the operator may not delete a Secret that it only adds to (use creationPolicy: Owner, or another policy)',
    },
    { path: ['secrets', 'sealed'], violated: provider !== 'sealed' && sealed !== undefined, message: unused('sealed') },
  ];
}
