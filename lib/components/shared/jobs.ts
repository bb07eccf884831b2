import type { Environment } from '../../environment/model';
import type { ResolvedEnvironment, Resources } from '../../environment/resolved-environment';

/** What Jobs need on the node: their logs, and what passes through /tmp. */
const DISK = '512Mi';

/** Names of CronJobs, short because Kubernetes takes 52 characters. */
export const garbageCollectionName = (instance: string): string => `${instance}-gc`;
export const smokeTestName = (instance: string): string => `${instance}-smoke-test`;

/** What the garbage collection holds of PostgreSQL: for its lock, and for its work. */
export const GARBAGE_COLLECTION_CONNECTIONS = 4;
/** Connections of a backup or a restore: one to each database, and that of PostgreSQL's program. */
export const BACKUP_CONNECTIONS = 3;

/** What the smoke test takes on 3.1.0 and 3.18.0, and half as much again. */
export const SMOKE_TEST_RESOURCES: Resources = {
  requests: { cpu: '100m', memory: '768Mi', 'ephemeral-storage': DISK },
  limits: { cpu: '1', memory: '768Mi', 'ephemeral-storage': DISK },
};

/** The garbage collection with all amounts said. */
export function resolveGarbageCollection({
  garbageCollection: given,
}: Environment): ResolvedEnvironment['garbageCollection'] {
  if (!given) return undefined;
  const { requests, limits } = given.resources;
  return {
    ...given,
    resources: {
      requests: { cpu: requests.cpu, memory: requests.memory ?? limits.memory, 'ephemeral-storage': DISK },
      limits: { ...limits, 'ephemeral-storage': DISK },
    },
  };
}
