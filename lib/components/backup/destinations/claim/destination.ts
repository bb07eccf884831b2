import { BACKUP_PATH } from '../../paths';
import type { BackupDestination } from '../destination';
import { DESTINATION } from '../resolve';
import type { BackupClaim } from './resolve';

const PATH = [...DESTINATION, 'claim'];

/** A folder of a volume. */
export const claimDestination = ({ create, ...claim }: BackupClaim, prefix: string): BackupDestination => ({
  path: PATH,
  variables: [{ name: 'BACKUP_FOLDER', value: `${BACKUP_PATH}/${prefix}` }],
  files: [],
  secretKeys: [],
  provided: [],
  claims: [{ claim, path: [...PATH, 'name'], create, reuse: 'set create: false' }],
  claim,
});
