import type { Issue } from '../../input/issue';
import type { Release } from '../../mlflow/releases';
import { mostReplicas } from '../shared/replicas';
import type { Server } from './resolve';

/** How many connections each worker may open to PostgreSQL per engine. */
export interface ConnectionPool {
  /** Connections kept open. SQLAlchemy's pool_size; never 0, which MLflow reads as unset. */
  readonly size: number;
  /** Connections opened beyond that under load and closed again. Never 0, for the same reason. */
  readonly overflow: number;
}

/** Tracking, registry and authentication each have an engine of their own in every worker. */
const ENGINES = 3;
/** uvicorn's thread pool is larger than any sensible pool; above this more connections gained nothing when measured. */
const ENOUGH = 10;
/** The smallest pool with which a server works. */
export const SMALLEST_POOL: ConnectionPool = { size: 1, overflow: 1 };

/** What the size of the pool depends on. */
export interface ConnectionNeeds {
  readonly release: Release;
  readonly maxConnections: number;
  /** Maximum number of pods at the same time: in a rollout, the terminating and the starting ones. */
  readonly pods: number;
  /** Maximum number of pods that serve: each may replace a worker, which serves until the replacement does. */
  readonly replicas: number;
  readonly workers: number;
  /** Threads per worker with gunicorn. */
  readonly threads: number;
  /** Connections of all Jobs together. @default 0 */
  readonly jobs?: number;
}

/** The sections that decide how many connections are needed. */
export interface ConnectedSections {
  readonly release: Release;
  readonly database: { readonly maxConnections: number };
  readonly server: Server;
}

/**
 * What an environment needs.
 *
 * @param jobs connections of all Jobs together
 */
export function connectionNeeds({ release, database, server }: ConnectedSections, jobs: number): ConnectionNeeds {
  // In a rolling update a pod that shuts down still holds its connections while the next ones start.
  const replicas = Math.max(mostReplicas(server), 1);
  const pods = replicas * (server.rollout === 'RollingUpdate' ? 2 : 1);
  const { maxConnections } = database;
  return { release, maxConnections, pods, replicas, workers: server.workers, threads: server.threads, jobs };
}

/**
 * The largest pool with which all workers of all pods stay within `maxConnections`, or undefined if not even the
 * smallest does.
 */
export function connectionPool(needs: ConnectionNeeds): ConnectionPool | undefined {
  const forPods = needs.maxConnections - (needs.jobs ?? 0);
  const useful = needs.release.can('uvicorn') ? ENOUGH : Math.min(needs.threads, ENOUGH);
  const each = Math.min(Math.floor(forPods / engines(needs)), Math.max(useful, 2));
  return each < SMALLEST_POOL.size + SMALLEST_POOL.overflow ? undefined : { size: each - 1, overflow: 1 };
}

/**
 * Maximum number of engines at the same time. A loader has one of each, and an init container fewer, while their pod
 * still lacks the worker to come.
 */
const engines = ({ pods, replicas, workers }: ConnectionNeeds): number => (pods * workers + replicas) * ENGINES;

/** What the number of connections follows from. */
const CONNECTED = [
  ...['autoscaling', 'replicas', 'resources', 'rollout', 'threads', 'workers'].map((key) => ['server', key]),
  ['storage', 'data'],
  ['backup'],
  ['garbageCollection'],
];

/** PostgreSQL has fewer connections than the smallest pools need. */
export function connectionIssues(needs: ConnectionNeeds): Issue[] {
  if (connectionPool(needs)) return [];
  const message = `is ${needs.maxConnections}, but ${needs.pods} pods (including those of a rolling update) with ${needs.workers} workers each, and one more while a worker is replaced, may need ${minimumConnections(needs)} connections (raise it and PostgreSQL's max_connections, or use fewer replicas or workers)`;
  return [{ path: ['database', 'maxConnections'], dependsOn: CONNECTED, message }];
}

/** The fewest connections that are enough. */
export function minimumConnections(needs: ConnectionNeeds): number {
  return engines(needs) * (SMALLEST_POOL.size + SMALLEST_POOL.overflow) + (needs.jobs ?? 0);
}
