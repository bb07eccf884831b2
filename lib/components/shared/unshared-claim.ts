import type { Check, Path } from '../../input/issue';
import type { Claim } from './contributions/claims';
import { mostReplicas, type Scaling } from './replicas';

/** The keys of the server that a mounted claim restricts. */
export interface MountingServer extends Scaling {
  readonly rollout?: string;
}

/** Whether only one node at a time can use a claim. */
export const isUnshared = (accessMode: Claim['accessMode']): boolean => accessMode !== 'ReadWriteMany';

/**
 * Two pods of the server may be on two nodes, also during a rolling update.
 *
 * @param claim how messages name it
 * @param key the key of the claim, if the server mounts one
 */
export function unsharedClaimChecks(
  claim: string,
  key: Path,
  accessMode: Claim['accessMode'] | undefined,
  server: MountingServer,
): Check[] {
  const unshared = accessMode !== undefined && isUnshared(accessMode);
  return [
    {
      path: server.autoscaling ? ['server', 'autoscaling', 'maxReplicas'] : ['server', 'replicas'],
      dependsOn: [key, ['server', 'autoscaling'], ['server', 'replicas']],
      violated: mostReplicas(server) > 1 && unshared,
      message: `is ${mostReplicas(server)}, but ${claim} is ${accessMode} (use accessMode: ReadWriteMany, or one replica)`,
    },
    {
      path: ['server', 'rollout'],
      dependsOn: [key],
      violated: server.rollout === 'RollingUpdate' && unshared,
      message: `is RollingUpdate, but ${claim} is ${accessMode} (use Recreate, or accessMode: ReadWriteMany)`,
    },
  ];
}
