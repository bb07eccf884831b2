import type { z } from 'zod';
import type { DeepReadonly } from '../../../../input/deep-readonly';
import { type GcsBucket, resolveGcs } from '../../../shared/gcs-store';
import type { backupGcs } from './section';

/** Fills in the Secret. */
export const resolveBackupGcs = (instance: string, gcs: DeepReadonly<z.output<typeof backupGcs>>): GcsBucket =>
  resolveGcs(gcs, `${instance}-backup-gcs-key`);
