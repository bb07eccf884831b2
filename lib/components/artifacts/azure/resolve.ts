import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import { type AzureContainer, resolveContainer } from '../../shared/azure-container';
import type { azureBlob } from './section';

/** The section as a user wrote it. */
export type AzureSection = DeepReadonly<z.output<typeof azureBlob>>;

/** A container with artifacts. */
export interface AzureArtifacts extends AzureContainer {
  /** @default the whole container */
  readonly prefix?: string;
  /** Whether a missing container is created. */
  readonly createContainer: boolean;
}

/** Fills in the Secret. */
export const resolveAzure = (name: string, given: AzureSection): AzureArtifacts =>
  resolveContainer(given, `${name}-azure-secret`);
