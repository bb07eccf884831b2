import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { sealed, type secrets as section } from './section';

/** The section as a user wrote it. */
export type SecretsSection = DeepReadonly<z.output<typeof section>>;

/** The provider of Secrets, with its settings. */
export interface Secrets extends Omit<SecretsSection, 'sealed'> {
  /** How values are sealed, also while another provider is chosen. */
  readonly sealed: NonNullable<SecretsSection['sealed']>;
}

/** How values are sealed by default. */
const SEALED = sealed.parse({});

/** Fills in how values are sealed. */
export const resolveSecrets = ({ secrets }: { readonly secrets: SecretsSection }): { readonly secrets: Secrets } => ({
  secrets: { ...secrets, sealed: secrets.sealed ?? SEALED },
});
