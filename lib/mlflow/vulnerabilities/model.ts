/** What a vulnerability of MLflow is to a deployed tracking server. */

/** Severities, the worst first: as published, or our own where no advisory says one. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** Attackers of a server by what they need, the least first. Without a login, everyone is all of them. */
export const ATTACKERS = {
  nothing: 'anyone who can connect',
  login: 'every user',
  administrator: 'an administrator',
} as const;

/** What an attacker needs. */
export type Needs = keyof typeof ATTACKERS;

/** What an attack gets around or gets at. */
export type Concern =
  /** The login or the permissions, so it matters only if there is a login. */
  | 'access'
  /** The server itself: its files, its network, its processes. */
  | 'server'
  /** The browsers of users. */
  | 'browsers';

/** A published vulnerability, or a gap that we found, of a tracking server of 3.1.0 or newer. */
export interface Vulnerability {
  /** CVE and GHSA, the CVE first. Empty if none is published. */
  readonly ids: readonly string[];
  /** What an attacker can do, after "can". */
  readonly what: string;
  readonly concerns: Concern;
  readonly needs: Needs;
  readonly severity: (typeof SEVERITIES)[number];
  /** The first affected release. @default every release since 3.1.0 */
  readonly since?: string;
  /** The first release without it. @default none is known */
  readonly fixedIn?: string;
  /** If all of these hold, it cannot be exploited. @default none, so it remains */
  readonly mitigatedBy?: readonly Mitigation[];
  readonly source: Source;
}

/** How the facts of a row are known. At least one is set; if they disagree on a release, the row has what `code` says. */
export interface Source {
  /** What a published advisory, CVE record or pull request of MLflow says of the affected and fixed releases. */
  readonly advisory?: string;
  /** What we read in the packages of neighboring releases, or ran. */
  readonly code?: string;
}

/** The settings of an environment that decide whether a vulnerability can be exploited. */
export interface Exposure {
  /** Whether clients must log in. */
  readonly login: boolean;
  /** Whether MLflow's basic-auth checks the login, so that the start program knows logins and permissions. */
  readonly basicAuth: boolean;
  /** Whether MLflow runs background jobs. */
  readonly jobs: boolean;
  /** Whether the network policy lets the server connect to nothing but stores of the instance's own. */
  readonly ownStoresOnly: boolean;
}

interface MitigationRow {
  /** Why it cannot be exploited. */
  readonly because: string;
  readonly holds: (exposure: Exposure) => boolean;
}

const always = () => true;

/** Reasons why a vulnerability cannot be exploited in what is rendered. */
export const MITIGATIONS = {
  login: { because: 'the attacker has no login (`auth.enabled`)', holds: ({ login }) => login },
  guard: {
    because: 'the guard in front of the server refuses a body without a login (`auth.enabled` without `auth.app`)',
    holds: ({ basicAuth }) => basicAuth,
  },
  hostCheck: { because: 'the start program refuses a `Host` header that is no name', holds: always },
  jobsOff: {
    because: 'jobs are off (unless you set `MLFLOW_SERVER_ENABLE_JOB_EXECUTION`)',
    holds: ({ jobs }) => !jobs,
  },
  permissionChecks: {
    because: 'the start program checks the permissions of users (`auth.enabled` without `auth.app`)',
    holds: ({ basicAuth }) => basicAuth,
  },
  originCheck: {
    because: 'the start program refuses requests of pages at origins that are not listed',
    holds: always,
  },
  safePrefix: {
    because: '`synth` refuses such a prefix, and the start program asks for a login below it',
    holds: always,
  },
  ownPassword: { because: '`prepare` sets the password from your Secret', holds: always },
  ownStoresOnly: {
    because:
      'the network policy allows egress only to embedded stores (`database.embedded`, `artifacts.embedded`, nothing else in `networkPolicy.egress`, `server.options` or URLs of `server.env`)',
    holds: ({ ownStoresOnly }) => ownStoresOnly,
  },
  remoteStores: { because: 'metadata is in PostgreSQL and artifacts are in S3, not in local folders', holds: always },
  readOnlyFiles: { because: "the container's file system is read-only", holds: always },
  noTrulens: {
    because: 'neither official images nor one built from `image/` have TruLens (unless yours installs it)',
    holds: always,
  },
} as const satisfies Record<string, MitigationRow>;

/** A reason why a vulnerability cannot be exploited. */
export type Mitigation = keyof typeof MITIGATIONS;
