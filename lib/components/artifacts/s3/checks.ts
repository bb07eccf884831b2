import type { Check } from '../../../input/issue';
import { ROLE_ANNOTATION } from '../../shared/s3-identity';
import { s3Checks } from '../../shared/sections/s3';
import type { S3Section } from './resolve';

/** Checks between the keys of an external bucket. */
export const externalS3Checks = (s3: S3Section): Check[] => [
  {
    path: ['artifacts', 's3', 'bucket'],
    violated: s3.bucket === undefined,
    message:
      'is missing (set the name of the bucket, artifacts.embedded: {} for a store in the cluster, or artifacts.azure, artifacts.gcs or artifacts.volume)',
  },
  ...s3Checks(['artifacts', 's3'], s3),
];

/** The account of the server, as a user wrote it. */
export interface ServerAccount {
  readonly serviceAccount: { readonly annotations: Readonly<Record<string, string>> };
}

/** The role of the server's account is written once. */
export const accountChecks = ({ identity }: S3Section, { serviceAccount: { annotations } }: ServerAccount): Check[] => [
  {
    path: ['server', 'serviceAccount', 'annotations', ROLE_ANNOTATION],
    dependsOn: [['artifacts', 's3', 'identity']],
    violated: identity !== undefined && annotations[ROLE_ANNOTATION] !== undefined,
    message: 'is another role than that of artifacts.s3.identity, or the same again (remove it)',
  },
];
