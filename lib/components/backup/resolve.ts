import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { formatReference, mirrored } from '../../kubernetes/image-reference';
import type { Resources } from '../../kubernetes/pod';
import { formatBinary, quantityValue } from '../../kubernetes/quantity';
import { POSTGRESQL_IMAGE } from '../../versions';
import type { DatabaseSection } from '../database/resolve';
import { resolveResources } from '../shared/sections/resources';
import { type Destination, resolveDestination } from './destinations/resolve';
import type { backup as section } from './section';

/** The section as a user wrote it. */
export type BackupSection = DeepReadonly<z.output<typeof section>>;

/** The sections that a backup follows from. */
export interface GivenBackup {
  readonly name: string;
  readonly backup?: BackupSection;
  readonly database: DatabaseSection;
  readonly image: { readonly registry?: string };
}

/** The CronJob that verifies backups. */
export interface Verification extends NonNullable<BackupSection['verification']> {
  readonly resources: Resources;
}

/** The backup of an environment. */
export interface Backup extends Omit<BackupSection, 'destination' | 'image' | 'resources' | 'verification'> {
  /** The image with PostgreSQL's client programs. */
  readonly image: string;
  readonly destination: Destination;
  readonly resources: Resources;
  readonly verification?: Verification;
}

/** With a claim, dumps are written to it directly; this volume then only has messages between the two containers. */
const CLAIM_WORK = '16Mi';

/** Further ephemeral storage: /tmp and logs. */
const DISK_HEADROOM = quantityValue('192Mi');

/** Fills in what a backup derives from the rest of the environment. */
export function resolveBackup({ name, backup, database, image: { registry } }: GivenBackup): {
  readonly backup?: Backup;
} {
  if (!backup) return {};
  const { destination, image, resources, verification, ...rest } = backup;
  const isNamed = Object.values(image).some((value) => value !== undefined);
  const work = destination.claim ? CLAIM_WORK : rest.temporaryStorage;
  const withDisk = (storage: string) =>
    resolveResources(resources, formatBinary(quantityValue(storage) + DISK_HEADROOM));
  return {
    backup: {
      ...rest,
      temporaryStorage: work,
      // The programs in the image of the server are never older than the server.
      image: formatReference(withDefaults(!isNamed && database.embedded ? database.embedded.image : image, registry)),
      destination: resolveDestination(name, destination),
      resources: withDisk(work),
      verification: verification && { ...verification, resources: withDisk(verification.temporaryStorage) },
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
