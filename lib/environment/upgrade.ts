import { usesBasicAuth } from '../components/auth/login';
import {
  compareReleases,
  KNOWN_RELEASES,
  type KnownRelease,
  NEWEST_RELEASE,
  release,
  sinceRelease,
} from '../mlflow/releases';
import type { ResolvedEnvironment } from './resolved-environment';

/** The sections that a change of release depends on. */
export type UpgradedEnvironment = Pick<ResolvedEnvironment, 'release' | 'server' | 'database' | 'auth'>;

/**
 * What happens to the schemas when the release changes, and what to do about it: lines to print; none for the same
 * release.
 *
 * @param before the release that runs
 */
export function upgradeNotes(before: string, environment: UpgradedEnvironment): string[] {
  const after = environment.release.version;
  const order = compareReleases(after, before);
  if (order === 0) return [];
  const step = `MLflow ${before} -> ${after}`;
  const [old, next] = [schemasOf(before), schemasOf(after)];
  if (!old || !next) {
    const unknown = old ? after : before;
    return [
      `${step}: the schemas of ${unknown} are unknown; back up first, and expect a migration`,
      ...rolloutNotes(environment),
      ...movedPaths(before, environment),
    ];
  }
  const migrated = migrations(old, next, usesBasicAuth(environment.auth));
  if (migrated.length === 0) {
    return [
      `${step}: no schema change, so pods of both releases can run side by side`,
      ...movedPaths(before, environment),
    ];
  }
  if (order < 0) {
    return [
      `${step} is a downgrade across ${migrated.join(' and ')}: the pods of ${after} will not start (prepare exits with 14)`,
      `to go back, restore a backup of MLflow ${after} or older, or start with empty databases (docs/upgrade.md#go-back)`,
    ];
  }
  const failing = failingUpgrades(before, environment);
  return [
    `${step} migrates ${migrated.join(' and ')}; the only way back is a backup, so take one first`,
    ...(failing.length > 0 ? failing : [...rolloutNotes(environment), ...movedPaths(before, environment)]),
  ];
}

/** The schemas of a release: those of its row, or of the last one before it, because every schema change has a row. */
export function schemasOf(version: string): KnownRelease | undefined {
  if (compareReleases(version, NEWEST_RELEASE) > 0) return undefined;
  return KNOWN_RELEASES.findLast((known) => compareReleases(known.version, version) <= 0);
}

function migrations(old: KnownRelease, next: KnownRelease, withUsers: boolean): string[] {
  const schemas = [
    { name: 'tracking', from: old.trackingSchema, to: next.trackingSchema, exists: true, isMoved: false },
    { name: 'auth', from: old.authSchema, to: next.authSchema, exists: withUsers, isMoved: hasMoved(old, next) },
  ];
  return schemas
    .filter(({ from, to, exists, isMoved }) => exists && (from !== to || isMoved))
    .map(
      ({ name, from, to, isMoved }) => `the ${name} schema (${from} -> ${to}${isMoved ? ', in another table' : ''})`,
    );
}

/** Whether the revision of the auth schema is recorded in another table: a release sees nothing of what is in that. */
const hasMoved = (old: KnownRelease, next: KnownRelease): boolean =>
  release(old.version).can('sharedDatabase') !== release(next.version).can('sharedDatabase');

/** Upgrades that fail because of an MLflow bug. */
function failingUpgrades(before: string, { release: mlflow, auth }: UpgradedEnvironment): string[] {
  const isBroken =
    usesBasicAuth(auth) &&
    !release(before).can('sharedDatabase') &&
    mlflow.can('sharedDatabase') &&
    !mlflow.can('authUpgrade');
  if (!isBroken) return [];
  return [
    `MLflow ${mlflow.version} cannot upgrade users of ${before} (prepare exits with 17): upgrade to ${sinceRelease('authUpgrade')} or newer`,
  ];
}

/** Pages that are below a static prefix from a release on, and who asks for them. */
const PREFIXED = [
  {
    path: '/api',
    capability: 'prefixedApi',
    follow: 'clients need another URI, which the ConfigMaps of `clients` have after the apply',
  },
  {
    path: '/health',
    capability: 'prefixedHealth',
    follow: 'checks from outside, such as those of a load balancer, must follow',
  },
  {
    path: '/v1/traces',
    capability: 'prefixedSpans',
    follow: 'exporters of OpenTelemetry must follow; clients of MLflow do',
  },
] as const;

/** What clients find at another address after the change. */
function movedPaths(before: string, { release: mlflow, server: { staticPrefix } }: UpgradedEnvironment): string[] {
  if (!staticPrefix) return [];
  const old = release(before);
  return PREFIXED.filter(({ capability }) => old.can(capability) !== mlflow.can(capability)).map(
    ({ path, capability, follow }) => {
      const places = [path, staticPrefix + path];
      const [from, to] = mlflow.can(capability) ? places : places.toReversed();
      return `server.staticPrefix: ${from} becomes ${to}: ${follow}`;
    },
  );
}

/** What the pods do during the upgrade. */
function rolloutNotes({ server, database }: UpgradedEnvironment): string[] {
  if (database.migration !== 'auto') {
    return [
      `database.migration is ${database.migration}: the new pods will not start (prepare exits with 15); set it to auto for the upgrade`,
    ];
  }
  if (server.rollout === 'Recreate') {
    return [
      'server.rollout is Recreate: all old pods terminate, the first new pod migrates, and the server is down until then',
    ];
  }
  return [
    'server.rollout is RollingUpdate: the new pods will refuse to migrate while old ones run (prepare exits with 16), and the old ones keep serving',
    'set server.rollout: Recreate for the upgrade, or scale the Deployment to 0 before you apply (docs/upgrade.md)',
  ];
}
