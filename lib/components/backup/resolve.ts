import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { formatReference, mirrored } from '../../kubernetes/image-reference';
import type { Resources } from '../../kubernetes/pod';
import { formatBinary, quantityValue } from '../../kubernetes/quantity';
import { POSTGRESQL_IMAGE } from '../../versions';
import type { DatabaseSection } from '../database/resolve';
import { resolveResources } from '../shared/sections/resources';
import type { backup as section } from './section';

/** The section as a user wrote it. */
export type BackupSection = DeepReadonly<z.output<typeof section>>;
type Destination = BackupSection['destination'];
type Bucket = NonNullable<Destination['s3']>;

/** The sections that a backup follows from. */
export interface GivenBackup {
  readonly name: string;
  readonly backup?: BackupSection;
  readonly database: DatabaseSection;
  readonly image: { readonly registry?: string };
}

/** A bucket for backups, with the Secret that opens it, unless the pods have an identity there. */
export type BackupBucket = Omit<Bucket, 'credentials'> & {
  readonly credentials?: Bucket['credentials'] & { readonly secret: string };
};

/** The backup of an environment. */
export interface Backup extends Omit<BackupSection, 'destination' | 'image' | 'resources'> {
  /** The image with PostgreSQL's client programs. */
  readonly image: string;
  /** A claim or a bucket. */
  readonly destination: {
    readonly prefix: string;
    readonly claim?: NonNullable<Destination['claim']> & { readonly name: string };
    readonly s3?: BackupBucket;
  };
  readonly resources: Resources;
}

/** Name of the CronJob that backs up, of its claim, and of every other object of both Jobs. */
export const backupName = (instance: string): string => `${instance}-backup`;
/** Name of the suspended CronJob that restoring Jobs are created from. */
export const restoreName = (instance: string): string => `${instance}-restore`;

/** With a claim, dumps are written to it directly; this volume then only has messages between the two containers. */
const CLAIM_WORK = '16Mi';

/** Further ephemeral storage: /tmp and logs. */
const DISK_HEADROOM = quantityValue('192Mi');

/** Fills in what a backup derives from the rest of the environment. */
export function resolveBackup({ name, backup, database, image: { registry } }: GivenBackup): {
  readonly backup?: Backup;
} {
  if (!backup) return {};
  const { destination, image, resources, ...rest } = backup;
  const { claim, s3 } = destination;
  const isNamed = Object.values(image).some((value) => value !== undefined);
  const work = claim ? CLAIM_WORK : rest.temporaryStorage;
  return {
    backup: {
      ...rest,
      temporaryStorage: work,
      // The programs in the image of the server are never older than the server.
      image: formatReference(withDefaults(!isNamed && database.embedded ? database.embedded.image : image, registry)),
      destination: {
        prefix: destination.prefix ?? name,
        claim: claim && { ...claim, name: claim.name ?? backupName(name) },
        s3: s3 && {
          ...s3,
          credentials: s3.identity
            ? undefined
            : { ...s3.credentials, secret: s3.credentials.secret ?? `${name}-backup-s3-secret` },
        },
      },
      resources: resolveResources(resources, formatBinary(quantityValue(work) + DISK_HEADROOM)),
    },
  };
}

const withDefaults = (
  { repository, tag = POSTGRESQL_IMAGE.tag, digest }: BackupSection['image'],
  registry: string | undefined,
) => ({
  repository: repository ?? mirrored(POSTGRESQL_IMAGE.repository, registry),
  tag,
  digest,
});
