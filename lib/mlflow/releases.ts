/**
 * What each MLflow release can do, as far as it decides what is rendered. A capability is the release that brought
 * it; adding one is adding a row.
 */

/** A release as three numbers. */
export type ReleaseNumber = readonly [major: number, minor: number, patch: number];

/** The oldest release that is rendered. */
export const OLDEST_RELEASE = '3.1.0';

/** The newest release that was tested; newer ones are rendered like it, with a warning. */
export const NEWEST_RELEASE = '3.18.0';

/** The image that is used when none is named: the newest tested release, with drivers and authentication. */
export const DEFAULT_TAG = `v${NEWEST_RELEASE}-full`;

/** The release that brought each capability. */
const SINCE = {
  /** The server program is uvicorn; before it gunicorn. @see https://github.com/mlflow/mlflow/pull/17215 release 3.3.0 */
  uvicorn: '3.3.0',
  /** Basic authentication works under uvicorn; on 3.3.x every request fails. @see https://github.com/mlflow/mlflow/issues/17324 */
  basicAuthUnderUvicorn: '3.4.0',
  /** Host header and browser origin are checked. Release 3.5.0. */
  hostCheck: '3.5.0',
  /** Background jobs can be turned off (they run by default from 3.9.0). Release 3.5.0. */
  jobs: '3.5.0',
  /** The health page moves below the static prefix, and asks for a login there. @see https://github.com/mlflow/mlflow/issues/19691 release 3.7.0 */
  prefixedHealth: '3.7.0',
  /** The launcher passes SIGTERM on to the server. @see https://github.com/mlflow/mlflow/pull/20373 release 3.10.0 */
  signals: '3.10.0',
  /** Routes outside Flask ask for a login too, and read it as ASCII: with any other character they answer 401 (artifact uploads among them, later on). Read in the packages of 3.10.0 to 3.18.0, met on 3.18.0. */
  asciiLogin: '3.10.0',
  /** The INI key auth_cache_ttl_seconds. Absent in the package of 3.11.1, present in 3.12.0. */
  authenticationCache: '3.12.0',
  /** The official -full image holds what basic authentication needs. @see https://github.com/mlflow/mlflow/pull/23892 release 3.14.0 */
  fullImageWithAuthentication: '3.14.0',
  /** The official image exists with drivers (-full). Release 3.9.0. */
  fullImage: '3.9.0',
  /** No high advisory is known below it that a served deployment meets (stored scripts, open job routes). Release 3.11.1. */
  advisories: '3.11.1',
} as const;

/** Something that a release can do. */
export type Capability = keyof typeof SINCE;

/** One MLflow release. */
export interface Release {
  /** As in "3.1.0". */
  readonly version: string;
  /** Whether the release has a capability. */
  can(capability: Capability): boolean;
  /** Whether the release is at least the one given. */
  atLeast(version: string): boolean;
}

/** The release that brought a capability, for messages. */
export const sinceRelease = (capability: Capability): string => SINCE[capability];

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
  return { version, atLeast, can: (capability) => atLeast(SINCE[capability]) };
}

/** The release that an image tag names ("3.1.0-4", "v3.18.0-full"), or undefined. A date such as 2026.11.23 names none. */
export function releaseOfTag(tag: string): string | undefined {
  return /^v?(\d{1,2}\.\d+\.\d+)(?![\d.])/.exec(tag)?.[1];
}
