import { readFileSync } from 'node:fs';
import type { Outsider } from '../exposure/outsider';
import { CONTROLLER } from '../exposure/traefik';
import { applyObjects, clientPython, kubectl, lastJson, program, secret } from '../lab';
import { pythonInPod } from '../pods';
import type { Site } from './site';
import { HOST } from './surroundings';

/** How often each status came, by path, see programs/claimed.py. */
export type Answered = Readonly<Record<string, Readonly<Record<string, { count: number; example: string }>>>>;

/** Who asks, by what a request has besides the claims. */
export interface Asker {
  readonly headers: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

/** Headers by which proxies say who somebody is, or what they told a server. */
const NAMES = [
  ...['User', 'Email', 'Preferred-Username', 'Groups', 'Access-Token'].flatMap((what) => [
    `X-Forwarded-${what}`,
    `X-Auth-Request-${what}`,
  ]),
  ...['X-Auth-Request-Redirect', 'X-Remote-User', 'Remote-User', 'X-User', 'X-Original-Url'],
  ...['GAP-Auth', 'GAP-Signature', 'GAP-Upstream-Address'],
];

/** Those of our own proxy, and where MLflow releases look for a login besides `Authorization`. */
const OWN = ['X-Mlflow-Proxy-User', 'X-Mlflow-Proxy-Email', 'X-Mlflow-Proxy-Groups', 'X-MLflow-Authorization'];

/** A login as a header has it. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Requests that claim to be the administrator, even with the password that the proxy alone knows. */
export class Claims {
  private constructor(private readonly asked: object) {}

  /** @param marker what is only in answers to others */
  static async of(site: Site, marker: string): Promise<Claims> {
    const { user } = await site.login('administrator');
    const password = await site.proxyPassword();
    const proven = basic(user, password);
    const all = { 'X-Mlflow-Proxy-User': proven, 'X-Mlflow-Proxy-Email': proven };
    return new Claims({
      host: HOST,
      authority: site.authority,
      names: [...NAMES, ...OWN],
      values: [user, basic(user, 'x'), proven],
      all: { ...all, 'X-Mlflow-Proxy-Groups': basic('ml', password), 'X-Forwarded-User': user },
      marker,
    });
  }

  /** Sends them from outside of the cluster, through the ingress controller. */
  async fromOutside(outsider: Outsider, asker: Asker): Promise<Answered> {
    const env = this.variables(`https://${HOST}`, asker);
    return lastJson(await outsider.run([clientPython('3.18.0'), program('claimed.py')], { env }));
  }

  /** Sends them from a pod that the network policy takes for the ingress controller. */
  async fromController(image: string, origin: string, asker: Asker): Promise<Answered> {
    const { namespace, labels } = CONTROLLER;
    await applyObjects([secret(namespace, 'asked', this.variables(origin, asker))]);
    const pod = { namespace, labels, name: 'claiming', image, envFrom: [{ secretRef: { name: 'asked' } }] };
    const said = await pythonInPod(pod, readFileSync(program('claimed.py'), 'utf8'));
    await kubectl(['-n', namespace, 'delete', 'secret', 'asked']);
    return lastJson(said);
  }

  private variables(origin: string, asker: Asker): Record<string, string> {
    return { ASKED: JSON.stringify({ ...this.asked, ...asker, origin }) };
  }
}

/** The statuses that came, by path. */
export const statusesOf = (answered: Answered): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(answered).map(([path, outcomes]) => [path, Object.keys(outcomes).sort()]));

/** How many requests were sent. */
export const requestsIn = (answered: Answered): number =>
  Object.values(answered)
    .flatMap((outcomes) => Object.values(outcomes))
    .reduce((sum, { count }) => sum + count, 0);
