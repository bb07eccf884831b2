import { z } from 'zod';
import { objectName, section, volumeSize } from '../shared/sections/fields';

export const claim = section({
  /** Name of the PersistentVolumeClaim. Without it: the instance's name and `-data`. */
  name: objectName().optional(),
  /** Size. It can grow where the storage class allows it, never shrink. */
  size: volumeSize().prefault('10Gi'),
  /** StorageClass; without it the cluster's default. */
  storageClass: objectName().optional(),
  /** Who may mount it: one node, or many at once. */
  accessMode: z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod']).default('ReadWriteOnce'),
  /** Where the server mounts it. Without it the claim is made and mounted nowhere. */
  mountPath: z
    .string()
    .regex(/^(\/[-_.a-zA-Z0-9]+)+$/, 'must be an absolute path such as /data')
    .optional(),
});

export const storage = section({
  /** A claim for files around MLflow (dumps, plugins). MLflow itself keeps nothing on it: its state is in PostgreSQL and S3. */
  data: claim.optional(),
});
