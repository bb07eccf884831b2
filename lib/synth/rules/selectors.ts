import { identity, type Manifest } from '../manifest';
import type { AddedObjects } from '../user-objects/user-object';
import { isNetworkPolicy } from './network-policies';
import type { Rule, Violation } from './rule';
import { COMPONENT, type CreatedPod, componentOf, podsOf } from './workloads';

type Labels = Readonly<Record<string, string>>;

/** A selector of pods by their labels, as Kubernetes writes it. */
export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Every selector matches the pods of its own component, and no others. */
export const selectorsMeetTheirPods: Rule = {
  name: 'selectors-meet-their-pods',
  reason:
    'a selector that matches too much adds the pods of Jobs to the Service; one that matches nothing leaves it without endpoints',
  patched: 'issue',
  relates: true,
  check: (objects, _, __, added) => {
    const pods = podsOf(objects);
    return objects.flatMap((object) => {
      const selector = podSelectorOf(object);
      if (!selector) return [];
      // A Service without a selector leads to another name, or to endpoints that something else writes.
      if (added.has(object) && object.kind === 'Service' && !selector.matchLabels) return [];
      const check = added.has(object) ? checkAddedSelector : checkSelector;
      return [...check(object, selector, pods, added), ...secondBudgets(object, selector, objects, pods, added)];
    });
  },
};

function checkSelector(
  object: Manifest,
  selector: Selector,
  all: readonly CreatedPod[],
  added: AddedObjects,
): Violation[] {
  const pods = all.filter((pod) => !added.has(pod.object));
  const met = pods.filter(({ metadata }) => meets(selector, metadata.labels));
  const strangers = all.filter((pod) => added.has(pod.object) && meets(selector, pod.metadata.labels));
  const component = componentOf(object);
  const foreign = met.filter((pod) => componentOf(pod) !== component);
  if (met.length === 0) {
    const others = pods.map((pod) => pod.object);
    return [{ object, others, message: 'selects no pod (its selector must equal the labels of its pods)' }];
  }
  return [
    ...foreign.map(({ object: other, object: { kind, metadata } }) => ({
      object,
      others: [other],
      message: `selects the pods of ${kind} ${metadata.name}, which belong to another component (add ${COMPONENT} to the selector)`,
    })),
    ...strangers.map(({ object: stranger }) => ({
      object: stranger,
      others: [object],
      message: `has pods with all labels by which ${object.kind} ${object.metadata.name} selects its own (use other labels, for example another app.kubernetes.io/name)`,
    })),
  ];
}

/** Kinds whose selectors are for the pods that they create, and no others. */
const CREATORS = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'];

/** A user's selector may be for any pods; but for some, unless an operator creates pods that the output does not contain. */
function checkAddedSelector(
  object: Manifest,
  selector: Selector,
  pods: readonly CreatedPod[],
  added: AddedObjects,
): Violation[] {
  const met = pods.filter(({ metadata }) => meets(selector, metadata.labels));
  if (CREATORS.includes(object.kind)) {
    if (!met.some((pod) => pod.object === object)) {
      return [{ object, message: 'selects no pod of its template (its selector must equal the labels of its pods)' }];
    }
    return met
      .filter((pod) => pod.object !== object)
      .map(({ object: { kind, metadata } }) => ({
        object,
        message: `selects the pods of ${kind} ${metadata.name} too (use labels that only its own pods have)`,
      }));
  }
  if (met.length > 0 || added.mayCreateMore()) return [];
  return [{ object, message: 'selects no pod of the output (use the labels of the pods that it is for)' }];
}

/** A user's budget for pods that have one already, of which no pod can be evicted: the API server allows one for each. */
function secondBudgets(
  object: Manifest,
  selector: Selector,
  objects: readonly Manifest[],
  pods: readonly CreatedPod[],
  added: AddedObjects,
): Violation[] {
  if (object.kind !== 'PodDisruptionBudget' || !added.has(object)) return [];
  const met = pods.filter(({ metadata }) => meets(selector, metadata.labels));
  return objects
    .filter((other) => other.kind === object.kind && identity(other) !== identity(object))
    .filter((other) => met.some(({ metadata }) => meets(podSelectorOf(other), metadata.labels)))
    .map((other) => ({
      object,
      message: `is for pods that PodDisruptionBudget ${other.metadata.name} is for too, so none of them can be evicted (keep one)`,
    }));
}

/** The selector by which an object finds pods, if it has one. */
export function podSelectorOf(object: Manifest): Selector | undefined {
  const { kind, spec } = object;
  const fields = (spec ?? {}) as { selector?: Selector & Labels; podSelector?: Selector };
  if (kind === 'Service') return { matchLabels: fields.selector };
  if (isNetworkPolicy(object)) return fields.podSelector ?? {};
  return ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet', 'PodDisruptionBudget'].includes(kind)
    ? fields.selector
    : undefined;
}

/** Whether a selector matches labels. Without a selector nothing matches. */
export function meets(selector: Selector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const given = labels[key];
      if (operator === 'In') return given !== undefined && values.includes(given);
      if (operator === 'NotIn') return given === undefined || !values.includes(given);
      return operator === 'Exists' ? given !== undefined : given === undefined;
    })
  );
}
