import type { Manifest } from '../manifest';
import type { Rule, Violation } from './rule';
import { type CreatedPod, podsOf } from './workloads';

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

const COMPONENT = 'app.kubernetes.io/component';

/** Every selector matches the pods of its own component, and no others. */
export const selectorsMeetTheirPods: Rule = {
  name: 'selectors-meet-their-pods',
  reason:
    'a selector that matches too much adds the pods of Jobs to the Service; one that matches nothing leaves it without endpoints',
  patched: 'issue',
  check: (objects) => {
    const pods = podsOf(objects);
    return objects.flatMap((object) => {
      const selector = podSelectorOf(object);
      return selector ? checkSelector(object, selector, pods) : [];
    });
  },
};

function checkSelector(object: Manifest, selector: Selector, pods: readonly CreatedPod[]): Violation[] {
  const met = pods.filter(({ metadata }) => meets(selector, metadata.labels));
  const component = object.metadata.labels?.[COMPONENT];
  const foreign = met.filter(({ metadata }) => metadata.labels?.[COMPONENT] !== component);
  if (met.length === 0) {
    const others = pods.map((pod) => pod.object);
    return [{ object, others, message: 'selects no pod (its selector must equal the labels of its pods)' }];
  }
  return foreign.map(({ object: other, object: { kind, metadata } }) => ({
    object,
    others: [other],
    message: `selects the pods of ${kind} ${metadata.name}, which belong to another component (add ${COMPONENT} to the selector)`,
  }));
}

/** The selector by which an object finds pods, if it has one. */
export function podSelectorOf({ kind, spec }: Manifest): Selector | undefined {
  const fields = (spec ?? {}) as { selector?: Selector & Labels; podSelector?: Selector };
  if (kind === 'Service') return { matchLabels: fields.selector };
  if (kind === 'NetworkPolicy') return fields.podSelector ?? {};
  return ['Deployment', 'StatefulSet', 'PodDisruptionBudget'].includes(kind) ? fields.selector : undefined;
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
