import { findRelease, RELEASE_KEYS } from '../components/image/resolve';
import { addressIssues, addressWarnings } from '../components/network-policy/addresses';
import { generatedSecrets } from '../components/secrets/generated/generated';
import { requiredSecrets } from '../components/secrets/required';
import { connectionIssues, connectionNeeds, connectionPool, SMALLEST_POOL } from '../components/server/connections';
import { variableIssues } from '../components/server/variables/user-variables';
import { accountIssues } from '../components/shared/contributions/accounts';
import { certificateIssues } from '../components/shared/contributions/certificates';
import { claimIssues } from '../components/shared/contributions/claims';
import { locatedPatches } from '../components/shared/contributions/patches';
import { reportedRisks } from '../components/shared/risks/risk';
import type { Issue, Path } from '../input/issue';
import { NEWEST_RELEASE, type Release, release } from '../mlflow/releases';
import { COMPONENTS, type ResolvedSections } from './components';
import {
  ALL,
  accountsOf,
  certificatesOf,
  claimsOf,
  connectionsOf,
  ownVariables,
  RESERVED_VARIABLES,
} from './contributions';
import type { Environment } from './model';
import type { ComponentSections, DerivedSections, ResolvedEnvironment } from './resolved-environment';
import { environmentRisks } from './risks';
import { unusedThresholds } from './unused-thresholds';

/** The outcome of resolving: the environment if there is no issue, and what you should know. */
export interface Resolution {
  readonly environment?: ResolvedEnvironment;
  /** The environment as far as it can be resolved in spite of issues. */
  readonly known: ResolvedEnvironment;
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
}

/**
 * Fills in what depends on the release or on another section, and checks what depends on the release. Pure: no clock,
 * no files, no cluster.
 */
export function resolve(given: Environment): Resolution {
  const { version, issues: unclear } = findRelease(given);
  // If the release is unknown, the rest is checked anyway, so that every issue is reported at once.
  const sections = resolveSections(given, release(version ?? NEWEST_RELEASE));
  const needs = connectionNeeds(sections, jobConnections(given));
  const environment = { ...sections, ...derive(sections, needs) };
  const connections = connectionsOf(environment);
  const risks = reportedRisks(environmentRisks(environment), given.allow);
  const others = [
    ...ALL.flatMap((component) => component.issues?.(environment) ?? []).map(ofRelease),
    ...connectionIssues(needs),
    ...userVariableIssues(environment),
    ...certificateIssues(certificatesOf(environment), environment.requiredSecrets, environment.namespace.name),
    ...claimIssues(claimsOf(environment)),
    ...accountIssues(environment, accountsOf(environment)),
    ...addressIssues(environment, connections),
  ];
  // A value that is not allowed at all needs no advice on what it opens.
  const certain = [...unclear, ...others.filter(isElsewhere(unclear))];
  const issues = [...certain, ...risks.issues.filter(isElsewhere(certain))];
  const warnings = [
    ...ALL.flatMap((component) => component.warnings?.(environment) ?? []),
    ...addressWarnings(environment, connections),
    ...unusedThresholds(environment),
    ...risks.warnings,
  ];
  return { environment: issues.length > 0 ? undefined : environment, known: environment, issues, warnings };
}

/** Variables that `server.env` and the authentication app may not set. */
function userVariableIssues(environment: ResolvedEnvironment): Issue[] {
  const { server, auth, release: mlflow } = environment;
  const { app } = auth;
  const issuesOf = (given: typeof server | NonNullable<typeof app>, at: Path, among: ResolvedEnvironment) =>
    variableIssues({ ...given, release: mlflow }, at, ownVariables(among), RESERVED_VARIABLES);
  const others = app && {
    ...environment,
    auth: { ...auth, app: { ...app, env: {}, envReferences: {}, database: undefined } },
  };
  return [
    ...issuesOf(server, ['server', 'env'], environment),
    ...(others ? issuesOf(app, ['auth', 'app', 'env'], others) : []),
  ];
}

/** Whether an issue is of another value than these. */
function isElsewhere(issues: readonly Issue[]): (issue: Issue) => boolean {
  const known = new Set(issues.map(({ path }) => path.join()));
  return ({ path }) => !known.has(path.join());
}

/** An issue that depends on the release, and so on the keys that say which it is. */
const ofRelease = (issue: Issue): Issue => ({ ...issue, dependsOn: [...(issue.dependsOn ?? []), ...RELEASE_KEYS] });

function resolveSections(given: Environment, mlflow: Release): ComponentSections {
  const { name, mlflowVersion, labels, annotations, allow } = given;
  const patches = locatedPatches(given.patches);
  const parts = COMPONENTS.map((component) => component.resolve(given));
  const resolved = Object.assign({}, ...parts) as ResolvedSections;
  return { name, mlflowVersion, labels, annotations, allow, patches, release: mlflow, ...resolved };
}

/** Maximum number of connections of all Jobs together. */
const jobConnections = (given: Environment): number =>
  ALL.reduce((sum, component) => sum + (component.connections?.(given) ?? 0), 0);

function derive(sections: ComponentSections, needs: ReturnType<typeof connectionNeeds>): DerivedSections {
  const keys = COMPONENTS.flatMap((component) => ('secretKeys' in component ? component.secretKeys(sections) : []));
  const required = requiredSecrets(sections.namespace.name, keys, sections.secrets);
  return {
    patches: [
      ...COMPONENTS.flatMap((component) => ('patches' in component ? component.patches(sections) : [])),
      ...sections.patches,
    ],
    // Too few connections are an issue of their own.
    connectionPool: connectionPool(needs) ?? SMALLEST_POOL,
    requiredSecrets: required,
    generatedSecrets: generatedSecrets(required),
  };
}
