import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { Check, Issue } from '../input/issue';
import type { Variable } from '../kubernetes/variables';
import type { Release } from '../mlflow/releases';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import type { Thresholds } from './monitoring/thresholds';
import type { TlsSecret } from './shared/contributions/certificates';
import type { MountedClaim } from './shared/contributions/claims';
import type { Alert, PlacedPanel } from './shared/contributions/observability';
import type { LocatedPatch } from './shared/contributions/patches';
import type { Reference } from './shared/contributions/references';
import type { ReservedVariables } from './shared/contributions/reserved-variables';
import type { SecretKey } from './shared/contributions/secret-keys';
import type { Series } from './shared/contributions/series';
import type { PodTraffic, Target } from './shared/contributions/traffic';
import type { Instance } from './shared/instance';
import type { Programs } from './shared/programs';
import type { Risk } from './shared/risks/risk';

/**
 * One part of an environment: what a user writes for it, what it becomes, and what others need to know of it. Each
 * function takes the sections that it needs; the whole environment has them all.
 *
 * @typeParam Given the sections as a user wrote them, with plain defaults
 * @typeParam Part what it adds to the resolved environment
 * @typeParam Resolved the resolved sections that its contributions and its construct need
 */
export interface Component<Given, Part, Resolved> extends Contributions<Resolved> {
  /** What a user writes: top-level keys of the environment file, each with its description. */
  readonly sections: Readonly<Record<string, z.ZodType>>;
  /** Checks between keys, whatever the MLflow release. */
  readonly checks?: (given: Given) => readonly Check[];
  /** Fills in the defaults that depend on the release or on other sections. */
  readonly resolve: (given: Given, release: Release) => Part;
  /** Maximum number of connections to PostgreSQL of all its Jobs together. @default none */
  readonly connections?: (given: Given) => number;
  /** What the release does not support, or what conflicts with other sections. */
  readonly issues?: (resolved: Resolved) => readonly Issue[];
  /** Warnings: what you should know, but is allowed. */
  readonly warnings?: (resolved: Resolved) => readonly Issue[];
  /** What its keys open beyond what they say, unless `allow` accepts it. */
  readonly risks?: (resolved: Resolved) => readonly Risk[];
  /** The file of its objects. @default none, because it has no objects of its own */
  readonly file?: string;
  /** Creates its objects. A file without objects is not written. */
  readonly create?: (scope: Construct, id: string, resolved: Resolved, context: ChartContext) => void;
}

/** What a component declares for the others. No central list repeats any of it. */
export interface Contributions<Resolved> {
  /** The keys of Secrets that its pods or the nodes read. */
  readonly secretKeys?: (resolved: Resolved) => readonly SecretKey[];
  /** The Secrets with its certificates. */
  readonly certificates?: (resolved: Resolved) => readonly TlsSecret[];
  /** Objects that an external system creates, and that its pods name. */
  readonly provided?: (resolved: Resolved) => readonly Reference[];
  /** The claims that its pods mount, or that it creates for you. */
  readonly claims?: (resolved: Resolved) => readonly MountedClaim[];
  /** The variables of its containers that take `server.env` too. */
  readonly variables?: (resolved: Resolved) => readonly Variable[];
  /** Variables that `server.env` may not set, beside those of `variables`. */
  readonly reserved?: readonly ReservedVariables[];
  /** Names of the ServiceAccounts that it creates, besides that of the server. */
  readonly accounts?: (resolved: Resolved) => readonly string[];
  /** What its pods may connect to, and who may connect to them. */
  readonly traffic?: (resolved: Resolved) => readonly PodTraffic[];
  /** What pods may connect to, by a name that `traffic` uses. */
  readonly targets?: (resolved: Resolved) => readonly Target[];
  /** The programs that its pods start, by path. */
  readonly entryPoints?: (resolved: Resolved) => readonly string[];
  /** Parts of objects that are written as they are in Kubernetes, and so checked as patches are. */
  readonly patches?: (resolved: Resolved) => readonly LocatedPatch[];
  /** Annotations of the Service, by which what leads to it learns how. */
  readonly serviceAnnotations?: (resolved: Resolved) => Readonly<Record<string, string>>;
  /** Names of its pods that run all the time, besides those of the server. */
  readonly storePods?: (resolved: Resolved) => readonly string[];
  /** Alerts about what it runs. Without `monitoring.rules` none is written. */
  readonly alerts?: (resolved: Resolved, observed: Observed) => readonly Alert[];
  /** What an environment needs before an alert uses a threshold. @default nothing */
  readonly thresholds?: Partial<Readonly<Record<keyof Thresholds, string>>>;
  /** Panels of the dashboard about what it runs. */
  readonly panels?: (resolved: Resolved, observed: Observed) => readonly PlacedPanel[];
}

/** What alerts and panels query. */
export interface Observed {
  /** The series of the instance. */
  readonly series: Series;
  /** Names of the claims that the instance mounts. */
  readonly claims: readonly string[];
}

/** The contributions of all components of an environment, which some constructs are created from. */
export interface Collected {
  readonly claims: readonly MountedClaim[];
  readonly traffic: readonly PodTraffic[];
  readonly targets: readonly Target[];
  readonly serviceAnnotations: Readonly<Record<string, string>>;
  /** The programs that the pods of all components start. */
  readonly entryPoints: readonly string[];
  /** Computed when called: most environments have no monitoring. */
  alerts(): readonly Alert[];
  /** Computed when called, for the same reason. */
  panels(): readonly PlacedPanel[];
}

/** What a chart passes to each construct. */
export interface ChartContext {
  /** The instance that the objects belong to. */
  readonly instance: Instance;
  /** The programs that run inside the pods. */
  readonly programs: Programs;
  /** The environment's SealedSecrets; none unless Secrets have the provider `sealed`. */
  readonly sealedSecrets: readonly SealedSecret[];
  /** The contributions of all components. */
  readonly others: Collected;
}
