import type { z } from 'zod';
import type { DeepReadonly } from '../../../../input/deep-readonly';
import { type AzureContainer, resolveContainer } from '../../../shared/azure-container';
import type { backupAzure } from './section';

type ContainerSection = DeepReadonly<z.output<typeof backupAzure>>;

/** A container for backups. */
export type BackupContainer = AzureContainer;

/** Fills in the Secret. */
export const resolveBackupContainer = (instance: string, azure: ContainerSection): BackupContainer =>
  resolveContainer(azure, `${instance}-backup-azure-secret`);
