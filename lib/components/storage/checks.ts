import type { Check } from '../../input/issue';
import { isTaken } from '../shared/system-paths';
import { type MountingServer, unsharedClaimChecks } from '../shared/unshared-claim';
import type { StorageSection } from './resolve';

/** Checks between the claim for files and the server that mounts it. */
export function storageChecks({
  storage,
  server,
}: {
  readonly storage: StorageSection;
  readonly server: MountingServer;
}): Check[] {
  const { data } = storage;
  const path = data?.mountPath;
  return [
    {
      path: ['storage', 'data', 'mountPath'],
      violated: path !== undefined && isTaken(path),
      message: 'is used by the system or the server (use a path such as /data)',
    },
    {
      path: ['storage', 'data', 'mountPath'],
      violated: path?.split('/').some((step) => step === '.' || step === '..') ?? false,
      message: 'has a . or .. path segment (remove it)',
    },
    ...unsharedClaimChecks('the mounted claim', ['storage', 'data'], path ? data?.accessMode : undefined, server),
  ];
}
