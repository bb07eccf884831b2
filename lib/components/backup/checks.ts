import type { Check } from '../../input/issue';
import { resourceChecks } from '../shared/sections/resources';
import type { BackupSection } from './resolve';

/** Checks between the keys of a backup. */
export function backupChecks({ backup }: { readonly backup?: BackupSection }): Check[] {
  if (!backup) return [];
  const { destination, image } = backup;
  const { claim, s3, prefix } = destination;
  const ca = s3?.tls.ca;
  const path = ['backup', 'destination'];
  return [
    {
      path,
      violated: (claim === undefined) === (s3 === undefined),
      message: 'must be one place (give either claim or s3)',
    },
    {
      path: [...path, 'claim', 'name'],
      violated: claim?.create === false && claim.name === undefined,
      message: 'is missing (name the claim that is there already)',
    },
    {
      path: [...path, 'prefix'],
      violated: prefix?.split('/').some((step) => step === '' || step === '.' || step === '..') ?? false,
      message: 'has a step that is empty, . or .. (write the folder that is meant)',
    },
    {
      path: [...path, 's3', 'tls', 'ca'],
      violated: ca !== undefined && (ca.configMap === undefined) === (ca.secret === undefined),
      message: 'must name one source (give either configMap or secret)',
    },
    {
      path: [...path, 's3', 'tls', 'ca'],
      violated: ca !== undefined && !(s3?.endpoint ?? 'https://').startsWith('https://'),
      message: 'does nothing for an http endpoint (use https, or remove it)',
    },
    {
      path: ['backup', 'image', 'tag'],
      violated: image.tag === 'latest' && image.digest === undefined,
      message: 'may be another image each time that it is pulled (name a tag that stays, or give a digest too)',
    },
    {
      path: ['backup', 'image', 'tag'],
      violated: /alpine/.test(image.tag ?? ''),
      message: 'is of Alpine Linux, whose tools lack what is needed (use a tag of Debian, such as 17.11-trixie)',
    },
    ...resourceChecks(['backup'], backup.resources),
  ];
}
