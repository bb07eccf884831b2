import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import type { Claim } from '../../shared/contributions/claims';
import type { artifactVolume } from './section';

/** The section as a user wrote it. */
export type VolumeSection = DeepReadonly<z.output<typeof artifactVolume>>;

/** A claim with artifacts. */
export interface ArtifactVolume extends Claim {
  /** Whether the claim is part of the output. */
  readonly create: boolean;
  /** The folder of the artifacts. */
  readonly prefix: string;
}

/** Fills in the name. */
export const resolveVolume = (instance: string, given: VolumeSection): ArtifactVolume => ({
  ...given,
  name: given.name ?? `${instance}-artifacts`,
});
