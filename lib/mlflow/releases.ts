/**
 * What each MLflow release can do, as far as the output depends on it. `docs/releases.md` is generated from these
 * tables.
 */

/** A release as three numbers. */
export type ReleaseNumber = readonly [major: number, minor: number, patch: number];

export { NEWEST_RELEASE, OLDEST_RELEASE } from '../versions';

/** Something that MLflow does since a release. */
interface CapabilityRow {
  /** The release that added it. */
  readonly since: string;
  /** What it is, and what it means for operators of the server. */
  readonly means: string;
  /** How that is known. */
  readonly source: string;
}

/** The release that added each capability. */
export const CAPABILITIES = {
  uvicorn: {
    since: '3.3.0',
    means: 'the server program is uvicorn; older releases use gunicorn, with threads',
    source: 'https://github.com/mlflow/mlflow/pull/17215',
  },
  webhooks: {
    since: '3.3.0',
    means:
      'webhooks; their secrets are in the database, encrypted with a key of `auth.secret`, without which each start of a server draws another',
    source: 'packages of 3.2.0 and 3.3.0; run on 3.18.0',
  },
  hostCheck: {
    since: '3.5.0',
    means:
      'the Host header is compared, so every name that clients use must be listed; so are origins of browsers, which the start program compares in every release',
    source: 'options of the program; run on 3.18.0',
  },
  jobs: {
    since: '3.5.0',
    means: 'background jobs can be turned off, and are (they run by default since 3.9.0)',
    source: 'environment variables of the package',
  },
  sharedDatabase: {
    since: '3.6.0',
    means:
      'the two schemas record their revisions in separate tables, so one database can contain both; in older releases each would read the revision of the other',
    source: 'migrations of the packages; run on 3.6.0 to 3.18.0',
  },
  authUpgrade: {
    since: '3.7.0',
    means:
      'an authentication database of 3.5.1 or older can be upgraded; 3.6.0 itself fails (prepare exits with 17), so skip it',
    source: 'run from 3.5.1 to 3.6.0 and to 3.7.0',
  },
  prefixedHealth: {
    since: '3.7.0',
    means:
      'the health page moves below a static prefix, where it requires a login until 3.13, so probes only check the port',
    source: 'https://github.com/mlflow/mlflow/issues/19691; packages of 3.6.0 and 3.7.0',
  },
  gatewayKeys: {
    since: '3.8.0',
    means:
      'API keys of the gateway are in the database, encrypted with a passphrase of `auth.secret`, or with a public one',
    source: 'packages of 3.7.0 and 3.8.0',
  },
  fullImage: {
    since: '3.9.0',
    means: 'the official image exists with a PostgreSQL driver and an S3 client (tags with -full)',
    source: 'tags of the official image',
  },
  pageOriginCheck: {
    since: '3.10.0',
    means:
      'the origin of browsers is compared with the list on the routes of the web page too, so its own origin must be in it; in older releases the start program compares it there, and knows the own page by its host',
    source: 'run on 3.7.0 and 3.10.1',
  },
  asciiLogin: {
    since: '3.10.0',
    means:
      'routes outside Flask (in later releases also artifact uploads) require a login too and read it as ASCII: any other character gets a 401',
    source: 'packages of 3.10.0 to 3.18.0; run on 3.18.0',
  },
  usGovernmentBlobs: {
    since: '3.11.1',
    means: 'artifacts can be in Azure Blob Storage of Azure Government; older releases refuse its host names',
    source: 'packages of 3.10.1 and 3.11.1 (`azure_blob_artifact_repo.py`)',
  },
  originPatterns: {
    since: '3.11.1',
    means: 'origins of browsers may be patterns (`https://*.example.com`); older releases compare them literally',
    source: 'packages of 3.10.1 and 3.11.1',
  },
  authenticationCache: {
    since: '3.12.0',
    means: 'MLflow itself caches successful logins too, with their users, which saves a query per request',
    source: 'packages of 3.11.1 and 3.12.0',
  },
  prefixedApi: {
    since: '3.12.0',
    means:
      'the API of clients (`/api`) is below a static prefix, so their URI ends in it; in older releases it is not, although that of the web page is',
    source: 'packages of 3.11.1 and 3.12.0 (`_get_rest_path`)',
  },
  wildcardGrants: {
    since: '3.13.0',
    means:
      'one grant applies to all experiments and models (roles), and every user has at least `auth.defaultPermission`; in older releases each of `auth.users` has a row per experiment and model, which a trigger in the database adds',
    source: 'packages of 3.12.0 (whose roles miss artifacts and lists) and 3.13.0; run on 3.11.1, 3.14.0 and 3.18.0',
  },
  openPrefixedHealth: {
    since: '3.13.0',
    means: 'the health page below a static prefix needs no login',
    source: 'packages of 3.12.0 and 3.13.0 (`is_unprotected_route`)',
  },
  fullImageWithAuthentication: {
    since: '3.14.0',
    means: 'the official -full image contains what basic authentication requires',
    source: 'https://github.com/mlflow/mlflow/pull/23892',
  },
  prefixedSpans: {
    since: '3.16.0',
    means:
      'spans are taken below a static prefix (`/v1/traces`), where clients send them from MLflow 3.12 on; in 3.12 to 3.15 the server does not find them there (404)',
    source: 'packages of 3.12.0, 3.15.2 and 3.16.0 (`fastapi_app.py`, `log_spans`)',
  },
  closedRoutes: {
    since: '3.16.0',
    means:
      "routes without a permission rule are only for the administrator, including the server's own /metrics; the metrics of `monitoring` are not affected",
    source: 'https://github.com/mlflow/mlflow/pull/25308; run on 3.18.0',
  },
  loginBelowPrefix: {
    since: '3.18.0',
    means:
      'whether a path needs a login is decided without the static prefix; in older releases every path below a prefix such as `/static-ui` or `/healthy` needed none, so such a prefix is refused',
    source: 'packages of 3.17.2 and 3.18.0 (`is_unprotected_route`); run on 3.1.0',
  },
} as const satisfies Record<string, CapabilityRow>;

