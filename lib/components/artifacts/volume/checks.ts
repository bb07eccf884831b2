import type { Check } from '../../../input/issue';
import { type MountingServer, unsharedClaimChecks } from '../../shared/unshared-claim';
import type { VolumeSection } from './resolve';

interface VolumeSections {
  readonly access: string;
  readonly volume: VolumeSection;
  readonly server: MountingServer;
}

/** Checks between a volume with artifacts and the server that mounts it. */
export const volumeChecks = ({ access, volume, server }: VolumeSections): Check[] => [
  {
    path: ['artifacts', 'access'],
    violated: access === 'direct',
    message: 'is direct, but only the server mounts artifacts.volume (use proxied, or artifacts.s3)',
  },
  {
    path: ['artifacts', 'volume', 'name'],
    violated: !volume.create && volume.name === undefined,
    message: 'is missing (set the name of the existing claim)',
  },
  ...unsharedClaimChecks('artifacts.volume', ['artifacts', 'volume'], volume.accessMode, server),
];
