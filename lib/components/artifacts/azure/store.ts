import type { Variable } from '../../../kubernetes/variables';
import {
  accessKey,
  accountUrl,
  blobHost,
  containerDestinations,
  containerKeys,
  hasAccountKey,
  identityOf,
} from '../../shared/azure-container';
import { PREPARE } from '../../shared/constants';
import type { ArtifactStore } from '../store';
import { azureIssues } from './issues';
import type { AzureArtifacts } from './resolve';

/** A container of Azure Blob Storage. */
export function azureStore(azure: AzureArtifacts): ArtifactStore {
  const identity = identityOf(azure);
  const { container, prefix, createContainer } = azure;
  return {
    identity,
    uri: `wasbs://${container}@${blobHost(azure)}${prefix ? `/${prefix}` : ''}`,
    mlflow: { variables: [...accessKey(azure), ...(identity?.variables ?? [])], files: [] },
    backup: {
      variables: [
        ...locationOf(azure, 'BACKUP_ARTIFACTS_AZURE_', 'BACKUP_ARTIFACTS_'),
        ...accessKey(azure, 'BACKUP_ARTIFACTS_'),
      ],
      files: [],
    },
    prepareVariables: [
      ...locationOf(azure, `${PREPARE}AZURE_`, `${PREPARE}AZURE_`),
      ...(createContainer ? [{ name: `${PREPARE}CREATE_BUCKET`, value: 'true' }] : []),
    ],
    restoreVariables: createContainer ? [{ name: 'BACKUP_CREATE_BUCKET', value: 'true' }] : [],
    clientVariables: {},
    folder: () => ({ store: accountUrl(azure), bucket: container, prefix, opensStore: hasAccountKey(azure) }),
    issues: (release) => azureIssues(azure, release),
    secretKeys: containerKeys(azure, ['artifacts', 'azure'], 'object-store'),
    provided: [],
    claims: [],
    destinations: containerDestinations(azure),
  };
}

/** By which programs find the container. */
const locationOf = (azure: AzureArtifacts, ofStore: string, ofPrefix: string): Variable[] => [
  { name: `${ofStore}ACCOUNT_URL`, value: accountUrl(azure) },
  { name: `${ofStore}CONTAINER`, value: azure.container },
  ...(azure.prefix ? [{ name: `${ofPrefix}PREFIX`, value: azure.prefix }] : []),
];
