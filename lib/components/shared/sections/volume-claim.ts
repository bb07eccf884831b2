import { z } from 'zod';
import { objectName, volumeSize } from '../../../kubernetes/fields';

/** What a claim is called and how large it is by default. */
export interface ClaimDefaults {
  /** The derived default of its name, as Markdown. */
  readonly name: string;
  /** Its size. */
  readonly size: string;
  /** A sentence about the size. @default none */
  readonly sizeNote?: string;
}

/** The keys of a PersistentVolumeClaim. */
export const claimKeys = ({ name, size, sizeNote }: ClaimDefaults) => ({
  name: objectName().optional().meta({ description: 'Name of the PersistentVolumeClaim.', derived: name }),
  size: volumeSize()
    .prefault(size)
    .describe(
      `Size of the volume.${sizeNote ? ` ${sizeNote}` : ''} It can grow if the StorageClass allows it, but never shrink.`,
    ),
  storageClass: objectName().optional().describe('StorageClass. If unset, the default StorageClass of the cluster.'),
});

/** The key that says which pods may mount a claim at once. */
export const accessMode = () =>
  z
    .enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'])
    .default('ReadWriteOnce')
    .describe('Access mode: mounted by the pods of one node, of many nodes, or by a single pod.');
