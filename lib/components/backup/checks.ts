import type { Check } from '../../input/issue';
import type { ServerVariables } from '../shared/sections/gcs';
import { debianChecks, tagChecks } from '../shared/sections/image';
import { resourceChecks } from '../shared/sections/resources';
import { destinationChecks } from './destinations/checks';
import type { BackupSection } from './resolve';

/** The sections that a backup is checked with. */
export interface CheckedBackup {
  readonly backup?: BackupSection;
  readonly server: ServerVariables;
}

/** Checks between the keys of a backup. */
export function backupChecks({ backup, server }: CheckedBackup): Check[] {
  if (!backup) return [];
  const { destination, image } = backup;
  return [
    ...destinationChecks(destination, server),
    ...tagChecks(['backup', 'image'], image),
    ...debianChecks(['backup', 'image'], image),
    ...resourceChecks(['backup'], backup.resources),
  ];
}
