import type { Volume, VolumeMount } from '../../kubernetes/objects';
import type { ArtifactStore } from './store';

/** Name of the volume in a pod. */
const NAME = 'artifacts';

/** The mount of a container that needs the files of a store, if it has any. */
export const claimMounts = ({ volume }: ArtifactStore): VolumeMount[] =>
  volume ? [{ name: NAME, mountPath: volume.path }] : [];

/** Its volume. */
export const claimVolumes = ({ volume }: ArtifactStore): Volume[] =>
  volume ? [{ name: NAME, persistentVolumeClaim: { claimName: volume.claim.name } }] : [];
