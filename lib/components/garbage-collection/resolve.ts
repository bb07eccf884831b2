import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { Resources } from '../../kubernetes/pod';
import { JOB_DISK } from '../shared/maintenance-job';
import { resolveResources } from '../shared/sections/resources';
import type { garbageCollection as section } from './section';

/** The section as a user wrote it. */
export type GarbageCollectionSection = DeepReadonly<z.output<typeof section>>;

/** The section that the garbage collection follows from. */
export interface GivenGarbageCollection {
  readonly garbageCollection?: GarbageCollectionSection;
}

/** The CronJob that removes what was deleted long ago. */
export interface GarbageCollection extends Omit<GarbageCollectionSection, 'resources'> {
  readonly resources: Resources;
}

/** Name of the CronJob, short because Kubernetes takes 52 characters. */
export const garbageCollectionName = (instance: string): string => `${instance}-gc`;

/** Fills in the memory request. */
export function resolveGarbageCollection({ garbageCollection: given }: GivenGarbageCollection): {
  readonly garbageCollection?: GarbageCollection;
} {
  if (!given) return {};
  return { garbageCollection: { ...given, resources: resolveResources(given.resources, JOB_DISK) } };
}
