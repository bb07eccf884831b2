import { KNOWN_RELEASES, type Release, release } from '../releases';
import { ACCESS_VULNERABILITIES } from './access';
import { ATTACKERS, type Exposure, MITIGATIONS, SEVERITIES, type Vulnerability } from './model';
import { SERVER_VULNERABILITIES } from './server';
import { UNPUBLISHED_VULNERABILITIES } from './unpublished';

/**
 * Known vulnerabilities of the tracking server, from the advisories and from what we found ourselves.
 *
 * @see https://github.com/mlflow/mlflow/security/advisories
 */
export const VULNERABILITIES: readonly Vulnerability[] = [
  ...UNPUBLISHED_VULNERABILITIES,
  ...ACCESS_VULNERABILITIES,
  ...SERVER_VULNERABILITIES,
];

/** Vulnerabilities of a release that an environment's settings do not mitigate, the most severe first. */
export const remainingVulnerabilities = (mlflow: Release, exposure: Exposure): Vulnerability[] =>
  VULNERABILITIES.filter((each) => affects(each, mlflow) && remains(each, exposure)).toSorted(
    (a, b) => order(SEVERITIES, a.severity, b.severity) || order(Object.keys(ATTACKERS), a.needs, b.needs),
  );

/** The release from which on no known vulnerability remains with these settings, or undefined. */
export function releaseWithout(exposure: Exposure): string | undefined {
  const last = KNOWN_RELEASES.findLastIndex(
    ({ version }) => remainingVulnerabilities(release(version), exposure).length > 0,
  );
  return KNOWN_RELEASES[last + 1]?.version;
}

/** Whether a release has a vulnerability. */
export const affects = ({ since, fixedIn }: Vulnerability, mlflow: Release): boolean =>
  (since === undefined || mlflow.atLeast(since)) && (fixedIn === undefined || !mlflow.atLeast(fixedIn));

function remains({ concerns, mitigatedBy = [] }: Vulnerability, exposure: Exposure): boolean {
  const isMitigated = mitigatedBy.length > 0 && mitigatedBy.every((name) => MITIGATIONS[name].holds(exposure));
  // Without a login there are no permissions, and everyone may do everything anyway; an app has its own checks.
  return !isMitigated && (concerns !== 'access' || exposure.basicAuth);
}

const order = <Name>(names: readonly Name[], a: Name, b: Name): number => names.indexOf(a) - names.indexOf(b);
