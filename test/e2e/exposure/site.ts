import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tlsSecret } from '../certificates';
import { apply, synthesizeVariant } from '../homelab';
import { loadRelease } from '../images';
import { applyObjects, removeNamespaces, rolledOut, secretValues } from '../lab';
import { inServer } from '../pods';
import { GATEWAY } from './traefik';

/** A login of MLflow. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The login in a Secret. */
export async function loginIn(namespace: string, name: string): Promise<Login> {
  const { MLFLOW_TRACKING_USERNAME = '', MLFLOW_TRACKING_PASSWORD = '' } = await secretValues(namespace, name);
  return { user: MLFLOW_TRACKING_USERNAME, password: MLFLOW_TRACKING_PASSWORD };
}

/** What the server held at one moment, in bytes, see programs/footprint.py. */
export interface Footprint {
  readonly memory: number;
  readonly temporary: number;
}

/** The two ways to the server, with the host of each. */
export const HOSTS = { ingress: 'mlflow.example.com', gateway: 'gateway.example.com' } as const;
export type Way = keyof typeof HOSTS;

export const NAMESPACE = 'mlflow-exposed';
const REPOSITORY = 'localhost/mlflow-exposed';

/** The quickstart at an Ingress and at a Gateway, by TLS at both. */
export class Site {
  /**
   * @param path `/`, or the path of the server
   * @param certificates folder with `server.crt` and `server.key` for both hosts
   */
  constructor(
    readonly release: string,
    readonly path: string,
    private readonly certificates: string,
  ) {}

  /** Recreates it, and waits until it is ready. */
  async start(): Promise<void> {
    await loadRelease(this.image, this.release);
    await this.stop();
    const { name, namespace } = GATEWAY;
    const folder = await synthesizeVariant(
      'exposed',
      `image: { repository: ${REPOSITORY}, tag: "${this.release}" }
namespace: { name: ${NAMESPACE} }
server: { temporaryStorage: 3Gi }
ingress: { host: ${HOSTS.ingress}, path: ${this.path}, controller: traefik, tls: { secret: mlflow-tls } }
gateway:
  host: ${HOSTS.gateway}
  controller: traefik
  parentRefs: [{ name: ${name}, namespace: ${namespace}, sectionName: websecure }]
`,
      'quickstart',
    );
    await apply(folder);
    await applyObjects([tlsSecret(NAMESPACE, 'mlflow-tls', this.certificates)]);
    await rolledOut(300, NAMESPACE);
  }

  /** Removes it. */
  stop(): Promise<unknown> {
    return removeNamespaces([NAMESPACE]);
  }

  get image(): string {
    return `${REPOSITORY}:${this.release}`;
  }

  /** Where the page is. */
  page(way: Way): string {
    return `https://${HOSTS[way]}${this.prefix}`;
  }

  /** What clients outside set as MLFLOW_TRACKING_URI: MLflow has the API below the path from 3.12 on. */
  trackingUri(way: Way): string {
    return `https://${HOSTS[way]}${this.release === '3.18.0' ? this.prefix : ''}`;
  }

  /** The administrator's. */
  login(): Promise<Login> {
    return loginIn(NAMESPACE, 'mlflow-basic-auth');
  }

  /** The most that the server held while something was done, looked at about twice a second. */
  async footprintOf(action: () => Promise<unknown>): Promise<Footprint> {
    const code = readFileSync(join(__dirname, '..', 'programs', 'footprint.py'), 'utf8');
    let [running, most] = [true, { memory: 0, temporary: 0 }];
    const watched = action().finally(() => {
      running = false;
    });
    while (running) {
      const now = JSON.parse(await inServer(['python', '-c', code], { namespace: NAMESPACE })) as Footprint;
      most = {
        memory: Math.max(most.memory, now.memory),
        temporary: Math.max(most.temporary, now.temporary),
      };
    }
    await watched;
    return most;
  }

  private get prefix(): string {
    return this.path === '/' ? '' : this.path;
  }
}
