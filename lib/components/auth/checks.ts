import { type Check, type Issue, violatedChecks } from '../../input/issue';
import { matches } from '../../kubernetes/grammar';
import { DNS_SUBDOMAIN } from '../../kubernetes/names';
import type { Release } from '../../mlflow/releases';
import { appChecks, appIssues, type CheckedApp } from './app/checks';
import { oidcChecks, oidcIssues, type SignedOnServer } from './oidc/checks';
import type { AuthSection, ResolvedAuth } from './resolve';

/** The sections that authentication is checked against. */
export interface CheckedAuth extends CheckedApp {
  readonly auth: AuthSection;
  readonly service: { readonly tls?: object };
}

/** Checks between the keys of authentication. */
export function authChecks(given: CheckedAuth): Check[] {
  const { auth, service } = given;
  return [
    {
      path: ['auth', 'users'],
      dependsOn: [['auth', 'enabled']],
      violated: auth.users.length > 0 && !auth.enabled,
      message: 'are set, but authentication is off (set auth.enabled: true, or remove them)',
    },
    ...appChecks(given),
    ...(auth.oidc ? oidcChecks(auth.oidc, auth.enabled, service.tls !== undefined) : []),
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

/** Issues of users with the release. */
export function authIssues(environment: ResolvedAuth & SignedOnServer & { readonly release: Release }): Issue[] {
  const { auth, release } = environment;
  const fewest = PERMISSIONS.indexOf(auth.defaultPermission);
  return [
    ...appIssues(environment),
    ...oidcIssues(environment),
    ...violatedChecks(
      auth.users.map(({ permission }, index) => ({
        path: ['auth', 'users', index, 'permission'],
        dependsOn: [['auth', 'defaultPermission']],
        violated: release.can('wildcardGrants') && PERMISSIONS.indexOf(permission) < fewest,
        message: `is ${permission}, but with MLflow ${release.version} every user has at least auth.defaultPermission, which is ${auth.defaultPermission} (lower that, or raise this)`,
      })),
    ),
  ];
}
