import type { z } from 'zod';
import type { DeepReadonly } from '../../../input/deep-readonly';
import type { Path } from '../../../input/issue';
import type { GcsBucket } from '../../shared/gcs-store';
import { type BackupContainer, resolveBackupContainer } from './azure/resolve';
import { type BackupClaim, resolveClaim } from './claim/resolve';
import { resolveBackupGcs } from './gcs/resolve';
import { type BackupBucket, resolveBucket } from './s3/resolve';
import type { destination as section } from './section';

/** Where it is set. */
export const DESTINATION: Path = ['backup', 'destination'];

/** The section as a user wrote it. */
export type DestinationSection = DeepReadonly<z.output<typeof section>>;

/** One of these. */
export interface Destination {
  readonly prefix: string;
  readonly azure?: BackupContainer;
  readonly claim?: BackupClaim;
  readonly s3?: BackupBucket;
  readonly gcs?: GcsBucket;
}

/** Fills in names. */
export const resolveDestination = (
  name: string,
  { prefix, azure, claim, gcs, s3 }: DestinationSection,
): Destination => ({
  prefix: prefix ?? name,
  azure: azure && resolveBackupContainer(name, azure),
  claim: claim && resolveClaim(name, claim),
  s3: s3 && resolveBucket(name, s3),
  gcs: gcs && resolveBackupGcs(name, gcs),
});
