import { Construct } from 'constructs';
import type { KubeNetworkPolicy, NetworkPolicyIngressRule } from '../../kubernetes/objects';
import { egressOf, type PodTraffic, podPeer, podPolicy, type Target } from '../shared/contributions/traffic';
import type { Instance } from '../shared/instance';

/** What the policies are derived from. */
export interface NetworkPolicyProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** What the pods of all components connect to. */
  readonly traffic: readonly PodTraffic[];
  /** Everything that they can connect to. */
  readonly targets: readonly Target[];
}

/**
 * A policy for each role that has pods: it allows egress to what its components use, and ingress from the pods that use
 * it. That of the Secret generator is in its own file, because it depends on the provider.
 */
export class NetworkPolicy extends Construct {
  /** By role. */
  readonly policies: ReadonlyMap<string, KubeNetworkPolicy>;

  /** @throws Error if a component uses a target that no component contributes. */
  constructor(scope: Construct, id: string, { instance, traffic, targets }: NetworkPolicyProps) {
    super(scope, id);
    const policies = new Map<string, KubeNetworkPolicy>();
    for (const { role, policy, uses, ingress } of mergeByRole(traffic)) {
      const rules = {
        ingress: [...ingress, ...usersOf(role, instance, traffic, targets)],
        egress: egressOf(uses, targets),
      };
      policies.set(role, podPolicy(this, instance, role, policy, rules));
    }
    this.policies = policies;
  }
}

function mergeByRole(traffic: readonly PodTraffic[]): Required<PodTraffic>[] {
  const roles = new Map<string, Required<PodTraffic>>();
  for (const { role, policy, uses = [], ingress = [] } of traffic) {
    const known = roles.get(role);
    roles.set(role, {
      role,
      policy,
      uses: [...(known?.uses ?? []), ...uses],
      ingress: [...(known?.ingress ?? []), ...ingress],
    });
  }
  return [...roles.values()];
}

/** The pods behind targets admit the roles that use them. Targets with the same ports are one rule. */
function usersOf(
  role: string,
  instance: Instance,
  traffic: readonly PodTraffic[],
  targets: readonly Target[],
): NetworkPolicyIngressRule[] {
  const own = targets
    .filter((target) => target.role === role)
    .map(({ name, egress }) => ({ name, ports: egress.flatMap(({ ports = [] }) => ports) }));
  const byPorts = new Map(own.map(({ ports }) => [JSON.stringify(ports), ports]));
  return [...byPorts].map(([id, ports]) => {
    const names = own.filter((each) => JSON.stringify(each.ports) === id).map(({ name }) => name);
    const users = traffic.filter(({ uses = [] }) => uses.some((used) => names.includes(used)));
    return { from: users.map((user) => podPeer(instance, user.role)), ports };
  });
}
