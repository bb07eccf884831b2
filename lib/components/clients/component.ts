import { z } from 'zod';
import type { Release } from '../../mlflow/releases';
import type { Artifacts } from '../artifacts/resolve';
import type { Auth } from '../auth/resolve';
import type { Component } from '../component';
import type { ReachableServer } from '../service/hosts';
import { type CheckedClients, clientChecks } from './checks';
import { Clients } from './construct';
import { type Client, type GivenClients, resolveClients } from './resolve';
import { client } from './section';
import { clientVariables } from './variables';

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends ReachableServer {
  readonly release: Release;
  readonly artifacts: Artifacts;
  readonly auth: Auth;
  readonly clients: readonly Client[];
}

/** Namespaces that use MLflow, and the objects in each of them. */
export const clients = {
  sections: {
    clients: z
      .array(client)
      .max(1000)
      .default([])
      .describe(
        'Namespaces that use MLflow, for example of JupyterHub or Argo Workflows. Each gets the tracking URI and, if it ' +
          'names a user, a login.',
      ),
  },
  checks: clientChecks,
  resolve: resolveClients,
  // Copies of the logins of users, because a pod only reads Secrets of its own namespace.
  secretKeys: (resolved) =>
    resolved.clients.flatMap(({ namespace, secret, user: name }, index) => {
      const user = resolved.auth.enabled ? resolved.auth.users.find((each) => each.name === name) : undefined;
      if (!user) return [];
      const copy = { section: ['clients', index], keyName: 'secret', purpose: 'login' } as const;
      const of = (key: string) => ({ secret: user.secret, key });
      return [
        {
          namespace,
          secret,
          // The names by which MLflow's client reads them.
          key: { ...copy, key: 'MLFLOW_TRACKING_USERNAME', reader: 'mlflow-username', copies: of(user.usernameKey) },
        },
        {
          namespace,
          secret,
          key: { ...copy, key: 'MLFLOW_TRACKING_PASSWORD', reader: 'mlflow-password', copies: of(user.passwordKey) },
        },
      ] as const;
    }),
  file: 'clients',
  create: (scope, id, resolved, { instance }) => {
    if (resolved.clients.length > 0) {
      new Clients(scope, id, { instance, clients: resolved.clients, variables: clientVariables(resolved) });
    }
  },
} satisfies Component<GivenClients & CheckedClients, { readonly clients: readonly Client[] }, Resolved>;
