import { type Check, type Issue, violatedChecks } from '../../input/issue';
import { matches } from '../../kubernetes/grammar';
import { DNS_SUBDOMAIN } from '../../kubernetes/names';
import { type Release, sinceRelease } from '../../mlflow/releases';
import type { AuthSection, ResolvedAuth } from './resolve';

/** Checks between the keys of authentication. */
export function authChecks({ auth }: { readonly auth: AuthSection }): Check[] {
  return [
    {
      path: ['auth', 'users'],
      violated: auth.users.length > 0 && !auth.enabled,
      message: 'are given, but nobody logs in (set auth.enabled: true, or remove them)',
    },
    ...auth.users.flatMap(({ name, secret }, index) => [
      {
        path: ['auth', 'users', index, 'name'],
        violated: auth.users.findIndex((user) => user.name === name) < index,
        message: 'stands here twice (give each user once)',
      },
      {
        path: ['auth', 'users', index, 'name'],
        violated: secret === undefined && !matches(DNS_SUBDOMAIN, name),
        message: 'cannot be part of the name of a Secret (give the Secret a name too, by secret)',
      },
    ]),
  ];
}

/** Each allows what those before it do. */
const PERMISSIONS = ['NO_PERMISSIONS', 'READ', 'EDIT', 'MANAGE'] as const;

/** What the release cannot do about users. */
export function authIssues({ auth, release }: ResolvedAuth & { readonly release: Release }): Issue[] {
  const fewest = PERMISSIONS.indexOf(auth.defaultPermission);
  return violatedChecks([
    {
      path: ['auth', 'enabled'],
      violated: auth.enabled && release.can('uvicorn') && !release.can('basicAuthUnderUvicorn'),
      message: `fails on every request with MLflow ${release.version} (use ${sinceRelease('basicAuthUnderUvicorn')} or newer, or 3.2.x)`,
    },
    ...auth.users.map(({ permission }, index) => ({
      path: ['auth', 'users', index, 'permission'],
      violated: release.can('wildcardGrants') && PERMISSIONS.indexOf(permission) < fewest,
      message: `is ${permission}, but MLflow ${release.version} gives every user auth.defaultPermission at least, which is ${auth.defaultPermission} (lower that, or raise this)`,
    })),
  ]);
}

/** What you should know of users on the release. */
export function authWarnings({ auth, authenticationCache, release }: ResolvedAuth & { readonly release: Release }) {
  return violatedChecks([
    {
      path: ['auth', 'cacheSeconds'],
      violated: auth.enabled && auth.cacheSeconds > 0 && authenticationCache === 'none',
      message: `has no effect on MLflow ${release.version}: every request hashes a password, about 7 requests a second and core (3.2.x or older, or ${sinceRelease('authenticationCache')} or newer, serve 12 to 20 times as many)`,
    },
    ...auth.users.map(({ permission }, index) => ({
      path: ['auth', 'users', index, 'permission'],
      violated: permission === 'NO_PERMISSIONS' && !release.can('checkedRunSearch'),
      message: `does not hide runs on MLflow ${release.version}, whose search shows all of them to every user (${sinceRelease('checkedRunSearch')} or newer checks it)`,
    })),
  ]);
}
