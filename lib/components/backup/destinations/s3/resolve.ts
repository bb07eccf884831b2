import type { z } from 'zod';
import type { DeepReadonly } from '../../../../input/deep-readonly';
import type { backupS3 } from './section';

type BucketSection = DeepReadonly<z.output<typeof backupS3>>;

/** A bucket for backups, with the Secret that opens it, unless the pods have an identity there. */
export type BackupBucket = Omit<BucketSection, 'credentials'> & {
  readonly credentials?: BucketSection['credentials'] & { readonly secret: string };
};

/** Fills in the Secret. */
export const resolveBucket = (instance: string, s3: BucketSection): BackupBucket => ({
  ...s3,
  credentials: s3.identity
    ? undefined
    : { ...s3.credentials, secret: s3.credentials.secret ?? `${instance}-backup-s3-secret` },
});
