import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { server as section } from './section';

/** The section as a user wrote it. */
export type ServerSection = DeepReadonly<z.output<typeof section>>;

/** The most server pods that there may be, without those that a rolling update adds. */
export const mostReplicas = ({ replicas = 1, autoscaling }: Pick<ServerSection, 'replicas' | 'autoscaling'>): number =>
  autoscaling?.maxReplicas ?? replicas;
