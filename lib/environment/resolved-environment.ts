import type { GeneratedSecret } from '../components/secrets/generated/generated';
import type { ConnectionPool } from '../components/server/connections';
import type { LocatedPatch } from '../components/shared/contributions/patches';
import type { RequiredSecret } from '../components/shared/contributions/secret-keys';
import type { DeepReadonly } from '../input/deep-readonly';
import type { Release } from '../mlflow/releases';
import type { ResolvedSections } from './components';
import type { Environment } from './model';

/** The keys of an environment file that belong to no component. */
type Shared = DeepReadonly<Pick<Environment, 'name' | 'mlflowVersion' | 'labels' | 'annotations' | 'allow'>>;

/** The resolved sections of all components, with the MLflow release in the image and the patches of the user. */
export type ComponentSections = Shared &
  ResolvedSections & { readonly release: Release; readonly patches: readonly LocatedPatch[] };

/** An environment with all defaults filled in: what the constructs are created from. */
export type ResolvedEnvironment = ComponentSections & DerivedSections;

/** What follows from the contributions of all components. */
export interface DerivedSections {
  /** Those that follow from keys, and behind them those of `patches`, which can change their parts. */
  readonly patches: readonly LocatedPatch[];
  /** Connections to PostgreSQL of each server process. */
  readonly connectionPool: ConnectionPool;
  /** Every Secret that the environment names by its keys, whatever creates it. */
  readonly requiredSecrets: readonly RequiredSecret[];
  /** The Secrets that Jobs in the cluster create: those with the provider `generated`. */
  readonly generatedSecrets: readonly GeneratedSecret[];
}
