import { isNetworkPolicy } from './network-policies';
import { advisedRule } from './rule';
import { meets, podSelectorOf } from './selectors';
import { podsOf } from './workloads';

/** If the environment has network policies, one covers each pod in both directions. */
export const podsHaveAPolicy = advisedRule({
  name: 'pods-have-a-policy',
  reason: 'a pod that no policy selects accepts and opens any connection',
  patched: 'allowed',
  find: (objects, { networkPolicy }) => {
    if (!networkPolicy.enabled) return [];
    const policies = objects.filter(isNetworkPolicy);
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
        what: 'has pods that no NetworkPolicy covers in both directions',
        fix: 'add one, with policyTypes Ingress and Egress',
      }));
  },
});
