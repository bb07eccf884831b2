import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { service as section } from './section';

/** The Service. The section needs no further defaults. */
export type ServiceSection = DeepReadonly<z.output<typeof section>>;

/** Whether clients outside the cluster reach the Service. */
export const isOutside = ({ type, externalIPs }: ServiceSection): boolean =>
  type !== 'ClusterIP' || externalIPs.length > 0;
