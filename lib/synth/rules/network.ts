import type { Rule } from './rule';
import { meets, podSelectorOf } from './selectors';
import { podsOf } from './workloads';

/** Where the environment has network policies, each pod has one for both directions. */
export const podsHaveAPolicy: Rule = {
  name: 'pods-have-a-policy',
  reason: 'a pod that no policy selects may be reached by all and reach everything',
  patched: 'allowed',
  check: (objects, { networkPolicy }) => {
    if (!networkPolicy.enabled) return [];
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    return podsOf(objects)
      .filter(
        ({ metadata }) =>
          !policies.some((policy) => {
            const { policyTypes = [] } = (policy.spec ?? {}) as { policyTypes?: readonly string[] };
            const both = policyTypes.includes('Ingress') && policyTypes.includes('Egress');
            return both && meets(podSelectorOf(policy), metadata.labels);
          }),
      )
      .map(({ object }) => ({
        object,
        others: policies,
        message:
          'has pods that no NetworkPolicy covers in both directions (add one, with policyTypes Ingress and Egress)',
      }));
  },
};
