import { type Issue, violatedChecks } from '../../../input/issue';
import { EDGE_KEYS, type EdgeSections } from '../../exposure/edge';
import { type Reference, sourceReferences } from '../../shared/contributions/references';
import type { App } from './resolve';

/** The objects that the variables of the app name, and its login. */
export const appReferences = (app: App | undefined): Reference[] => [
  ...Object.values(app?.envReferences ?? {}).flatMap((source) => sourceReferences(source, source.key)),
  ...(app?.login
    ? [app.login.usernameKey, app.login.passwordKey].map((key) => ({
        kind: 'Secret' as const,
        name: app.login?.secret ?? '',
        key,
      }))
    : []),
];

/** The sections that decide what an app lacks. */
export interface SurroundedApp extends EdgeSections {
  readonly auth: { readonly app?: App };
  readonly server: { readonly staticPrefix?: string };
  readonly backup?: object;
}

/** What backups lack, and pages that nothing leads to. */
export function appWarnings(sections: SurroundedApp): Issue[] {
  const { auth, backup, server } = sections;
  const { app } = auth;
  const { staticPrefix } = server;
  return violatedChecks([
    {
      path: ['auth', 'app', 'database'],
      dependsOn: [['backup']],
      violated: app?.database !== undefined && backup !== undefined,
      message: `is not in the backups, which contain no users and permissions then (back up ${app?.database?.name} with pg_dump)`,
    },
    {
      path: ['auth', 'app'],
      dependsOn: [['server', 'staticPrefix'], ...EDGE_KEYS.map((key) => [key])],
      violated: app !== undefined && staticPrefix !== undefined && EDGE_KEYS.some((key) => sections[key]),
      message: `may have pages beside ${staticPrefix}, such as its login, which the proxy does not lead to the server (use a host of its own without a path, unless the app knows MLflow's static prefix)`,
    },
  ]);
}
