import { z } from 'zod';
import { section } from '../shared/sections/fields';

/** How the server stays available while nodes are drained or fail. */
export const availability = section({
  disruptionBudget: z.boolean().optional().meta({
    description: 'Whether a PodDisruptionBudget lets node maintenance evict at most one server pod at a time.',
    derived: '`true` with two or more replicas, otherwise `false`',
  }),
  topologySpread: z.boolean().optional().meta({
    description: 'Whether server pods are spread as evenly as possible over zones and nodes.',
    derived: '`true` with two or more replicas, otherwise `false`',
  }),
  antiAffinity: z.enum(['preferred', 'required', 'none']).optional().meta({
    description: 'Whether server pods avoid sharing a node: if possible, always, or not at all.',
    derived: '`preferred` with two or more replicas, otherwise `none`',
  }),
}).describe('How the server stays available while nodes are drained or fail.');
