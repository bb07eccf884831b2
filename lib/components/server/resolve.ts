import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { Path } from '../../input/issue';
import type { Resources } from '../../kubernetes/pod';
import { formatBinary, quantityValue } from '../../kubernetes/quantity';
import { MAXIMUM_WORKERS } from '../../mlflow/options';
import type { VolumeSection } from '../artifacts/volume/resolve';
import { type PathSections, staticPrefixOf } from '../exposure/prefix';
import { METRICS_SIZE } from '../monitoring/sidecar';
import { isUnshared } from '../shared/unshared-claim';
import { referringVariables, type VariableReference, writtenVariables } from '../shared/written-variables';
import type { StorageSection } from '../storage/resolve';
import type { server as section } from './section';

/** The section as a user wrote it. */
export type ServerSection = DeepReadonly<z.output<typeof section>>;

/** The sections that the server follows from. */
export interface GivenServer extends PathSections {
  readonly name: string;
  readonly server: ServerSection;
  readonly storage: StorageSection;
  readonly artifacts: { readonly volume?: Pick<VolumeSection, 'accessMode'> };
  readonly monitoring: { readonly metrics?: object };
}

/** The tracking server. */
export interface Server extends Omit<ServerSection, 'workers' | 'rollout' | 'resources' | 'serviceAccount' | 'env'> {
  /** The key that says the static prefix. */
  readonly staticPrefixAt: Path;
  /** The variables whose values are written in the environment file. */
  readonly env: Readonly<Record<string, string>>;
  /** The variables whose values are in objects. */
  readonly envReferences: Readonly<Record<string, VariableReference>>;
  readonly serviceAccount: ServerSection['serviceAccount'] & { readonly name: string };
  readonly workers: number;
  readonly rollout: 'RollingUpdate' | 'Recreate';
  readonly resources: Resources;
}

/** Ephemeral storage besides temporary storage: the container's own layer and its log. */
const DISK_HEADROOM = quantityValue('256Mi');

/** The default CPU request. */
const USUAL_CPU = '500m';

/** Fills in replicas, workers, rollout and resources. */
export function resolveServer(given: GivenServer): { readonly server: Server } {
  const { name, server } = given;
  const cores = Math.ceil(quantityValue(server.resources.limits.cpu));
  return {
    server: {
      ...server,
      ...staticPrefixOf(given),
      env: writtenVariables(server.env),
      envReferences: referringVariables(server.env),
      replicas: server.autoscaling ? undefined : (server.replicas ?? 1),
      workers: server.workers ?? Math.min(MAXIMUM_WORKERS, cores),
      rollout: server.rollout ?? (mountsUnshared(given) ? 'Recreate' : 'RollingUpdate'),
      resources: resolveResources(given),
      serviceAccount: { ...server.serviceAccount, name: server.serviceAccount.name ?? name },
    },
  };
}

/** Whether a new pod could have to wait for the volume of an old one. */
const mountsUnshared = ({ storage: { data }, artifacts: { volume } }: GivenServer): boolean =>
  [data?.mountPath ? data : undefined, volume].some((claim) => claim && isUnshared(claim.accessMode));

function resolveResources({ server, monitoring }: GivenServer): Resources {
  const { resources, temporaryStorage } = server;
  const metrics = monitoring.metrics ? quantityValue(METRICS_SIZE) : 0;
  const disk = formatBinary(quantityValue(temporaryStorage) + metrics + DISK_HEADROOM);
  const { requests, limits } = resources;
  const requested = requests['ephemeral-storage'] ?? disk;
  const limit = limits['ephemeral-storage'] ?? (quantityValue(requested) > quantityValue(disk) ? requested : disk);
  const fewCpu = quantityValue(limits.cpu) < quantityValue(USUAL_CPU);
  return {
    requests: {
      cpu: requests.cpu ?? (fewCpu ? limits.cpu : USUAL_CPU),
      memory: requests.memory ?? limits.memory,
      'ephemeral-storage': requests['ephemeral-storage'] ?? limit,
    },
    limits: { ...limits, 'ephemeral-storage': limit },
  };
}
