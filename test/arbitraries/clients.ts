import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Items, type Optional, pick, some } from './shared/record';
import { objectName } from './shared/values';

export const clients: ComponentArbitrary<'clients'> = {
  sections: {
    clients: fc.uniqueArray(
      some<Items<EnvironmentInput['clients']>>(
        {
          namespace: pick('jupyterhub', 'argo', '2nd'),
          user: pick('0', '1'),
          configMap: objectName,
          secret: objectName,
        },
        'namespace',
      ),
      { maxLength: 2, selector: ({ namespace }) => namespace },
    ),
  },
  settle: (given) => (given.clients ? { ...given, clients: clientsOf(given.clients, given.auth?.users ?? []) } : given),
};

/** Clients with users that exist: `user` is generated as an index. */
const clientsOf = (clients: Optional<EnvironmentInput['clients']>, users: readonly { readonly name: string }[]) =>
  clients.map(({ user, secret, ...rest }) => {
    const name = users[Number(user ?? Number.NaN)]?.name;
    return name === undefined ? rest : { ...rest, user: name, ...(secret === undefined ? {} : { secret }) };
  });
