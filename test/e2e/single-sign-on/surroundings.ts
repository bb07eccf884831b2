import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { makeCertificates } from '../certificates';
import { startBrowser } from '../exposure/browser';
import { Outsider } from '../exposure/outsider';
import { removeTraefik, startTraefik, TRAEFIK } from '../exposure/traefik';
import { removeVariants } from '../homelab';
import { applyObjects, namespace, removeNamespaces } from '../lab';
import { Names } from '../names';
import { Provider } from './provider';

/** Where MLflow is. */
export const NAMESPACE = 'mlflow-single-sign-on';
export const HOST = 'mlflow.example.com';

/** What the provider says of people, besides their address and the group that is let in. */
const PEOPLE = {
  ...{ ann: {}, bob: {}, carl: {}, dana: {} },
  eve: { groups: ['others'] },
  mallory: { email: 'mallory@example.org' },
};

/** A namespace that may not connect to MLflow. */
export const STRANGER = 'stranger';

/** Traefik with a provider behind it, which the cluster and a browser outside know by the same name. */
export class Surroundings {
  /** Where `ca.crt`, `server.crt` and `server.key` of both hosts are. */
  readonly folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-single-sign-on-'));
  readonly outsider = new Outsider(this.folder, TRAEFIK, [HOST, Provider.host]);
  readonly provider = new Provider(this.outsider);
  private readonly names = new Names();
  private started?: Browser;

  /** Starts all of it. */
  async start(): Promise<void> {
    await removeTraefik();
    await makeCertificates(this.folder, [`DNS:${HOST}`, `DNS:${Provider.host}`]);
    await startTraefik(this.folder);
    await this.names.add({ [TRAEFIK]: [Provider.host] });
    await this.provider.start();
    await applyObjects([namespace(STRANGER)]);
    for (const [name, more] of Object.entries(PEOPLE)) {
      const claims = { email: `${name}@example.com`, email_verified: true, groups: ['ml'], ...more };
      await this.provider.set(name, claims);
    }
    this.started = await startBrowser(this.outsider);
  }

  /** Removes all of it, and MLflow. */
  async stop(): Promise<void> {
    await this.started?.close();
    await removeNamespaces([NAMESPACE, STRANGER]);
    await this.provider.stop();
    await removeTraefik();
    await this.names.forget();
    removeVariants();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A browser outside of the cluster. */
  get browser(): Browser {
    if (!this.started) throw new Error('not started');
    return this.started;
  }
}
