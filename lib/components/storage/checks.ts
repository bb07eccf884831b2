import type { Check } from '../../input/issue';
import { mostReplicas, type Scaling } from '../shared/replicas';
import { isTaken } from '../shared/system-paths';
import { isUnshared, type StorageSection } from './resolve';

/** Checks between the claim for files and the server that mounts it. */
export function storageChecks({
  storage,
  server,
}: {
  readonly storage: StorageSection;
  readonly server: Scaling & { readonly rollout?: string };
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
    {
      path: server.autoscaling ? ['server', 'autoscaling', 'maxReplicas'] : ['server', 'replicas'],
      dependsOn: [
        ['storage', 'data'],
        ['server', 'autoscaling'],
        ['server', 'replicas'],
      ],
      violated: mostReplicas(server) > 1 && isUnshared(storage),
      message: `is ${mostReplicas(server)}, but the mounted claim is ${data?.accessMode} (use accessMode: ReadWriteMany, or one replica)`,
    },
    {
      path: ['server', 'rollout'],
      dependsOn: [['storage', 'data']],
      violated: server.rollout === 'RollingUpdate' && isUnshared(storage),
      message: `is RollingUpdate, but the mounted claim is ${data?.accessMode} (use Recreate, or accessMode: ReadWriteMany)`,
    },
  ];
}
