import { reachesMetadata } from '../../components/shared/contributions/metadata-services';
import { areEverywhere } from '../../components/shared/risks/addresses';
import type { NetworkPolicyPeer, NetworkPolicySpec } from '../../kubernetes/objects';
import type { Manifest } from '../manifest';
import { isNetworkPolicy } from '../rules/network-policies';
import type { Selector } from '../rules/selectors';
import { componentOf } from '../rules/workloads';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';

/** What a rule opens, by the direction of its connections. */
const OPENS = {
  ingress: {
    everyone: 'admits every address',
    unnamed: 'admits pods that it does not name, possibly all of the cluster',
    store: 'admits all pods of a namespace to an embedded store, without TLS',
  },
  egress: {
    everyone: 'lets pods connect to every address',
    unnamed: 'lets pods connect to pods that it does not name, possibly all of the cluster',
    metadata: 'lets pods connect to metadata services of clouds',
  },
} as const;

/** Policies that admit everyone, or let pods connect anywhere. */
export const openPolicies: ObjectRiskCheck = (objects) =>
  objects.filter(isNetworkPolicy).flatMap((object) => {
    const { ingress = [], egress = [] } = (object.spec ?? {}) as NetworkPolicySpec;
    const rules = [
      ...ingress.map(({ from, ports }) => ({ peers: from, ports, opens: OPENS.ingress })),
      ...egress.map(({ to, ports }) => ({ peers: to, ports, opens: OPENS.egress })),
    ];
    return rules.flatMap(({ peers = [], ports = [], opens }): ObjectRisk[] => {
      const to = ports.map(({ port }) => port ?? 'any').join(', ') || 'any';
      const does = [
        ...(peers.length === 0 || areEverywhere(peers.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []))
          ? [opens.everyone]
          : []),
        ...(peers.some(namesNoPod) ? [opens.unnamed] : []),
        ...('store' in opens && isStore(object) && peers.some(namesNamespace) ? [opens.store] : []),
        ...('metadata' in opens && peers.some(reachesMetadata) ? [opens.metadata] : []),
      ];
      return does.slice(0, 1).map((what) => ({
        object,
        risk: 'open-network',
        what: `has a rule for port ${to} that ${what}`,
        fix: 'name the peers',
      }));
    });
  });

/** Whether it protects a store, which only pods of the instance use. */
const isStore = (object: Manifest) => ['database', 'object-store'].includes(componentOf(object) ?? '');

const namesNamespace = ({ podSelector, ipBlock }: NetworkPolicyPeer) =>
  ipBlock === undefined && isAny((podSelector ?? {}) as Selector);

const namesNoPod = ({ namespaceSelector, podSelector }: NetworkPolicyPeer) =>
  namespaceSelector !== undefined && isAny(namespaceSelector as Selector) && isAny((podSelector ?? {}) as Selector);

/** Whether a selector names no label with a value: what lacks a label, or has one that everything has, is anything. */
const isAny = ({ matchLabels = {}, matchExpressions = [] }: Selector) =>
  Object.keys(matchLabels).length === 0 && matchExpressions.every(({ operator }) => operator !== 'In');
