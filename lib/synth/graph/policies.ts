import { NAMESPACE_LABEL } from '../../components/shared/contributions/traffic';
import type { NetworkPolicyPeer } from '../../kubernetes/objects';
import type { Manifest } from '../manifest';
import { isNetworkPolicy } from '../rules/network-policies';
import { meets, podSelectorOf, type Selector } from '../rules/selectors';
import type { CreatedPod } from '../rules/workloads';
import type { PolicyPort } from './ports';

/** A rule of a policy in one direction. */
export interface PolicyRule {
  /** The namespace of the policy. */
  readonly namespace: string;
  /** Undefined if it is everything. */
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly ports: readonly PolicyPort[] | undefined;
}

/** What policies allow the pods of a workload; undefined in a direction that none restricts. */
export interface Allowed {
  readonly ingress: readonly PolicyRule[] | undefined;
  readonly egress: readonly PolicyRule[] | undefined;
}

type Written = { readonly ports?: readonly PolicyPort[] } & Partial<
  Record<'from' | 'to', readonly NetworkPolicyPeer[]>
>;

interface PolicySpec {
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Written[];
  readonly egress?: readonly Written[];
}

/** The namespace of an object; that of kubectl's default for one that names none. */
export const namespaceOf = ({ metadata }: Manifest): string => metadata.namespace ?? 'default';

/** What the policies of an output allow some pods. On the network of their node they restrict nothing. */
export function allowedFor(pod: CreatedPod, objects: readonly Manifest[]): Allowed {
  const policies = pod.spec.hostNetwork
    ? []
    : objects.filter(
        (object) =>
          isNetworkPolicy(object) &&
          namespaceOf(object) === namespaceOf(pod.object) &&
          meets(podSelectorOf(object), pod.metadata.labels),
      );
  const rulesOf = (type: 'Ingress' | 'Egress', written: (spec: PolicySpec) => readonly Written[] | undefined) => {
    const restricting = policies.filter(({ spec }) => typesOf((spec ?? {}) as PolicySpec).includes(type));
    if (restricting.length === 0) return undefined;
    return restricting.flatMap((policy) =>
      (written((policy.spec ?? {}) as PolicySpec) ?? []).map(({ from, to, ports }): PolicyRule => {
        const peers = from ?? to ?? [];
        return { namespace: namespaceOf(policy), peers: peers.length > 0 ? peers : undefined, ports };
      }),
    );
  };
  return {
    ingress: rulesOf('Ingress', ({ ingress }) => ingress),
    egress: rulesOf('Egress', ({ egress }) => egress),
  };
}

/** The directions that a policy restricts, with the defaults of the API server. */
const typesOf = ({ policyTypes = [], egress = [] }: PolicySpec): readonly string[] =>
  policyTypes.length > 0 ? policyTypes : ['Ingress', ...(egress.length > 0 ? ['Egress'] : [])];

/** The labels of a namespace, as far as the output says them. */
const labelsOf = (namespace: string, objects: readonly Manifest[]) => ({
  ...objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace)?.metadata.labels,
  [NAMESPACE_LABEL]: namespace,
});

/** Whether a peer of a policy is some pods of the output. An address is none: pods have no known one. */
export function isPeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  policyNamespace: string,
  pod: CreatedPod,
  objects: readonly Manifest[],
): boolean {
  if (ipBlock || pod.spec.hostNetwork) return false;
  const namespace = namespaceOf(pod.object);
  const isNamespace = namespaceSelector
    ? meets(namespaceSelector as Selector, labelsOf(namespace, objects))
    : namespace === policyNamespace;
  return isNamespace && meets((podSelector ?? {}) as Selector, pod.metadata.labels);
}

/** The name of the only namespace that a peer selects, if its selector says it. */
export function namespaceNamed({ namespaceSelector }: NetworkPolicyPeer, policyNamespace: string): string | undefined {
  if (!namespaceSelector) return policyNamespace;
  const { matchLabels = {}, matchExpressions = [] } = namespaceSelector;
  const [[label, name] = [], ...more] = Object.entries(matchLabels);
  return label === NAMESPACE_LABEL && more.length === 0 && matchExpressions.length === 0 ? name : undefined;
}
