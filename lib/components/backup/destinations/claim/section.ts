import { z } from 'zod';
import { section } from '../../../shared/sections/fields';
import { accessMode, claimKeys } from '../../../shared/sections/volume-claim';

const { name, ...claimOthers } = claimKeys({
  name: '`NAME-backup`',
  size: '10Gi',
  sizeNote: 'It must fit the backups that `retention` keeps, and one more.',
});

/** A volume for backups. */
export const backupClaim = section({
  name,
  create: z
    .boolean()
    .default(true)
    .describe('Whether to create the claim. Use `false` for a claim that exists, or that `storage.data` creates.'),
  ...claimOthers,
  accessMode: accessMode(),
}).describe('A volume. `claim: {}` uses all defaults.');
