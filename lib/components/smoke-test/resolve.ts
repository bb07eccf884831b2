import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { smokeTest as section } from './section';

/** A test of the running server. The section needs no further defaults. */
export type SmokeTestSection = DeepReadonly<z.output<typeof section>>;

/** Name of the CronJob, short because Kubernetes takes 52 characters. */
export const smokeTestName = (instance: string): string => `${instance}-smoke-test`;
