import { kubectl } from './lab';

/** Names outside of the cluster that its DNS knows besides its own, as that of a company would. */
export class Names {
  private before?: string;

  /**
   * Adds names until `forget`.
   *
   * @param names by address
   */
  async add(names: Readonly<Record<string, readonly string[]>>): Promise<void> {
    this.before ??= await kubectl(['-n', 'kube-system', 'get', 'configmap', 'coredns', '-o', 'jsonpath={.data.hosts}']);
    const lines = Object.entries(names).map(([address, each]) => `${address} ${each.join(' ')}\n`);
    await this.set(`${this.before.trimEnd()}\n${lines.join('')}`);
  }

  /** Leaves the DNS as it was. */
  async forget(): Promise<void> {
    if (this.before !== undefined) await this.set(this.before);
    this.before = undefined;
  }

  private async set(hosts: string): Promise<void> {
    const patch = JSON.stringify({ data: { hosts } });
    await kubectl(['-n', 'kube-system', 'patch', 'configmap', 'coredns', '--type=merge', '--patch', patch]);
    // A new pod reads it at once; one that runs would take a minute.
    await kubectl(['-n', 'kube-system', 'rollout', 'restart', 'deployment/coredns']);
    await kubectl(['-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=60s']);
  }
}
