import type { z } from 'zod';
import type { DeepReadonly } from '../../../../input/deep-readonly';
import { backupName } from '../../names';
import type { backupClaim } from './section';

type ClaimSection = DeepReadonly<z.output<typeof backupClaim>>;

/** A claim for backups. */
export type BackupClaim = ClaimSection & { readonly name: string };

/** Fills in the name. */
export const resolveClaim = (instance: string, claim: ClaimSection): BackupClaim => ({
  ...claim,
  name: claim.name ?? backupName(instance),
});
