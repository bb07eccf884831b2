import type { Release } from '../../mlflow/releases';

/** How many connections each worker may open to PostgreSQL per engine. */
export interface ConnectionPool {
  /** Connections kept open. SQLAlchemy's pool_size; never 0, which MLflow reads as unset. */
  readonly size: number;
  /** Connections opened beyond that under load and closed again. Never 0, for the same reason. */
  readonly overflow: number;
}

/** Tracking, registry and authentication each have an engine of their own in every worker. */
const ENGINES = 3;
/** The launcher's own connections in each pod, and those of a pod that prepares. */
const LAUNCHER = 3;
/** uvicorn's thread pool is larger than any sensible pool; above this more connections gained nothing when measured. */
const ENOUGH = 10;
const SMALLEST: ConnectionPool = { size: 1, overflow: 1 };

/** What the size of the pool depends on. */
export interface ConnectionNeeds {
  readonly release: Release;
  readonly maxConnections: number;
  /** Pods at once at most: in a rollout those that end and those that start. */
  readonly pods: number;
  readonly workers: number;
  /** Threads a worker under gunicorn. */
  readonly threads: number;
  /** Connections of Jobs beside the pods, all of them at once. @default 0 */
  readonly jobs?: number;
}

/**
 * The largest pool that keeps within `maxConnections` when every worker of every pod uses all of it, or undefined when
 * not even the smallest does.
 */
export function connectionPool(needs: ConnectionNeeds): ConnectionPool | undefined {
  const forPods = needs.maxConnections - (needs.jobs ?? 0);
  const perPod = forPods / Math.max(needs.pods, 1) - LAUNCHER;
  const useful = needs.release.can('uvicorn') ? ENOUGH : Math.min(needs.threads, ENOUGH);
  const each = Math.min(Math.floor(perPod / (needs.workers * ENGINES)), Math.max(useful, 2));
  return each < SMALLEST.size + SMALLEST.overflow ? undefined : { size: each - 1, overflow: 1 };
}

/** The fewest connections that these needs can do with, for messages. */
export function fewestConnections(needs: ConnectionNeeds): number {
  return needs.pods * (needs.workers * ENGINES * (SMALLEST.size + SMALLEST.overflow) + LAUNCHER) + (needs.jobs ?? 0);
}
