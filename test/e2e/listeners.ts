import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyObjects, clientPython, IMAGE, kubectl, LAB, program, until } from './lab';
import { pythonPod } from './pods';

/** The machine beside the node: an address outside of the cluster. */
const NEIGHBOUR = '192.168.1.100';

/** HTTP servers that belong to an attacker, one in a pod of another namespace and one outside of the cluster. */
export class Listeners {
  private outside?: ChildProcess;
  private printed = '';
  private podIp = '';

  constructor(
    private readonly namespace: string,
    private readonly ports: readonly number[],
  ) {}

  /** Every address (HOST:PORT) that they listen on. */
  get addresses(): readonly string[] {
    return [this.podIp, NEIGHBOUR].flatMap((host) => this.ports.map((port) => `${host}:${port}`));
  }

  /** Starts both, and waits until they listen. The namespace exists. */
  async start(): Promise<void> {
    const ports = this.ports.map(String);
    const pod = pythonPod(
      { namespace: this.namespace, name: 'listener', image: IMAGE['3.18.0'] },
      readFileSync(program('listener.py'), 'utf8'),
    );
    const [container] = pod.spec.containers;
    container?.command.push('0.0.0.0', ...ports);
    await applyObjects([pod]);
    const argv = ['--ext', clientPython('3.18.0'), program('listener.py'), NEIGHBOUR, ...ports];
    this.outside = spawn(join(LAB, 'cluster', 'exec'), argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.outside.stdout?.on('data', (data: Buffer) => {
      this.printed += data.toString();
    });
    await until('both listen', 60, async () =>
      (await this.logs()).every((printed) => printed.startsWith('listening\n')),
    );
    this.podIp = await kubectl([
      ...['-n', this.namespace, 'get', 'pod', 'listener'],
      ...['-o', 'jsonpath={.status.podIP}'],
    ]);
  }

  /** The requests that arrived, as `METHOD PATH LOGIN`: at the pod, and outside of the cluster. */
  async requests(): Promise<readonly (readonly string[])[]> {
    return (await this.logs()).map((printed) => printed.trim().split('\n').slice(1));
  }

  /** Stops the one outside of the cluster. The other one goes with its namespace. */
  stop(): void {
    this.outside?.kill();
  }

  private async logs(): Promise<readonly string[]> {
    const pod = await kubectl(['-n', this.namespace, 'logs', 'listener']).catch(() => '');
    return [pod, this.printed];
  }
}
