import { type Manifest, podTemplate } from '../manifest';
import type { Finding, Rule } from './rule';

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const COMPONENT = 'app.kubernetes.io/component';

/** Every selector meets the pods of exactly one component, the one of the object that has it. */
export const selectorsMeetTheirPods: Rule = {
  name: 'selectors-meet-their-pods',
  reason:
    'a selector that meets too much lets Jobs into the Service; one that meets nothing leaves it without endpoints',
  check: (objects) =>
    objects.flatMap((object) => {
      const selector = podSelectorOf(object);
      return selector ? checkSelector(object, selector, objects) : [];
    }),
};

function checkSelector(object: Manifest, selector: Selector, objects: readonly Manifest[]): Finding[] {
  const workloads = objects.filter((candidate) => podTemplate(candidate));
  const met = workloads.filter((workload) => matches(selector, podTemplate(workload)?.metadata?.labels ?? {}));
  const component = object.metadata.labels?.[COMPONENT];
  const foreign = met.filter((workload) => podTemplate(workload)?.metadata?.labels?.[COMPONENT] !== component);
  if (met.length === 0) return [{ object, message: 'selects no pod (its selector must equal the labels of its pods)' }];
  return foreign.map((workload) => ({
    object,
    message: `selects the pods of ${workload.kind} ${workload.metadata.name}, which are not its own (select by ${COMPONENT} too)`,
  }));
}

function podSelectorOf({ kind, spec }: Manifest): Selector | undefined {
  const fields = (spec ?? {}) as { selector?: Selector & Labels; podSelector?: Selector };
  if (kind === 'Service') return { matchLabels: fields.selector };
  if (kind === 'NetworkPolicy') return fields.podSelector ?? {};
  return ['Deployment', 'StatefulSet', 'PodDisruptionBudget'].includes(kind) ? fields.selector : undefined;
}

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
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
