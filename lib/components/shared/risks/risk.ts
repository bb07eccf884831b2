import { type Advice, type Issue, messageOf } from '../../../input/issue';

/** What a setting can open. Each is reported, unless `allow` names it. */
export const RISKS = {
  'no-login': {
    level: 'issue',
    means: 'clients outside the cluster need no login, or requests are answered whatever the permission',
  },
  'plain-secrets': { level: 'issue', means: 'a password, key or token is readable in the manifests' },
  'foreign-code': {
    level: 'issue',
    means: 'a variable or an option makes the programs of the pods run code from elsewhere',
  },
  'open-network': { level: 'warning', means: 'more addresses or pods can connect than the environment needs' },
  'plain-connections': {
    level: 'warning',
    means: 'a connection outside the cluster is not encrypted, or the server at its end is not verified',
  },
  'weak-server': {
    level: 'warning',
    means: 'MLflow refuses less than by default: foreign websites, requests to internal addresses, jobs of users',
  },
  'weak-pods': {
    level: 'warning',
    means: 'a pod is less protected than those of synth, or its image can change between pulls',
  },
  'exposed-backups': { level: 'warning', means: 'what destroys or reads the data can destroy or read the backups too' },
  'early-deletion': {
    level: 'warning',
    means: 'deleted data can be restored for less than a day, or is in no backup a day later',
  },
  'verbose-logs': { level: 'warning', means: 'logs contain values of users' },
} as const satisfies Readonly<Record<string, { readonly level: 'issue' | 'warning'; readonly means: string }>>;

/** The name of a risk, by which `allow` accepts it. */
export type RiskName = keyof typeof RISKS;

/** The names of all risks. */
export const RISK_NAMES = Object.keys(RISKS) as [RiskName, ...RiskName[]];

/** A setting that opens more than its name says: what it opens, and what to do instead. */
export interface Risk extends Omit<Issue, 'message'>, Advice {
  readonly risk: RiskName;
}

/** Risks as they are reported. */
export interface ReportedRisks {
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
}

/** What is to be reported of risks: nothing of an allowed one, and how to allow the others. */
export function reportedRisks(risks: readonly Risk[], allow: readonly RiskName[]): ReportedRisks {
  const ofLevel = (level: 'issue' | 'warning') =>
    risks
      .filter(({ risk }) => RISKS[risk].level === level && !allow.includes(risk))
      .map(({ risk, what, fix, ...issue }) => ({
        ...issue,
        // What is invalid there may be meant to allow it.
        dependsOn: [...(issue.dependsOn ?? []), ['allow']],
        message: messageOf({ what, fix }, `add ${risk} to allow`),
      }));
  return { issues: ofLevel('issue'), warnings: ofLevel('warning') };
}

/** A row of a table of risks: reported if it applies. */
export interface RiskCheck extends Risk {
  readonly applies: boolean;
}

/** The risks of a table that apply. */
export const appliedRisks = (checks: readonly RiskCheck[]): Risk[] =>
  checks.filter(({ applies }) => applies).map(({ applies: _, ...risk }) => risk);
