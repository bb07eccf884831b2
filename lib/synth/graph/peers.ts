import { withoutMetadata } from '../../components/shared/contributions/metadata-services';
import type { NetworkPolicyPeer } from '../../kubernetes/objects';
import type { Manifest } from '../manifest';
import type { Selector } from '../rules/selectors';
import type { CreatedPod } from '../rules/workloads';
import { isPeer, namespaceNamed, type PolicyRule } from './policies';

/** Every address of a family. */
const EVERY_ADDRESS = ['0.0.0.0/0', '::/0'];

/** The peers of a rule that are not, or not only, pods of the output: others of a namespace, and addresses. */
export const othersOf = (
  { peers = [], namespace }: PolicyRule,
  pods: readonly CreatedPod[],
  objects: readonly Manifest[],
): readonly NetworkPolicyPeer[] =>
  peers.filter((peer) => {
    const met = pods.filter((pod) => isPeer(peer, namespace, pod, objects));
    const isOneNamespace = namespaceNamed(peer, namespace) !== undefined;
    return !(isOneNamespace && met.length > 0 && areNamed(peer.podSelector as Selector | undefined, met));
  });

/** Whether a selector names labels with their values, and pods have each: what it names is these pods. */
function areNamed({ matchLabels = {}, matchExpressions = [] }: Selector = {}, met: readonly CreatedPod[]): boolean {
  const listed = matchExpressions.filter(({ operator }) => operator === 'In');
  return (
    Object.keys(matchLabels).length + listed.length > 0 &&
    matchExpressions.every(({ operator }) => operator !== 'Exists') &&
    listed.every(({ key, values = [] }) =>
      values.every((value) => met.some((pod) => pod.metadata.labels?.[key] === value)),
    )
  );
}

/** Peers as a reader names them, each once. */
export function describePeers(peers: readonly NetworkPolicyPeer[], policyNamespace: string): string[] {
  const blocks = peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock] : []));
  const isEverywhere = EVERY_ADDRESS.every((cidr) => blocks.some((block) => block.cidr === cidr));
  return [
    ...new Set(
      peers.map(({ ipBlock, ...selected }) => {
        if (!ipBlock) return describeSelected(selected, policyNamespace);
        const { cidr, except = [] } = ipBlock;
        const isAny = isEverywhere && EVERY_ADDRESS.includes(cidr);
        const address = isAny ? 'any address outside the cluster' : describeBlock(cidr);
        return `${address}${describeExceptions(cidr, except, isAny)}`;
      }),
    ),
  ];
}

/** What a block lacks. Both families lack something else, and are described once. */
function describeExceptions(cidr: string, except: readonly string[], isAny: boolean): string {
  if (except.length === 0) return '';
  const metadata: readonly string[] = withoutMetadata(cidr).ipBlock?.except ?? [];
  if (metadata.length === except.length && metadata.every((block) => except.includes(block))) {
    return ' (no metadata services)';
  }
  return isAny && except.length > 2 ? ` (except ${except.length} blocks)` : ` (except ${except.join(', ')})`;
}

function describeBlock(cidr: string): string {
  if (cidr === '0.0.0.0/0') return 'any IPv4 address outside the cluster';
  if (cidr === '::/0') return 'any IPv6 address outside the cluster';
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '');
}

function describeSelected(peer: NetworkPolicyPeer, policyNamespace: string): string {
  const name = namespaceNamed(peer, policyNamespace);
  const selector = peer.namespaceSelector as Selector | undefined;
  const namespaces =
    name !== undefined
      ? `namespace ${name}`
      : isEmpty(selector)
        ? 'any namespace'
        : `namespaces with ${describeSelector(selector)}`;
  const pods = peer.podSelector as Selector | undefined;
  return isEmpty(pods) ? namespaces : `${namespaces}: ${describeSelector(pods)}`;
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: Selector = {}): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

/** A selector in the form that kubectl takes. */
function describeSelector({ matchLabels = {}, matchExpressions = [] }: Selector = {}): string {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      return operator === 'DoesNotExist' ? `!${key}` : `${key} ${operator.toLowerCase()} (${values.join(',')})`;
    }),
  ].join(', ');
}
