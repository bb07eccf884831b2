import type { Check } from '../../../../input/issue';
import { DESTINATION, type DestinationSection } from '../resolve';

/** An existing claim has a name. */
export const claimChecks = (claim: DestinationSection['claim']): Check[] => [
  {
    path: [...DESTINATION, 'claim', 'name'],
    violated: claim?.create === false && claim.name === undefined,
    message: 'is missing (set the name of the existing claim)',
  },
];
