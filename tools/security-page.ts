import { KNOWN_RELEASES, OLDEST_RELEASE, release, releaseNumber } from '../lib/mlflow/releases';
import { VULNERABILITIES_ELSEWHERE } from '../lib/mlflow/vulnerabilities/elsewhere';
import {
  ATTACKERS,
  type Exposure,
  MITIGATIONS,
  SEVERITIES,
  type Vulnerability,
} from '../lib/mlflow/vulnerabilities/model';
import { remainingVulnerabilities, VULNERABILITIES } from '../lib/mlflow/vulnerabilities/remaining';
import { markdownTable } from './markdown-table';

/** What an environment with the default settings and stores of its own choice leaves to an attacker. */
const DEFAULTS: Exposure = { login: true, basicAuth: true, jobs: false, ownStoresOnly: false };

/** The generated tables of the page, by the name in their markers. */
const TABLES: Readonly<Record<string, () => string[]>> = {
  releases: releaseTable,
  vulnerabilities: vulnerabilityTable,
  elsewhere: elsewhereTable,
};

/**
 * The page on security with its tables up to date: what is between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 *
 * @throws Error if the page lacks the markers of a table
 */
export function securityPage(page: string): string {
  return Object.entries(TABLES).reduce((text, [name, lines]) => {
    const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/security.md: no markers of the table ${name}`);
    return `${text.slice(0, from + begin.length)}\n${lines().join('\n')}\n\n${text.slice(to)}`;
  }, page);
}

/** Releases in a row of which the same remains are one row. */
function releaseTable(): string[] {
  const rows: { first: string; last: string; remaining: Vulnerability[] }[] = [];
  for (const { version } of KNOWN_RELEASES) {
    const remaining = remainingVulnerabilities(release(version), DEFAULTS);
    const before = rows.at(-1);
    if (before && isSame(before.remaining, remaining)) before.last = version;
    else rows.push({ first: version, last: version, remaining });
  }
  return markdownTable(
    ['release', ...SEVERITIES, 'the most severe'],
    rows.map(({ first, last, remaining }) => [
      first === last ? first : `${first} to ${last}`,
      ...SEVERITIES.map((severity) => count(remaining, severity)),
      remaining[0] ? sentence(remaining[0]) : 'none known',
    ]),
  );
}

const isSame = (a: readonly Vulnerability[], b: readonly Vulnerability[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index]);

const count = (all: readonly Vulnerability[], severity: Vulnerability['severity']): string =>
  String(all.filter((each) => each.severity === severity).length || '');

const sentence = ({ needs, what }: Vulnerability): string => `${ATTACKERS[needs]} can ${what}`;

function vulnerabilityTable(): string[] {
  return markdownTable(
    ['since', 'fixed in', 'id', 'what', 'severity', 'not exploitable if', 'known from'],
    VULNERABILITIES.toSorted((a, b) => rank(a.fixedIn) - rank(b.fixedIn)).map((each) => [
      each.since ?? `${OLDEST_RELEASE} or older`,
      each.fixedIn ?? 'no release',
      each.ids.join(', ') || 'none',
      sentence(each),
      each.severity,
      (each.mitigatedBy ?? []).map((name) => MITIGATIONS[name].because).join(', and '),
      Object.entries(each.source)
        .map(([kind, what]) => `${kind}: ${what}`)
        .join('; '),
    ]),
  );
}

/** A release as one number, in their order; one that does not exist yet is the last. */
function rank(version: string | undefined): number {
  return version ? releaseNumber(version).reduce((sum, part) => sum * 1000 + part, 0) : Number.POSITIVE_INFINITY;
}

function elsewhereTable(): string[] {
  return markdownTable(
    ['id', 'where it is'],
    VULNERABILITIES_ELSEWHERE.map(({ ids, where }) => [ids.join(', '), where]),
  );
}
