import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import type { Path } from '../../../input/issue';
import type { GcsBucket } from '../../shared/gcs-store';
import { type BackupClaim, resolveClaim } from './claim/resolve';
import { resolveBackupGcs } from './gcs/resolve';
import { type BackupBucket, resolveBucket } from './s3/resolve';
import type { destination as section } from './section';

/** Where it is set. */
export const DESTINATION: Path = ['backup', 'destination'];

/** The section as a user wrote it. */
export type DestinationSection = DeepReadonly<z.output<typeof section>>;

/** A claim or a bucket, of one kind. */
export interface Destination {
  readonly prefix: string;
  readonly claim?: BackupClaim;
  readonly s3?: BackupBucket;
  readonly gcs?: GcsBucket;
}

/** Fills in names. */
export const resolveDestination = (name: string, { prefix, claim, s3, gcs }: DestinationSection): Destination => ({
  prefix: prefix ?? name,
  claim: claim && resolveClaim(name, claim),
  s3: s3 && resolveBucket(name, s3),
  gcs: gcs && resolveBackupGcs(name, gcs),
});
