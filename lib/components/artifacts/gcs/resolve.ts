import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import { type GcsBucket, resolveGcs } from '../../shared/gcs-store';
import type { gcs as section } from './section';

/** The bucket as a user wrote it. */
export type GcsSection = DeepReadonly<z.output<typeof section>>;

/** A bucket for artifacts. */
export interface ArtifactGcs extends GcsBucket {
  readonly prefix?: string;
  /** @default that of the login */
  readonly project?: string;
  /** Whether a missing bucket is created. */
  readonly createBucket: boolean;
}

/** Fills in the Secret. */
export const resolveArtifactGcs = (name: string, given: GcsSection): ArtifactGcs =>
  resolveGcs(given, `${name}-gcs-key`);
