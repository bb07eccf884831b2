import type { Collected, Component, Observed } from '../components/component';
import type { Connections } from '../components/network-policy/addresses';
import type { TlsSecret } from '../components/shared/contributions/certificates';
import type { MountedClaim } from '../components/shared/contributions/claims';
import type { Alert, PlacedPanel } from '../components/shared/contributions/observability';
import type { Reference } from '../components/shared/contributions/references';
import type { ReservedVariables } from '../components/shared/contributions/reserved-variables';
import { seriesOf } from '../components/shared/contributions/series';
import type { Variable } from '../kubernetes/variables';
import { COMPONENTS } from './components';
import type { Environment } from './model';
import type { ResolvedEnvironment } from './resolved-environment';

/** A component as the whole environment sees it. Each needs only some of the sections that it gets. */
export type EnvironmentComponent = Component<Environment, unknown, ResolvedEnvironment>;

/** Every component. The type checks that an environment has the sections that each of them needs. */
export const ALL: readonly EnvironmentComponent[] = COMPONENTS;

/**
 * The contributions of the components of an environment.
 *
 * @param components @default every component
 */
export function collect(environment: ResolvedEnvironment, components = ALL): Collected {
  return {
    claims: claimsOf(environment, components),
    ...connectionsOf(environment, components),
    serviceAnnotations: Object.assign({}, ...components.map((each) => each.serviceAnnotations?.(environment))),
    entryPoints: components.flatMap((component) => component.entryPoints?.(environment) ?? []),
    alerts: () => alertsOf(environment, components),
    panels: () => panelsOf(environment, components),
  };
}

/** What the pods of an environment connect to. */
export const connectionsOf = (environment: ResolvedEnvironment, components = ALL): Connections => ({
  traffic: components.flatMap((component) => component.traffic?.(environment) ?? []),
  targets: components.flatMap((component) => component.targets?.(environment) ?? []),
});

/** The claims that pods of an environment mount, or that it creates. */
export const claimsOf = (environment: ResolvedEnvironment, components = ALL): MountedClaim[] =>
  components.flatMap((component) => component.claims?.(environment) ?? []);

/** The Secrets with certificates of an environment. */
export const certificatesOf = (environment: ResolvedEnvironment): TlsSecret[] =>
  ALL.flatMap((component) => component.certificates?.(environment) ?? []);

/** The accounts of an environment's pods, besides that of the server. */
export const accountsOf = (environment: ResolvedEnvironment): string[] =>
  ALL.flatMap((component) => component.accounts?.(environment) ?? []);

/** The alerts of an environment. */
export function alertsOf(environment: ResolvedEnvironment, components = ALL): Alert[] {
  const observed = observedIn(environment, components);
  return components.flatMap((component) => component.alerts?.(environment, observed) ?? []);
}

/** The panels of an environment's dashboard. */
export function panelsOf(environment: ResolvedEnvironment, components = ALL): PlacedPanel[] {
  const observed = observedIn(environment, components);
  return components.flatMap((component) => component.panels?.(environment, observed) ?? []);
}

function observedIn(environment: ResolvedEnvironment, components: readonly EnvironmentComponent[]): Observed {
  const storePods = components.flatMap((component) => component.storePods?.(environment) ?? []);
  const claims = claimsOf(environment, components).map(({ claim }) => claim.name);
  const owner = { name: environment.name, namespace: environment.namespace.name };
  return { series: seriesOf(owner, storePods), claims: [...new Set(claims)] };
}

/** Objects that pods name and an external system creates, besides Secrets that the environment names by their keys. */
export const providedReferences = (environment: ResolvedEnvironment): Reference[] =>
  ALL.flatMap((component) => component.provided?.(environment) ?? []);

/** Variables that `server.env` may not set although we do not set them. */
export const RESERVED_VARIABLES: readonly ReservedVariables[] = ALL.flatMap(({ reserved }) => reserved ?? []);

/** Every variable that we set in a container which takes `server.env` too. */
export const ownVariables = (environment: ResolvedEnvironment): Variable[] =>
  ALL.flatMap((component) => component.variables?.(environment) ?? []);
