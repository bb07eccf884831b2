import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { service as section } from './section';

/** The Service. The section needs no further defaults. */
export type ServiceSection = DeepReadonly<z.output<typeof section>>;
