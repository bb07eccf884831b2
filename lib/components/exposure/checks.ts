import type { Check } from '../../input/issue';
import type { NetworkPolicyPeer } from '../../kubernetes/objects';
import type { GivenPeers } from './peers';

/** The first host is none of the further ones. */
export const hostChecks = (
  key: string,
  { host, additionalHosts }: { readonly host: string; readonly additionalHosts: readonly string[] },
): Check[] =>
  additionalHosts.map((further, index) => ({
    path: [key, 'additionalHosts', index],
    violated: further === host,
    message: `is ${further}, which is ${key}.host (remove it)`,
  }));

/** What the sources of a proxy's connections are checked for. */
interface CheckedPeers {
  readonly given: GivenPeers;
  /** The sources that follow. */
  readonly from: readonly NetworkPolicyPeer[];
  /** Whether there is a network policy. */
  readonly enabled: boolean;
  readonly what: string;
}

/** A policy that admits no source, or not the pods that are named, would refuse every request of the proxy. */
export function peerChecks(key: string, { given, from, enabled, what }: CheckedPeers): Check[] {
  const dependsOn = [
    [key, 'controller'],
    ['networkPolicy', 'enabled'],
  ];
  const namesPods = from.some(({ namespaceSelector }) => namespaceSelector !== undefined);
  return [
    {
      path: [key, 'from'],
      dependsOn,
      violated: enabled && from.length === 0 && given.labels === undefined,
      message: `names no source of the connections of ${what}, so the network policy would refuse them (set namespace and labels of its pods, or cidrs)`,
    },
    {
      path: [key, 'from', 'labels'],
      dependsOn: [...dependsOn, [key, 'from', 'namespace']],
      violated: enabled && given.labels !== undefined && !namesPods,
      message: `are those of pods whose namespace is not known, so they admit none (set ${key}.from.namespace, or remove them)`,
    },
  ];
}
