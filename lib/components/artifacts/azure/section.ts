import { z } from 'zod';
import { azureKeys } from '../../shared/sections/azure';
import { section } from '../../shared/sections/fields';

/** A container for artifacts. */
export const azureBlob = section({
  ...azureKeys({ secret: '`NAME-azure-secret`' }),
  prefix: z
    .string()
    .regex(
      /^(?!.*(^|\/)\.{1,2}(\/|$))[-_.~=+@!a-zA-Z0-9]+(\/[-_.~=+@!a-zA-Z0-9]+)*$/,
      'must be a path of letters, digits, -, _, ., ~, =, +, @ and !, without . or .. as a segment, such as team/mlflow',
    )
    .optional()
    .describe('Folder within the container. If unset, the root of the container.'),
  createContainer: z
    .boolean()
    .default(false)
    .describe('Whether to create a missing container. The login needs permission to create it.'),
}).describe(
  'A container of Azure Blob Storage, in place of S3. The image needs `azure-storage-blob`, and `azure-identity` with `identity`.',
);
