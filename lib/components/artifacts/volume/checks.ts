import type { Check } from '../../../input/issue';
import { type MountingServer, unsharedClaimChecks } from '../../shared/unshared-claim';
import type { S3Section } from '../s3/resolve';
import { s3 as s3Section } from '../s3/section';
import type { VolumeSection } from './resolve';

/** What says that clients get signed URLs of the store. */
export interface PresigningServer {
  readonly options: Readonly<Record<string, unknown>>;
}

interface VolumeSections {
  readonly access: string;
  readonly s3: S3Section;
  readonly embedded?: object;
  readonly volume: VolumeSection;
  readonly server: MountingServer & PresigningServer;
}

/** Checks between a volume with artifacts, the other stores and the server that mounts it. */
export const volumeChecks = ({ access, s3, embedded, volume, server }: VolumeSections): Check[] => [
  ...Object.entries(s3)
    // A value that is the default changes nothing.
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(S3_DEFAULTS[key]))
    .map(([key]) => ({
      path: ['artifacts', 's3', key],
      violated: true,
      message: 'has no effect with artifacts.volume, where artifacts are files (remove one of the two)',
    })),
  {
    path: ['artifacts', 'embedded'],
    violated: embedded !== undefined,
    message: 'cannot be combined with artifacts.volume, because artifacts have one store (remove one of the two)',
  },
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

const S3_DEFAULTS: Readonly<Record<string, unknown>> = s3Section.parse(undefined);
