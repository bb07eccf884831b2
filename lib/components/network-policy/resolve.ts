import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { networkPolicy as section } from './section';

/** Which connections are allowed. The section needs no further defaults. */
export type NetworkPolicySection = DeepReadonly<z.output<typeof section>>;
