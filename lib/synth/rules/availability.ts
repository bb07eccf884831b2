import { quantityValue } from '../../kubernetes/quantity';
import type { Manifest } from '../manifest';
import type { Rule, Violation } from './rule';
import { meets, podSelectorOf } from './selectors';
import { type AutoscalerSpec, autoscalersOf, isScaledBy, type MadePod, podCount, podsOf } from './workloads';

/** A volume that only one node can mount is used by one pod at a time. */
export const localStateHasOnePod: Rule = {
  name: 'local-state-has-one-pod',
  reason: 'a second pod waits for ever for a volume of another node, or two programs write to it at once',
  patched: 'issue',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, spec }) => {
      if (object.kind !== 'Deployment' && object.kind !== 'StatefulSet') return [];
      const claims = (spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
      const local = objects.find(
        ({ kind, metadata, ...rest }) =>
          kind === 'PersistentVolumeClaim' && claims.includes(metadata.name) && !isShared(rest.spec),
      );
      if (!local) return [];
      const { most, autoscalers } = podCount(object, objects);
      const others = [local, ...autoscalers];
      const instead = `use accessMode ReadWriteMany for ${local.metadata.name}`;
      const { strategy } = object.spec as { strategy?: Strategy };
      const surge = String(strategy?.rollingUpdate?.maxSurge ?? '');
      return [
        ...(most > 1
          ? [{ object, others, message: `may have ${most} pods on a volume of one node (${instead}, or one pod)` }]
          : []),
        // A StatefulSet ends the old pod before it starts the next one, whatever it says.
        ...(object.kind === 'Deployment' && strategy?.type !== 'Recreate' && !['0', '0%'].includes(surge)
          ? [{ object, others, message: `starts a new pod beside the old one on a volume of one node (use Recreate)` }]
          : []),
      ];
    }),
};

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly maxSurge?: string | number };
}

function isShared(spec: unknown): boolean {
  const { accessModes = [] } = (spec ?? {}) as { accessModes?: readonly string[] };
  return accessModes.includes('ReadWriteMany') || accessModes.includes('ReadOnlyMany');
}

/** An autoscaler has a target that leaves the number to it, bounds that are in order, and something to measure. */
export const autoscalersScale: Rule = {
  name: 'autoscalers-scale',
  reason: 'the autoscaler does nothing, or each apply sets the number of pods back',
  patched: 'issue',
  check: (objects) =>
    autoscalersOf(objects).flatMap(({ object, spec }) => {
      const { kind, name } = spec.scaleTargetRef ?? {};
      const { minReplicas = 1, maxReplicas = 0 } = spec;
      const target = podsOf(objects).find((pod) => isScaledBy(pod.object, spec));
      const bounds =
        minReplicas < 1 || minReplicas > maxReplicas
          ? [{ object, message: `scales from ${minReplicas} to ${maxReplicas} (1 <= minReplicas <= maxReplicas)` }]
          : [];
      if (!target) {
        return [...bounds, { object, message: `scales ${kind} ${name}, which is not there (name one that is)` }];
      }
      return [...bounds, ...targetViolations(object, spec, target)];
    }),
};

function targetViolations(object: Manifest, spec: AutoscalerSpec, target: MadePod): Violation[] {
  const { replicas } = target.object.spec as { replicas?: number };
  const counted =
    replicas === undefined
      ? []
      : [{ object: target.object, message: 'has replicas, but an autoscaler decides them (leave them out)' }];
  const unmeasured = (spec.metrics ?? []).flatMap(({ resource, containerResource }) => {
    const measured = resource ?? containerResource;
    const { name = '', target: wanted } = measured ?? {};
    if (wanted?.type !== 'Utilization') return [];
    return (
      (target.spec.containers ?? [])
        .filter((container) => !containerResource || container.name === containerResource.container)
        // Where only a limit is said, the API server asks for as much.
        .filter(({ resources = {} }) => (resources.requests?.[name] ?? resources.limits?.[name]) === undefined)
        .map((container) => ({
          object: target.object,
          others: [object],
          message: `container ${container.name} requests no ${name}, of which the autoscaler measures a share (set resources.requests.${name})`,
        }))
    );
  });
  return [...counted, ...unmeasured];
}

interface BudgetSpec {
  readonly minAvailable?: string | number;
  readonly maxUnavailable?: string | number;
  readonly unhealthyPodEvictionPolicy?: string;
}

const budgetsOf = (objects: readonly Manifest[]) =>
  objects
    .filter(({ kind }) => kind === 'PodDisruptionBudget')
    .map((object) => ({ object, spec: (object.spec ?? {}) as BudgetSpec }));

/** A disruption budget has one measure. */
export const budgetsHaveOneMeasure: Rule = {
  name: 'budgets-have-one-measure',
  reason: 'the API server refuses a budget with two of them, and one with none keeps nothing',
  patched: 'issue',
  check: (objects) =>
    budgetsOf(objects)
      .filter(({ spec }) => (spec.minAvailable === undefined) === (spec.maxUnavailable === undefined))
      .map(({ object }) => ({
        object,
        message: 'gives both minAvailable and maxUnavailable, or neither (set maxUnavailable: 1 alone)',
      })),
};

/** A disruption budget lets at least one pod go. */
export const drainsEnd: Rule = {
  name: 'drains-end',
  reason: 'a node with a pod that may never go is never drained, and the upgrade of the cluster stops there',
  // Kubernetes' own advice to who wants to be asked before each drain.
  patched: 'allowed',
  check: (objects) =>
    budgetsOf(objects).flatMap(({ object, spec }) => {
      const workloads = podsOf(objects).filter((pod) => meets(podSelectorOf(object), pod.metadata.labels));
      const counts = workloads.map((pod) => podCount(pod.object, objects));
      const least = counts.reduce((sum, count) => sum + count.least, 0);
      if (lets(spec, least)) return [];
      const others = [...workloads.map((pod) => pod.object), ...counts.flatMap(({ autoscalers }) => autoscalers)];
      return [{ object, others, message: `lets none of ${least} pods go (set maxUnavailable: 1, and nothing else)` }];
    }),
};

function lets({ minAvailable, maxUnavailable }: BudgetSpec, pods: number): boolean {
  // Without any pod, or without one measure, which is another rule's, there is nothing to say.
  if (pods === 0 || (minAvailable === undefined) === (maxUnavailable === undefined)) return true;
  // The controller rounds a share up, in both fields.
  const amount = (given: string | number) =>
    typeof given === 'number' ? given : Math.ceil((pods * quantityValue(given.replace('%', ''))) / 100);
  return maxUnavailable === undefined ? amount(minAvailable ?? 0) < pods : amount(maxUnavailable) > 0;
}

/** A disruption budget does not protect what does not serve anyway. */
export const unhealthyPodsLeave: Rule = {
  name: 'unhealthy-pods-leave',
  reason: 'a pod that never becomes ready holds up the drain of its node',
  patched: 'allowed',
  check: (objects) =>
    budgetsOf(objects)
      .filter(({ spec }) => spec.unhealthyPodEvictionPolicy !== 'AlwaysAllow')
      .map(({ object }) => ({
        object,
        message: 'keeps pods that are not ready (set unhealthyPodEvictionPolicy: AlwaysAllow)',
      })),
};
