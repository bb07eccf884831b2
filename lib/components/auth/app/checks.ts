import { type Check, type Issue, violatedChecks } from '../../../input/issue';
import { type Release, sinceRelease } from '../../../mlflow/releases';
import { sourceChecks } from '../../shared/sections/ca-certificate';
import { referringVariables } from '../../shared/written-variables';
import type { AppSection } from './resolve';

const AT = ['auth', 'app'];

/** Databases that PostgreSQL creates for itself. */
const RESERVED = ['postgres', 'template0', 'template1'];

/** The sections that an authentication app is checked against. */
export interface CheckedApp {
  readonly auth: {
    readonly enabled: boolean;
    readonly users: readonly unknown[];
    readonly oidc?: object;
    readonly app?: AppSection;
  };
  readonly database: { readonly name: string; readonly authName: string };
  readonly garbageCollection?: object;
  readonly smokeTest: { readonly enabled: boolean };
}

/** Checks between the keys of an authentication app and others. */
export function appChecks({ auth, database, garbageCollection, smokeTest }: CheckedApp): Check[] {
  const { app } = auth;
  if (!app) return [];
  const { name, variable } = app.database ?? {};
  const jobs = [...(garbageCollection ? ['garbageCollection'] : []), ...(smokeTest.enabled ? ['smokeTest'] : [])];
  return [
    {
      path: AT,
      dependsOn: [['auth', 'enabled']],
      violated: !auth.enabled,
      message: 'is set, but authentication is off (set auth.enabled: true, or remove it)',
    },
    {
      path: AT,
      dependsOn: [['auth', 'oidc']],
      violated: auth.oidc !== undefined,
      message: "has logins of its own, but auth.oidc brings people to MLflow's (remove one of the two)",
    },
    {
      path: ['auth', 'users'],
      dependsOn: [AT],
      violated: auth.users.length > 0,
      message: "are users of MLflow's basic-auth, but auth.app has users of its own (create them in the app)",
    },
    {
      path: [...AT, 'name'],
      violated: app.name === 'basic-auth',
      message: "is basic-auth, MLflow's own app, which auth.enabled: true starts (remove auth.app)",
    },
    {
      path: [...AT, 'env', variable ?? ''],
      dependsOn: [[...AT, 'database']],
      violated: variable !== undefined && Object.hasOwn(app.env, variable),
      message: 'is the variable of auth.app.database, which sets it (remove one of the two)',
    },
    ...Object.entries(referringVariables(app.env)).flatMap(([key, source]) =>
      sourceChecks([...AT, 'env', key], source),
    ),
    ...(['name', 'authName'] as const).map((key) => ({
      path: [...AT, 'database', 'name'],
      dependsOn: [['database', key]],
      violated: name === database[key],
      message: `is ${name}, the database of database.${key}, whose tables have the same names (use another)`,
    })),
    {
      path: [...AT, 'database', 'name'],
      violated: name !== undefined && RESERVED.includes(name),
      message: `is ${name}, which PostgreSQL reserves (use another name)`,
    },
    {
      path: [...AT, 'login'],
      dependsOn: [['garbageCollection'], ['smokeTest']],
      violated: app.login === undefined && jobs.length > 0,
      message: `is missing, but ${jobs.join(' and ')} must log in at the server (set it to a login of an administrator in the app, or remove ${jobs.join(' and ')})`,
    },
  ];
}

/** What the release cannot do. */
export const appIssues = ({
  auth,
  release,
}: {
  readonly auth: { readonly app?: object };
  readonly release: Release;
}): Issue[] =>
  violatedChecks([
    {
      path: AT,
      violated: auth.app !== undefined && !release.can('uvicorn'),
      message: `is not supported with MLflow ${release.version}, which has another kind of server (use ${sinceRelease('uvicorn')} or newer, or remove it)`,
    },
  ]);
