import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { storage as section } from './section';

/** The section as a user wrote it. */
export type StorageSection = DeepReadonly<z.output<typeof section>>;

/** The claim for files around MLflow. */
export type Data = NonNullable<StorageSection['data']> & { readonly name: string };

/** The sections that the claims follow from. */
export interface GivenStorage {
  readonly name: string;
  readonly storage: StorageSection;
}

/** Fills in the name of the claim. */
export function resolveStorage({ name, storage: { data } }: GivenStorage): {
  readonly storage: { readonly data?: Data };
} {
  return { storage: data ? { data: { ...data, name: data.name ?? `${name}-data` } } : {} };
}
