import { quantityValue } from '../../kubernetes/quantity';
import type { Manifest } from '../manifest';
import type { Rule, Violation } from './rule';
import { meets, podSelectorOf } from './selectors';
import { type AutoscalerSpec, autoscalersOf, type CreatedPod, isScaledBy, podCount, podsOf } from './workloads';

/** A volume that only one node can mount is used by one pod at a time. */
export const localStateHasOnePod: Rule = {
  name: 'local-state-has-one-pod',
  reason: 'a second pod waits forever for a volume of another node, or two programs write to it at once',
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
        // A StatefulSet always terminates the old pod before it starts the next one.
        ...(object.kind === 'Deployment' && strategy?.type !== 'Recreate' && !['0', '0%'].includes(surge)
          ? [
              {
                object,
                others,
                message: `starts a new pod while the old one still uses the volume of one node (use strategy Recreate)`,
              },
            ]
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

/** An autoscaler has a target without replicas of its own, valid bounds, and a metric that it can measure. */
export const autoscalersScale: Rule = {
  name: 'autoscalers-scale',
  reason: 'the autoscaler does nothing, or each apply resets the number of pods',
  patched: 'issue',
  relates: true,
  check: (objects, _, __, added) =>
    autoscalersOf(objects).flatMap(({ object, spec }) => {
      const { kind, name } = spec.scaleTargetRef ?? {};
      const { minReplicas = 1, maxReplicas = 0 } = spec;
      const target = podsOf(objects).find((pod) => isScaledBy(pod.object, spec));
      const bounds =
        minReplicas < 1 || minReplicas > maxReplicas
          ? [{ object, message: `scales from ${minReplicas} to ${maxReplicas} (1 <= minReplicas <= maxReplicas)` }]
          : [];
      if (!target) {
        return [
          ...bounds,
          { object, message: `scales ${kind} ${name}, which does not exist (name an object of the output)` },
        ];
      }
      const fix = added.has(object) && !added.has(target.object) ? 'use server.autoscaling instead' : 'remove replicas';
      return [...bounds, ...targetViolations(object, spec, target, fix)];
    }),
};

function targetViolations(object: Manifest, spec: AutoscalerSpec, target: CreatedPod, fix: string): Violation[] {
  const { replicas } = target.object.spec as { replicas?: number };
  const counted =
    replicas === undefined
      ? []
      : [
          {
            object: target.object,
            others: [object],
            message: `sets replicas, which an autoscaler decides (${fix})`,
          },
        ];
  const unmeasured = (spec.metrics ?? []).flatMap(({ resource, containerResource }) => {
    const measured = resource ?? containerResource;
    const { name = '', target: wanted } = measured ?? {};
    if (wanted?.type !== 'Utilization') return [];
    return (
      (target.spec.containers ?? [])
        .filter((container) => !containerResource || container.name === containerResource.container)
        // If only a limit is set, the API server requests as much.
        .filter(({ resources = {} }) => (resources.requests?.[name] ?? resources.limits?.[name]) === undefined)
        .map((container) => ({
          object: target.object,
          others: [object],
          message: `container ${container.name} requests no ${name}, but the autoscaler measures utilization of it (set resources.requests.${name})`,
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

/** A disruption budget sets exactly one of its two bounds. */
export const budgetsHaveOneMeasure: Rule = {
  name: 'budgets-have-one-measure',
  reason: 'the API server refuses a budget with both bounds, and one without any protects nothing',
  patched: 'issue',
  check: (objects) =>
    budgetsOf(objects)
      .filter(({ spec }) => (spec.minAvailable === undefined) === (spec.maxUnavailable === undefined))
      .map(({ object }) => ({
        object,
        message: 'sets both minAvailable and maxUnavailable, or neither (set only maxUnavailable: 1)',
      })),
};

/** A disruption budget allows at least one eviction. */
export const drainsEnd: Rule = {
  name: 'drains-end',
  reason: 'a node whose pod cannot be evicted is never drained, which blocks the upgrade of the cluster',
  // Kubernetes recommends it to users who want to approve each drain.
  patched: 'allowed',
  check: (objects) =>
    budgetsOf(objects).flatMap(({ object, spec }) => {
      const workloads = podsOf(objects).filter((pod) => meets(podSelectorOf(object), pod.metadata.labels));
      const counts = workloads.map((pod) => podCount(pod.object, objects));
      const least = counts.reduce((sum, count) => sum + count.least, 0);
      if (allowsEviction(spec, least)) return [];
      const others = [...workloads.map((pod) => pod.object), ...counts.flatMap(({ autoscalers }) => autoscalers)];
      return [
        {
          object,
          others,
          message: `allows no eviction of its pods, of which there are ${least} (set only maxUnavailable: 1)`,
        },
      ];
    }),
};

function allowsEviction({ minAvailable, maxUnavailable }: BudgetSpec, pods: number): boolean {
  // Without pods nothing is blocked; a budget without exactly one bound is reported by another rule.
  if (pods === 0 || (minAvailable === undefined) === (maxUnavailable === undefined)) return true;
  // The controller rounds a share up, in both fields.
  const amount = (given: string | number) =>
    typeof given === 'number' ? given : Math.ceil((pods * quantityValue(given.replace('%', ''))) / 100);
  return maxUnavailable === undefined ? amount(minAvailable ?? 0) < pods : amount(maxUnavailable) > 0;
}

/** A disruption budget does not protect pods that are not ready. */
export const unhealthyPodsLeave: Rule = {
  name: 'unhealthy-pods-leave',
  reason: 'a pod that never becomes ready blocks the drain of its node',
  patched: 'allowed',
  check: (objects) =>
    budgetsOf(objects)
      .filter(({ spec }) => spec.unhealthyPodEvictionPolicy !== 'AlwaysAllow')
      .map(({ object }) => ({
        object,
        message: 'protects pods that are not ready (set unhealthyPodEvictionPolicy: AlwaysAllow)',
      })),
};
