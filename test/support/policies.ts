import { BlockList, isIP } from 'node:net';
import type { Manifest } from '../../lib/synth/manifest';
import { all, playing } from './support';

/** Where a connection ends, as a policy sees it: behind the Service, so with the port of the pod. */
export interface End {
  /** The namespace of the pod; outside the cluster if there is none. */
  readonly namespace?: string;
  /** The address, outside the cluster. */
  readonly address?: string;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** Whether an address is in one of the blocks of its family. */
function isIn(blocks: readonly string[], given: string): boolean {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', length] = block.split('/');
    if (isIP(address) === isIP(given)) list.addSubnet(address, Number(length), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list.check(given, isIP(given) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether the policy of a component's pods lets them connect. Labels of pods in the rules match no pod here. */
export function letsOut(objects: readonly Manifest[], component: string, end: End): boolean {
  const { namespace, address = '', port, protocol = 'TCP' } = end;
  const policies = all(playing(objects, component), 'NetworkPolicy');
  if (policies.length !== 1) throw new Error(`${component} has ${policies.length} policies`);
  return (policies[0]?.spec?.egress ?? []).some(({ to = [], ports }) => {
    const isPort =
      ports === undefined || ports.some((each) => each.protocol === protocol && (each.port ?? port) === port);
    return (
      isPort &&
      to.some(({ namespaceSelector, podSelector, ipBlock }) =>
        namespace === undefined
          ? ipBlock && isIn([ipBlock.cidr], address) && !isIn(ipBlock.except ?? [], address)
          : !podSelector && namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] === namespace,
      )
    );
  });
}
