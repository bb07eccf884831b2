import type { Container } from '../../kubernetes/objects';
import type { Manifest } from '../manifest';
import { meets, podSelectorOf } from '../rules/selectors';
import { type CreatedPod, podCount, podsOf } from '../rules/workloads';
import type { GraphNode } from './graph';
import { namespaceOf } from './policies';

/** Workloads of which all that is shown besides their names is equal, as of several Jobs of a kind. */
export interface Workload {
  readonly id: string;
  /** Those of the first. */
  readonly pod: CreatedPod;
  readonly members: readonly CreatedPod[];
}

/** The workloads of an output. */
export function workloadsOf(objects: readonly Manifest[]): Workload[] {
  const groups = new Map<string, CreatedPod[]>();
  for (const pod of podsOf(objects)) {
    const key = likenessOf(pod, objects);
    groups.set(key, [...(groups.get(key) ?? []), pod]);
  }
  return [...groups.values()].flatMap((unsorted) => {
    const members = unsorted.toSorted((a, b) => (a.object.metadata.name < b.object.metadata.name ? -1 : 1));
    const [pod] = members;
    return pod
      ? [{ id: `${pod.object.kind} ${namespaceOf(pod.object)}/${pod.object.metadata.name}`, pod, members }]
      : [];
  });
}

/** What decides what pods may connect to and what they mount, and what their box says. */
function likenessOf(pod: CreatedPod, objects: readonly Manifest[]): string {
  const { object, metadata, spec, containers } = pod;
  const labels = Object.entries(metadata.labels ?? {}).toSorted();
  const ports = containers.map(({ name, ports }) => [name, ports]);
  const { volumes = [] } = spec;
  const claims = volumes.flatMap(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral ?? []);
  const { volumeClaimTemplates } = (object.spec ?? {}) as { volumeClaimTemplates?: unknown };
  // A template of claims makes claims of the workload's own name.
  const own = volumeClaimTemplates ? object.metadata.name : '';
  return JSON.stringify([object.kind, namespaceOf(object), labels, ports, claims, own, factsOf(pod, objects)]);
}

/** The box of a workload: its pods and containers, and what else of the output is about it. */
export function workloadNode({ id, pod, members }: Workload, objects: readonly Manifest[]): GraphNode {
  const { object } = pod;
  const [title = '', ...names] = members.map((member) => member.object.metadata.name);
  return {
    id,
    kind: 'workload',
    namespace: namespaceOf(object),
    caption: members.length > 1 ? `${members.length} ${object.kind}s` : object.kind,
    title,
    lines: [...names, ...factsOf(pod, objects)],
  };
}

/** What a box says besides names. */
function factsOf({ object, spec }: CreatedPod, objects: readonly Manifest[]): string[] {
  const [sidecars, init] = [true, false].map((isSidecar) =>
    (spec.initContainers ?? []).filter(({ restartPolicy }) => (restartPolicy === 'Always') === isSidecar),
  );
  const named = (containers: readonly Container[] = []) => containers.map(({ name }) => name).join(', ');
  return [
    ...(init?.length ? [`init: ${named(init)}`] : []),
    `runs: ${named([...spec.containers, ...(sidecars ?? [])])}`,
    ...countOf(object, objects),
    ...(spec.hostNetwork ? ['on the network of its node'] : []),
  ];
}

/** When pods run and how many there are, with the budget for evictions. */
function countOf(object: Manifest, objects: readonly Manifest[]): string[] {
  const { kind, spec = {} } = object;
  if (kind === 'CronJob') {
    const { schedule, timeZone, suspend } = spec as Readonly<Record<string, unknown>>;
    return [suspend === true ? 'suspended' : `${schedule}${timeZone ? ` (${timeZone})` : ''}`];
  }
  if (kind === 'DaemonSet') return ['a pod on each node'];
  if (!['Deployment', 'ReplicaSet', 'StatefulSet'].includes(kind)) return [];
  const { least, most, autoscalers } = podCount(object, objects);
  const pods =
    autoscalers.length > 0 ? `${least}–${most} pods, autoscaled` : `${least} ${least === 1 ? 'pod' : 'pods'}`;
  const labels = podsOf([object])[0]?.metadata.labels;
  const budgets = objects.filter(
    (each) =>
      each.kind === 'PodDisruptionBudget' &&
      namespaceOf(each) === namespaceOf(object) &&
      meets(podSelectorOf(each), labels),
  );
  return [pods, ...budgets.flatMap(describeBudget)];
}

function describeBudget({ spec }: Manifest): string[] {
  const { minAvailable, maxUnavailable } = (spec ?? {}) as Readonly<Record<string, string | number | undefined>>;
  if (maxUnavailable !== undefined) return [`evictions: at most ${maxUnavailable} unavailable`];
  return minAvailable === undefined ? [] : [`evictions: at least ${minAvailable} available`];
}
