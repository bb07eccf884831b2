import type { Check } from '../../../input/issue';
import { s3Checks } from '../../shared/sections/s3';
import { claimChecks } from './claim/checks';
import { DESTINATION, type DestinationSection } from './resolve';

/** Checks between the keys of where backups are stored. */
export const destinationChecks = ({ claim, s3, prefix }: DestinationSection): Check[] => [
  {
    path: DESTINATION,
    violated: (claim === undefined) === (s3 === undefined),
    message: 'must have exactly one destination (set either claim or s3)',
  },
  ...claimChecks(claim),
  {
    path: [...DESTINATION, 'prefix'],
    violated: prefix?.split('/').some((step) => step === '' || step === '.' || step === '..') ?? false,
    message: 'has an empty, . or .. path segment (remove it)',
  },
  ...s3Checks([...DESTINATION, 's3'], s3),
];
