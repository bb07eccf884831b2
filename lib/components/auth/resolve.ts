import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { type App, resolveApp } from './app/resolve';
import { type Oidc, resolveOidc } from './oidc/resolve';
import type { auth as section } from './section';

/** The section as a user wrote it. */
export type AuthSection = DeepReadonly<z.output<typeof section>>;

/** The sections that authentication follows from. */
export interface GivenAuth {
  readonly name: string;
  readonly auth: AuthSection;
  readonly image: { readonly registry?: string };
}

/** A declared user, with the Secret that has the login. */
export type User = AuthSection['users'][number] & { readonly secret: string };

/** Who may use the server. */
export interface Auth extends Omit<AuthSection, 'users' | 'oidc' | 'app'> {
  readonly secret: string;
  readonly users: readonly User[];
  /** @default people need a login of MLflow, too */
  readonly oidc?: Oidc;
  /** @default MLflow's basic-auth, if authentication is on */
  readonly app?: App;
}

/** What authentication adds to an environment. */
export interface ResolvedAuth {
  readonly auth: Auth;
}

/** Fills in the Secrets. */
export function resolveAuth({ name, auth: { oidc, app, ...auth }, image: { registry } }: GivenAuth): ResolvedAuth {
  const users = auth.users.map((user) => ({ ...user, secret: user.secret ?? `${name}-user-${user.name}` }));
  return {
    auth: {
      ...auth,
      secret: auth.secret ?? `${name}-basic-auth`,
      users,
      oidc: oidc && resolveOidc(oidc, { name, registry }),
      app: app && resolveApp(app),
    },
  };
}
