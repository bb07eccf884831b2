import type { Check } from '../../../input/issue';
import { s3Checks } from '../../shared/sections/s3';
import type { S3Section } from './resolve';

/** Checks between the keys of an external bucket. */
export const externalS3Checks = (s3: S3Section): Check[] => [
  {
    path: ['artifacts', 's3', 'bucket'],
    violated: s3.bucket === undefined,
    message: 'is missing (set the name of the bucket, or artifacts.embedded: {} for a store in the cluster)',
  },
  ...s3Checks(['artifacts', 's3'], s3),
];
