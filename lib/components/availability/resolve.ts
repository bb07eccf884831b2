import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { mostReplicas, type Scaling } from '../shared/replicas';
import type { availability as section } from './section';

type AvailabilitySection = DeepReadonly<z.output<typeof section>>;

/** The sections that availability follows from. */
export interface GivenAvailability {
  readonly availability: AvailabilitySection;
  readonly server: Scaling;
}

/** How server pods are spread and protected. */
export type Availability = Required<AvailabilitySection>;

/** Everything is on from two replicas on. */
export function resolveAvailability({ availability, server }: GivenAvailability): {
  readonly availability: Availability;
} {
  const several = mostReplicas(server) > 1;
  return {
    availability: {
      disruptionBudget: availability.disruptionBudget ?? several,
      topologySpread: availability.topologySpread ?? several,
      antiAffinity: availability.antiAffinity ?? (several ? 'preferred' : 'none'),
    },
  };
}
