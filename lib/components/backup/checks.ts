import type { Check } from '../../input/issue';
import { debianChecks, tagChecks } from '../shared/sections/image';
import { resourceChecks } from '../shared/sections/resources';
import { destinationChecks } from './destinations/checks';
import type { BackupSection } from './resolve';

/** Checks between the keys of a backup. */
export function backupChecks({ backup }: { readonly backup?: BackupSection }): Check[] {
  if (!backup) return [];
  const { destination, image } = backup;
  return [
    ...destinationChecks(destination),
    ...tagChecks(['backup', 'image'], image),
    ...debianChecks(['backup', 'image'], image),
    ...resourceChecks(['backup'], backup.resources),
  ];
}
