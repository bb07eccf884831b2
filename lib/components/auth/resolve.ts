import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { Release } from '../../mlflow/releases';
import type { auth as section } from './section';

/** The section as a user wrote it. */
export type AuthSection = DeepReadonly<z.output<typeof section>>;

/** The sections that authentication follows from. */
export interface GivenAuth {
  readonly name: string;
  readonly auth: AuthSection;
}

/** A declared user, with the Secret that has the login. */
export type User = AuthSection['users'][number] & { readonly secret: string };

/** Who may use the server. */
export interface Auth extends Omit<AuthSection, 'users'> {
  readonly secret: string;
  readonly users: readonly User[];
}

/** How a successful login is cached: by the release itself, by our module, or not at all. */
export type AuthenticationCache = 'release' | 'module' | 'none';

/** What authentication adds to an environment. */
export interface ResolvedAuth {
  readonly auth: Auth;
  readonly authenticationCache: AuthenticationCache;
}

/** Fills in the Secrets, and how logins are cached. */
export function resolveAuth({ name, auth }: GivenAuth, release: Release): ResolvedAuth {
  const users = auth.users.map((user) => ({ ...user, secret: user.secret ?? `${name}-user-${user.name}` }));
  return {
    auth: { ...auth, secret: auth.secret ?? `${name}-basic-auth`, users },
    authenticationCache: cacheOf(auth, release),
  };
}

function cacheOf({ enabled, cacheSeconds }: AuthSection, release: Release): AuthenticationCache {
  if (!enabled || cacheSeconds === 0) return 'none';
  if (release.can('authenticationCache')) return 'release';
  // Since 3.3 an authentication function of ours would fail on the routes outside Flask.
  return release.can('uvicorn') ? 'none' : 'module';
}
