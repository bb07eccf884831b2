import { z } from 'zod';
import type { Check, Path } from '../../../input/issue';
import { dataKey, objectName } from '../../../kubernetes/fields';
import { section } from './fields';

/**
 * @see https://learn.microsoft.com/en-us/azure/storage/common/storage-account-overview#storage-account-name
 */
const ACCOUNT = /^[a-z0-9]{3,24}$/;

/**
 * @see https://learn.microsoft.com/en-us/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
 */
const CONTAINER = /^(?!.*--)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/;

/** An id of Microsoft Entra ID. */
const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const guid = () => z.string().regex(GUID, 'must be a GUID, such as 3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b');

/** The keys of a container; `secret` is the derived default of its Secret, as Markdown. */
export const azureKeys = ({ secret }: { readonly secret: string }) => ({
  account: z
    .string()
    .regex(ACCOUNT, 'must be the name of a storage account: 3 to 24 lowercase letters and digits')
    .describe('Name of the storage account.'),
  container: z
    .string()
    .regex(CONTAINER, 'must be 3 to 63 lowercase letters, digits and single -, which no name starts or ends with')
    .describe('Name of the container.'),
  cloud: z
    .enum(['public', 'china', 'usgovernment'])
    .default('public')
    .describe('Cloud of Azure that has the account, which decides on host names.'),
  credentials: section({
    secret: objectName().optional().meta({ description: 'Secret in the namespace.', derived: secret }),
    accountKeyKey: dataKey().optional().meta({
      description: 'Key of the Secret that contains an account key.',
      derived: '`AZURE_STORAGE_ACCESS_KEY`, or none with `sasTokenKey`',
    }),
    sasTokenKey: dataKey()
      .optional()
      .describe('Key of the Secret that contains a SAS in place of an account key: the text after the `?` of its URL.'),
  })
    .prefault({})
    .describe('Account key or SAS. Not used with `identity`.'),
  identity: section({
    workloadIdentity: section({
      clientId: guid().describe('Client ID of the managed identity or application.'),
      tenantId: guid().describe('Tenant of Microsoft Entra ID that has it.'),
    }).describe(
      'Microsoft Entra Workload ID: the pods exchange a token of their ServiceAccount, which is mounted for this alone, ' +
        'for short-lived tokens of a client.',
    ),
  })
    .optional()
    .describe('Identity of the pods on Azure, in place of keys: no Secret is read or created then.'),
});

/** How pods log in to a container, as a user wrote it. */
export interface GivenAzureLogin {
  readonly credentials: { readonly secret?: string; readonly accountKeyKey?: string; readonly sasTokenKey?: string };
  readonly identity?: object;
}

/** A login is of one kind. */
export function azureChecks(path: Path, { credentials, identity }: GivenAzureLogin): Check[] {
  const { accountKeyKey, sasTokenKey } = credentials;
  return [
    {
      path: [...path, 'credentials', 'sasTokenKey'],
      dependsOn: [[...path, 'credentials', 'accountKeyKey']],
      violated: sasTokenKey !== undefined && accountKeyKey !== undefined,
      message: 'is set beside accountKeyKey, but one login is used (remove one of the two)',
    },
    ...Object.entries(credentials).map(([key, value]) => ({
      path: [...path, 'credentials', key],
      dependsOn: [[...path, 'identity']],
      violated: identity !== undefined && value !== undefined,
      message: `is set beside ${path.join('.')}.identity, which needs no keys (remove one of the two)`,
    })),
  ];
}
