import type { Check } from '../../input/issue';
import { debianChecks, tagChecks } from '../shared/sections/image';
import { resourceChecks } from '../shared/sections/resources';
import { s3Checks } from '../shared/sections/s3';
import type { BackupSection } from './resolve';

/** Checks between the keys of a backup. */
export function backupChecks({ backup }: { readonly backup?: BackupSection }): Check[] {
  if (!backup) return [];
  const { destination, image } = backup;
  const { claim, s3, prefix } = destination;
  const path = ['backup', 'destination'];
  return [
    {
      path,
      violated: (claim === undefined) === (s3 === undefined),
      message: 'must have exactly one destination (set either claim or s3)',
    },
    {
      path: [...path, 'claim', 'name'],
      violated: claim?.create === false && claim.name === undefined,
      message: 'is missing (set the name of the existing claim)',
    },
    {
      path: [...path, 'prefix'],
      violated: prefix?.split('/').some((step) => step === '' || step === '.' || step === '..') ?? false,
      message: 'has an empty, . or .. path segment (remove it)',
    },
    ...s3Checks([...path, 's3'], s3),
    ...tagChecks(['backup', 'image'], image),
    ...debianChecks(['backup', 'image'], image),
    ...resourceChecks(['backup'], backup.resources),
  ];
}
