import type { Environment } from '../environment/schema';
import type { ConnectionPool } from './connections';
import type { Release } from './releases';

/** All of a type and of what it holds, read only. */
export type DeepReadonly<T> = T extends (...given: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Amounts of CPU, memory and disk, all of them said. */
export type Resources = { requests: Amounts; limits: Amounts };
type Amounts = { cpu: string; memory: string; 'ephemeral-storage': string };

interface Resolved
  extends Omit<
    Environment,
    'extends' | 'mlflowVersion' | 'image' | 'server' | 'database' | 'artifacts' | 'availability' | 'storage'
  > {
  /** The MLflow release in the image. */
  release: Release;
  /** The image with tag and digest as a pod names it. */
  image: { reference: string; pullPolicy: Environment['image']['pullPolicy']; pullSecret?: string };
  server: Omit<Environment['server'], 'workers' | 'rollout' | 'resources'> & {
    workers: number;
    rollout: 'RollingUpdate' | 'Recreate';
    resources: Resources;
  };
  database: Environment['database'] & { host: string; pool: ConnectionPool };
  artifacts: Omit<Environment['artifacts'], 's3'> & { s3: Environment['artifacts']['s3'] & { bucket: string } };
  availability: Required<Environment['availability']>;
  storage: { data?: NonNullable<Environment['storage']['data']> & { name: string } };
  /** How a password found right is remembered: by the release itself, by our module, or not at all. */
  authenticationCache: 'release' | 'module' | 'none';
}

/** An environment in which nothing is left open: what the constructs see. */
export type ResolvedEnvironment = DeepReadonly<Resolved>;