/** A known release, with the head revisions of its two schemas. */
export interface KnownRelease {
  readonly version: string;
  /** Head of the migrations of experiments, runs and models. */
  readonly trackingSchema: string;
  /** Head of the migrations of users and permissions. */
  readonly authSchema: string;
}

/**
 * Every release from the oldest to the newest; the script tests compare them with the packages (all with
 * MLFLOW_TEST_EVERY_RELEASE).
 */
export const KNOWN_RELEASES: readonly KnownRelease[] = (
  [
    ['3.1.0', '6953534de441', '8606fa83a998'],
    ['3.1.1', 'bda7b8c39065', '8606fa83a998'],
    ['3.1.3', 'bda7b8c39065', '8606fa83a998'],
    ['3.1.4', 'bda7b8c39065', '8606fa83a998'],
    ['3.2.0', '770bee3ae1dd', '8606fa83a998'],
    ['3.3.0', '1a0cddfcaa16', '8606fa83a998'],
    ['3.3.1', '1a0cddfcaa16', '8606fa83a998'],
    ['3.3.2', '1a0cddfcaa16', '8606fa83a998'],
    ['3.4.0', '71994744cf8e', '8606fa83a998'],
    ['3.5.0', 'bf29a5ff90ea', '8606fa83a998'],
    ['3.5.1', 'bf29a5ff90ea', '8606fa83a998'],
    ['3.6.0', 'bf29a5ff90ea', '8606fa83a998'],
    ['3.7.0', 'bf29a5ff90ea', '0965eb92f5f0'],
    ['3.8.0', '1bd49d398cd23', '0965eb92f5f0'],
    ['3.8.1', '1bd49d398cd23', '0965eb92f5f0'],
    ['3.9.0', 'd3e4f5a6b7c8', 'a1b2c3d4e5f6'],
    ['3.10.0', '1b5f0d9ad7c1', '2ed73881770d'],
    ['3.10.1', '1b5f0d9ad7c1', '2ed73881770d'],
    ['3.11.1', 'c3d6457b6d8a', '2ed73881770d'],
    ['3.12.0', '7d34483879f0', 'c3d4e5f6a7b8'],
    ['3.13.0', 'da6fb0208061', 'f1a2b3c4d5e6'],
    ['3.14.0', 'b7e4c1a90f23', 'f1a2b3c4d5e6'],
    ['3.15.0', '6f8d9c3b2a1e', 'f1a2b3c4d5e6'],
    ['3.15.1', '6f8d9c3b2a1e', 'f1a2b3c4d5e6'],
    ['3.15.2', '6f8d9c3b2a1e', 'f1a2b3c4d5e6'],
    ['3.16.0', 'b7e2c1a4d9f3', 'f1a2b3c4d5e6'],
    ['3.16.1', 'b7e2c1a4d9f3', 'f1a2b3c4d5e6'],
    ['3.17.0', 'dc11669786a5', 'f1a2b3c4d5e6'],
    ['3.17.1', 'dc11669786a5', 'f1a2b3c4d5e6'],
    ['3.17.2', 'dc11669786a5', 'f1a2b3c4d5e6'],
    ['3.18.0', 'f4a9b2c7d1e6', 'f1a2b3c4d5e6'],
  ] as const
).map(([version, trackingSchema, authSchema]) => ({ version, trackingSchema, authSchema }));

/** Something that a release can do. */
export type Capability = keyof typeof CAPABILITIES;

/** One MLflow release. */
export interface Release {
  /** As in "3.1.0". */
  readonly version: string;
  /** Whether the release has a capability. */
  can(capability: Capability): boolean;
  /** Whether the release is the given one or newer. */
  atLeast(version: string): boolean;
}

/** The release that added a capability, for messages. */
export const sinceRelease = (capability: Capability): string => CAPABILITIES[capability].since;

/**
 * Reads a release number.
 *
 * @throws RangeError when the text is no release such as "3.1.0".
 */
export function releaseNumber(version: string): ReleaseNumber {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (!match) throw new RangeError(`not a release: ${version}`);
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Less than, equal to or greater than 0 as `a` is older than, the same as or newer than `b`. */
export function compareReleases(a: string, b: string): number {
  const [x, y] = [releaseNumber(a), releaseNumber(b)];
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
}

/** What is known of a release. */
export function release(version: string): Release {
  const atLeast = (other: string) => compareReleases(version, other) >= 0;
  return { version, atLeast, can: (capability) => atLeast(CAPABILITIES[capability].since) };
}

/**
 * The release that an image tag names ("3.1.0-4", "v3.18.0-full"), or undefined. A date such as 2026.11.23 names none.
 */
export function releaseOfTag(tag: string): string | undefined {
  return /^v?(\d{1,2}\.\d+\.\d+)(?![\d.])/.exec(tag)?.[1];
}
