import { nearest } from '../../input/did-you-mean';
import type { Check } from '../../input/issue';
import type { AuthSection } from '../auth/resolve';
import type { ClientSection } from './resolve';

/** The sections that clients are checked against. */
export interface CheckedClients {
  readonly namespace: { readonly name: string };
  readonly auth: AuthSection;
  readonly clients: readonly ClientSection[];
}

/** Checks between the namespaces of clients and `auth.users`. */
export function clientChecks({ clients, auth, namespace }: CheckedClients): Check[] {
  const users = auth.users.map(({ name }) => name);
  return clients.flatMap((client, index) => {
    const path = ['clients', index];
    const meant = client.user === undefined ? undefined : nearest(client.user, users);
    return [
      {
        path: [...path, 'namespace'],
        violated: client.namespace === namespace.name,
        message:
          'is the namespace of the instance, which already has the Secrets (use another namespace, or remove it)',
      },
      {
        path: [...path, 'namespace'],
        violated: clients.findIndex((other) => other.namespace === client.namespace) < index,
        message: 'is in the list twice (keep one entry per namespace)',
      },
      {
        path: [...path, 'user'],
        dependsOn: [['auth', 'users']],
        violated: client.user !== undefined && !users.includes(client.user),
        message: `is not in auth.users (${meant ? `did you mean ${meant}?` : 'add the user there'})`,
      },
      {
        path: [...path, 'secret'],
        violated: client.secret !== undefined && client.user === undefined,
        message: 'is set, but the client gets no login (set user to one of auth.users, or remove it)',
      },
    ];
  });
}
