import { azureKeys } from '../../../shared/sections/azure';
import { section } from '../../../shared/sections/fields';

/** A container for backups. */
export const backupAzure = section(azureKeys({ secret: '`NAME-backup-azure-secret`' })).describe(
  'An existing container of Azure Blob Storage. The image needs the same packages as with `artifacts.azure`.',
);
