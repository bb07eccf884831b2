import {
  accessKey,
  accountUrl,
  containerDestinations,
  containerKeys,
  identityOf,
} from '../../../shared/azure-container';
import type { BackupDestination } from '../destination';
import { DESTINATION } from '../resolve';
import type { BackupContainer } from './resolve';

const PATH = [...DESTINATION, 'azure'];

/** A folder of a container of Azure Blob Storage. */
export const azureDestination = (azure: BackupContainer, prefix: string): BackupDestination => ({
  path: PATH,
  variables: [
    { name: 'BACKUP_AZURE_ACCOUNT_URL', value: accountUrl(azure) },
    { name: 'BACKUP_AZURE_CONTAINER', value: azure.container },
    { name: 'BACKUP_PREFIX', value: prefix },
    ...accessKey(azure, 'BACKUP_'),
  ],
  files: [],
  folder: () => ({ store: accountUrl(azure), bucket: azure.container, prefix }),
  bucketKey: 'container',
  identity: identityOf(azure),
  secretKeys: containerKeys(azure, PATH, 'backup'),
  provided: [],
  claims: [],
  destinations: containerDestinations(azure),
});
