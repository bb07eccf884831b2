import type { Check } from '../../../input/issue';
import { azureChecks } from '../../shared/sections/azure';
import { gcsChecks, keyFileCheck, type ServerVariables } from '../../shared/sections/gcs';
import { s3Checks } from '../../shared/sections/s3';
import { claimChecks } from './claim/checks';
import { DESTINATION, type DestinationSection } from './resolve';
import { KMS } from './s3/section';

/** Checks between the keys of where backups are stored, and with the variables that backups have of the server. */
export const destinationChecks = (
  { azure, claim, gcs, prefix, s3 }: DestinationSection,
  server: ServerVariables,
): Check[] => [
  {
    path: DESTINATION,
    violated: [azure, claim, gcs, s3].filter((each) => each !== undefined).length !== 1,
    message: 'must have exactly one destination (set one of azure, claim, gcs and s3)',
  },
  ...claimChecks(claim),
  {
    path: [...DESTINATION, 'prefix'],
    violated: prefix?.split('/').some((step) => step === '' || step === '.' || step === '..') ?? false,
    message: 'has an empty, . or .. path segment (remove it)',
  },
  ...(azure ? azureChecks([...DESTINATION, 'azure'], azure) : []),
  ...s3Checks([...DESTINATION, 's3'], s3),
  ...gcsChecks([...DESTINATION, 'gcs'], gcs),
  keyFileCheck([...DESTINATION, 'gcs'], gcs, server),
  {
    path: [...DESTINATION, 's3', 'kmsKeyId'],
    dependsOn: [[...DESTINATION, 's3', 'serverSideEncryption']],
    violated: s3?.kmsKeyId !== undefined && s3.serverSideEncryption !== KMS,
    message: `is set without serverSideEncryption: ${KMS}, so the key is not used (set that too, or remove it)`,
  },
];
