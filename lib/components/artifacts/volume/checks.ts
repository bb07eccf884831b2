import type { Check } from '../../../input/issue';
import { type MountingServer, unsharedClaimChecks } from '../../shared/unshared-claim';
import type { VolumeSection } from './resolve';

/** What says that clients get signed URLs of the store. */
export interface PresigningServer {
  readonly options: Readonly<Record<string, unknown>>;
}

interface VolumeSections {
  readonly access: string;
  readonly volume: VolumeSection;
  readonly server: MountingServer & PresigningServer;
}

/** Checks between a volume with artifacts and the server that mounts it. */
export const volumeChecks = ({ access, volume, server }: VolumeSections): Check[] => [
  {
    path: ['artifacts', 'access'],
    violated: access === 'direct',
    message: 'is direct, but only the server mounts artifacts.volume (use proxied, or artifacts.s3)',
  },
  {
    path: ['server', 'options', PRESIGNED_ONLY],
    dependsOn: [['artifacts', 'volume']],
    violated: server.options[PRESIGNED_ONLY] !== undefined,
    message: 'needs a store that signs URLs, which a volume cannot (remove it, or use artifacts.s3)',
  },
  {
    path: ['artifacts', 'volume', 'name'],
    violated: !volume.create && volume.name === undefined,
    message: 'is missing (set the name of the existing claim)',
  },
  ...unsharedClaimChecks('artifacts.volume', ['artifacts', 'volume'], volume.accessMode, server),
];

const PRESIGNED_ONLY = 'artifacts-presigned-only';
