import type { NetworkPolicyPeer } from '../../kubernetes/objects';
import { namespacePeer } from '../shared/contributions/traffic';

/** Where the connections of a proxy come from, as a user wrote it. */
export interface GivenPeers {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly cidrs?: readonly string[];
}

/** Where the connections of a kind of proxy come from if it is installed as its documentation says. */
export interface UsualPeers extends GivenPeers {
  /** Labels of the namespaces of its pods, if these have different names. */
  readonly namespaceLabels?: readonly Readonly<Record<string, string>>[];
}

/** Traefik, as its chart installs it. */
export const TRAEFIK: UsualPeers = { namespace: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' } };

/** The proxies and health checks of Google's load balancers. */
export const GOOGLE: UsualPeers = { cidrs: ['130.211.0.0/22', '35.191.0.0/16'] };

/** The sources of a proxy's connections: what is written, and the usual for what is not. Blocks alone are no pods. */
export function proxyPeers(given: GivenPeers, usual: UsualPeers): NetworkPolicyPeer[] {
  const isPod = !given.cidrs?.length || given.namespace !== undefined || given.labels !== undefined;
  const { namespaceLabels = [], ...ofPods }: UsualPeers = isPod ? usual : {};
  const { namespace = ofPods.namespace, labels = ofPods.labels, cidrs = usual.cidrs ?? [] } = given;
  const podSelector = labels && Object.keys(labels).length > 0 ? { matchLabels: { ...labels } } : undefined;
  const namespaces = namespace
    ? [namespacePeer(namespace)]
    : namespaceLabels.map((matchLabels) => ({
        namespaceSelector: { matchLabels: { ...matchLabels } },
        // Without it, OpenShift leaves out pods in the network of their nodes.
        podSelector: {},
      }));
  return [
    ...namespaces.map((peer) => (podSelector ? { ...peer, podSelector } : peer)),
    ...cidrs.map((cidr) => ({ ipBlock: { cidr } })),
  ];
}
