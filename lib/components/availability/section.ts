import { z } from 'zod';
import { section } from '../shared/sections/fields';

export const availability = section({
  /** Whether node maintenance takes at most one server pod at a time. Without it: from two replicas on. */
  disruptionBudget: z.boolean().optional(),
  /** Whether server pods are spread over zones and nodes as evenly as possible. Without it: from two replicas on. */
  topologySpread: z.boolean().optional(),
  /** Whether two server pods keep off the same node: where possible, always, or not at all. Without it: `preferred` from two replicas on. */
  antiAffinity: z.enum(['preferred', 'required', 'none']).optional(),
});
