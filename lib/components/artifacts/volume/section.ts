import { z } from 'zod';
import { section } from '../../shared/sections/fields';
import { accessMode, claimKeys } from '../../shared/sections/volume-claim';

const { name, ...claimOthers } = claimKeys({ name: '`NAME-artifacts`', size: '50Gi' });

/** A volume that has the artifacts as files. */
export const artifactVolume = section({
  name,
  create: z.boolean().default(true).describe('Whether to create the claim. Use `false` for a claim that exists.'),
  ...claimOthers,
  accessMode: accessMode().describe(
    'Access mode of the claim: `ReadWriteMany` for several replicas; with another one there is one replica, and a new ' +
      'pod starts after the old one has ended.',
  ),
  prefix: z
    .string()
    .regex(
      /^(?!.*(^|\/)\.{1,2}(\/|$))[-_.a-zA-Z0-9]+(\/[-_.a-zA-Z0-9]+)*$/,
      'must be a relative path of letters, digits, -, _ and ., without . or .. as a segment, such as artifacts',
    )
    .default('artifacts')
    .describe('Folder in the volume, for this instance alone. It is created if it is missing.'),
}).describe(
  'Artifacts as files on a volume, without S3. `volume: {}` uses all defaults. Only the server and backups mount it. ' +
    'The claim is deleted only by hand or with its namespace.',
);
