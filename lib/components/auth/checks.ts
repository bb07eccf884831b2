import { type Check, type Issue, type Path, violatedChecks } from '../../input/issue';
import { matches } from '../../kubernetes/grammar';
import { DNS_SUBDOMAIN } from '../../kubernetes/names';
import { type Release, sinceRelease } from '../../mlflow/releases';
import type { AuthSection, ResolvedAuth } from './resolve';

/** Checks between the keys of authentication. */
export function authChecks({ auth }: { readonly auth: AuthSection }): Check[] {
  return [
    {
      path: ['auth', 'users'],
      dependsOn: [['auth', 'enabled']],
      violated: auth.users.length > 0 && !auth.enabled,
      message: 'are set, but authentication is off (set auth.enabled: true, or remove them)',
    },
    ...auth.users.flatMap(({ name, secret }, index) => [
      {
        path: ['auth', 'users', index, 'name'],
        violated: auth.users.findIndex((user) => user.name === name) < index,
        message: 'is in the list twice (keep one entry per user)',
      },
      {
        path: ['auth', 'users', index, 'name'],
        violated: secret === undefined && !matches(DNS_SUBDOMAIN, name),
        message: 'cannot be part of the name of a Secret (set the name of the Secret with secret)',
      },
    ]),
  ];
}

/** In ascending order: each includes the ones before it. */
const PERMISSIONS = ['NO_PERMISSIONS', 'READ', 'EDIT', 'MANAGE'] as const;

type Permission = (typeof PERMISSIONS)[number];

/** Issues of users with the release. */
export function authIssues({ auth, release }: ResolvedAuth & { readonly release: Release }): Issue[] {
  const fewest = PERMISSIONS.indexOf(auth.defaultPermission);
  return violatedChecks([
    ...auth.users.map(({ permission }, index) => ({
      path: ['auth', 'users', index, 'permission'],
      dependsOn: [['auth', 'defaultPermission']],
      violated: release.can('wildcardGrants') && PERMISSIONS.indexOf(permission) < fewest,
      message: `is ${permission}, but with MLflow ${release.version} every user has at least auth.defaultPermission, which is ${auth.defaultPermission} (lower that, or raise this)`,
    })),
  ]);
}

/** The resolved sections that determine whether permissions hold. */
export interface PermissionSections extends ResolvedAuth {
  readonly release: Release;
  readonly artifacts: { readonly access: 'proxied' | 'direct' };
}

/** Warnings about permissions that the release does not enforce everywhere. */
export function authWarnings({ auth, release, artifacts }: PermissionSections): Issue[] {
  if (!auth.enabled) return [];
  const version = `MLflow ${release.version}`;
  const filesAreOpen = artifacts.access === 'proxied' && !release.can('checkedArtifacts');
  const warnings = (path: Path, permission: Permission, fewest: readonly Permission[]): Check[] => [
    {
      path,
      violated: filesAreOpen && fewest.includes(permission),
      message: `is ${permission}, but ${version} lets every user read, overwrite and delete all artifacts (use ${sinceRelease('checkedArtifacts')} or newer)`,
    },
    {
      path,
      violated: permission === 'NO_PERMISSIONS' && !release.can('checkedRunSearch'),
      message: `does not hide runs on ${version}: a search for runs returns all of them to every user (use ${sinceRelease('checkedRunSearch')} or newer)`,
    },
  ];
  return violatedChecks([
    // READ is the default, and the warning about the release says the same.
    ...warnings(['auth', 'defaultPermission'], auth.defaultPermission, ['NO_PERMISSIONS']),
    ...auth.users.flatMap(({ permission }, index) =>
      warnings(['auth', 'users', index, 'permission'], permission, ['NO_PERMISSIONS', 'READ']),
    ),
  ]);
}
