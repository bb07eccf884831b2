import type { Check, Path } from '../../../input/issue';
import { bytes, cpu } from '../../../kubernetes/fields';
import type { Resources } from '../../../kubernetes/pod';
import { quantityValue } from '../../../kubernetes/quantity';
import { section } from './fields';

/** Plain defaults of a container's resources. */
export interface ResourceDefaults {
  /** CPU request. */
  readonly cpuRequest: string;
  /** CPU limit. */
  readonly cpuLimit: string;
  /** Memory limit, which is the request too unless one is given. */
  readonly memoryLimit: string;
  /** A sentence about the memory limit. @default none */
  readonly memoryNote?: string;
}

/** The text of a CPU request. */
export const CPU_REQUEST = 'CPU request, in cores (`2`, `0.5`) or millicores (`500m`).';

/** Memory request of a container: its limit, unless it is set. */
export const memoryRequest = () =>
  bytes().optional().meta({
    description:
      'Memory request. When a node runs short of memory, pods that use more than their request are evicted first.',
    derived: 'the memory limit',
  });

/** Limits of a container. */
export const limits = ({ cpuLimit, memoryLimit, memoryNote }: Omit<ResourceDefaults, 'cpuRequest'>) =>
  section({
    cpu: cpu().prefault(cpuLimit).describe('CPU limit, in cores (`2`, `0.5`) or millicores (`500m`).'),
    memory: bytes()
      .prefault(memoryLimit)
      .describe(memoryNote ? `Memory limit. ${memoryNote}` : 'Memory limit.'),
  }).describe('Resource limits.');

/** CPU and memory of a container. */
export const resources = (defaults: ResourceDefaults) =>
  section({
    requests: section({
      cpu: cpu().prefault(defaults.cpuRequest).describe(CPU_REQUEST),
      memory: memoryRequest(),
    })
      .prefault({})
      .describe('Resource requests.'),
    limits: limits(defaults).prefault({}),
  }).describe('CPU and memory.');

/** A container's resources as a user wrote them. */
export interface WrittenResources {
  readonly requests: { readonly cpu: string; readonly memory?: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** Fills in the memory request, and the disk of the node that the container needs. */
export const resolveResources = ({ requests, limits }: WrittenResources, disk: string): Resources => ({
  requests: { cpu: requests.cpu, memory: requests.memory ?? limits.memory, 'ephemeral-storage': disk },
  limits: { ...limits, 'ephemeral-storage': disk },
});

interface GivenResources {
  readonly requests: Readonly<Record<string, string | undefined>>;
  readonly limits: Readonly<Record<string, string | undefined>>;
}

/** No request exceeds its limit. */
export function resourceChecks(
  path: Path,
  { requests, limits }: GivenResources = { requests: {}, limits: {} },
): Check[] {
  return ['cpu', 'memory', 'ephemeral-storage'].map((name) => ({
    path: [...path, 'resources', 'requests', name],
    dependsOn: [[...path, 'resources', 'limits', name]],
    violated: quantityValue(requests[name] ?? '0') > quantityValue(limits[name] ?? 'none'),
    message: `exceeds the limit of ${limits[name]} (request at most the limit)`,
  }));
}
