import { violatedChecks } from '../../input/issue';
import { type Release, sinceRelease } from '../../mlflow/releases';
import { type LoginKeys, usesBasicAuth } from '../auth/login';
import type { Component } from '../component';
import { egressTo, type NamingSections } from '../shared/contributions/destinations';
import { keysOf } from '../shared/contributions/secret-keys';
import { podPeer, tcp } from '../shared/contributions/traffic';
import { fileReferences } from '../shared/mounted-files';
import { databaseChecks } from './checks';
import { DATABASE_PROGRAMS, EmbeddedDatabase } from './construct';
import { memoryIssues } from './memory';
import { databaseAlerts, databasePanels, type ObservedDatabase } from './observability';
import { type Database, databaseName, type GivenDatabase, resolveDatabase } from './resolve';
import { databaseRisks } from './risks';
import { database as section } from './section';
import { RESERVED_DATABASE_VARIABLES } from './variables';
import { databaseWarnings } from './warnings';

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends ObservedDatabase, NamingSections {
  readonly release: Release;
  readonly auth: LoginKeys;
}

/** PostgreSQL, which stores runs, models and users; an embedded one is created. */
export const database = {
  sections: { database: section.prefault({}) },
  checks: databaseChecks,
  resolve: resolveDatabase,
  issues: (resolved) => {
    const { database: own, auth, release } = resolved;
    const shared = {
      path: ['database', 'authName'],
      dependsOn: [
        ['auth', 'enabled'],
        ['database', 'name'],
      ],
      violated: usesBasicAuth(auth) && own.authName === own.name && !release.can('sharedDatabase'),
      message: `is the same as database.name, but MLflow ${release.version} cannot keep both schemas in one database (use a separate database for users, or ${sinceRelease('sharedDatabase')} or newer)`,
    };
    return [...violatedChecks([shared]), ...memoryIssues(resolved)];
  },
  warnings: databaseWarnings,
  risks: databaseRisks,
  secretKeys: ({ database: { credentials, embedded } }) =>
    keysOf(
      {
        section: ['database', 'credentials'],
        purpose: 'database',
        secret: credentials.secret,
        isOurs: embedded !== undefined,
      },
      [
        ...(credentials.username === undefined
          ? [['usernameKey', credentials.usernameKey, 'database-username', { text: 'mlflow' }] as const]
          : []),
        ['passwordKey', credentials.passwordKey, 'database-password', { random: 32 }],
      ],
    ),
  provided: (resolved) => fileReferences(resolved.database.tls.ca),
  claims: ({ database: { embedded } }) =>
    embedded ? [{ claim: embedded.claim, path: ['database', 'embedded', 'storage', 'name'], create: true }] : [],
  targets: (resolved) => {
    const { host, port, embedded } = resolved.database;
    const own = [{ to: [podPeer(resolved, 'database')], ports: [tcp(port)] }];
    return [
      { name: 'database', egress: embedded ? own : egressTo({ host, port }, resolved), role: embedded && 'database' },
    ];
  },
  reserved: RESERVED_DATABASE_VARIABLES,
  traffic: ({ name, database: { embedded } }) => (embedded ? [{ role: 'database', policy: databaseName(name) }] : []),
  accounts: (resolved) => (resolved.database.embedded ? [databaseName(resolved.name)] : []),
  storePods: ({ name, database: { embedded } }) => (embedded ? [`${databaseName(name)}-0`] : []),
  alerts: databaseAlerts,
  panels: databasePanels,
  entryPoints: ({ database: { embedded } }) => (embedded ? DATABASE_PROGRAMS : []),
  file: 'database',
  create: (scope, id, resolved, { instance, programs, sealedSecrets }) => {
    const { embedded: settings, ...own } = resolved.database;
    if (!settings) return;
    new EmbeddedDatabase(scope, id, { instance, database: own, settings, programs, sealedSecrets });
  },
} satisfies Component<GivenDatabase, { readonly database: Database }, Resolved>;
