import { letsIn } from '../../mlflow/fnmatch';
import type { Manifest } from '../manifest';
import { backendsOf } from './backends';
import type { Rule } from './rule';
import { meets, podSelectorOf } from './selectors';
import { podsOf } from './workloads';

/** Where the server's pods have what MLflow accepts, from 3.5 on. */
const ALLOWED_HOSTS = 'MLFLOW_SERVER_ALLOWED_HOSTS';

/** Annotations by which controllers send another Host header. */
const REWRITING = ['nginx.ingress.kubernetes.io/upstream-vhost', 'haproxy.org/set-host'];

interface NamedHosts {
  readonly host?: string;
  readonly hostnames?: readonly string[];
  readonly listeners?: readonly { readonly hostname?: string }[];
  readonly rules?: readonly {
    readonly host?: string;
    readonly filters?: readonly { readonly urlRewrite?: { readonly hostname?: string } }[];
  }[];
}

/** The hosts at which an Ingress, a Gateway, an HTTPRoute or a Route is reached. */
export function namedHosts({ kind, spec }: Manifest): string[] {
  if (!['Ingress', 'Gateway', 'HTTPRoute', 'Route'].includes(kind)) return [];
  const { host, hostnames = [], rules = [], listeners = [] } = (spec ?? {}) as NamedHosts;
  const all = [host, ...hostnames, ...rules.map((rule) => rule.host), ...listeners.map(({ hostname }) => hostname)];
  return [...new Set(all)].filter((each) => each !== undefined);
}

/** The hosts that an Ingress, an HTTPRoute or a Route sends to its backends. */
function hostsOf(object: Manifest): string[] {
  if (REWRITING.some((name) => object.metadata.annotations?.[name] !== undefined)) return [];
  const { rules = [] } = (object.spec ?? {}) as NamedHosts;
  const rewritten = rules.flatMap(({ filters = [] }) =>
    filters.flatMap(({ urlRewrite }) => urlRewrite?.hostname ?? []),
  );
  return rewritten.length > 0 ? rewritten : namedHosts(object);
}

/** Every host that leads to the server is one that MLflow accepts. */
export const hostsAreAccepted: Rule = {
  name: 'hosts-are-accepted',
  reason: 'MLflow answers 403 to every request that names a host which it was not told',
  patched: 'issue',
  relates: true,
  check: (objects) => {
    const servers = podsOf(objects).flatMap(({ object, metadata, containers }) => {
      const value = containers.flatMap(({ env = [] }) => env).find(({ name }) => name === ALLOWED_HOSTS)?.value;
      return value === undefined ? [] : [{ object, labels: metadata.labels, allowed: value.split(',') }];
    });
    const services = objects.filter(({ kind }) => kind === 'Service');
    return objects.flatMap((object) => {
      const named = backendsOf(object).map(({ name }) => name);
      const led = services.filter(
        ({ metadata: { name, namespace } }) => named.includes(name) && namespace === object.metadata.namespace,
      );
      const server = servers.find(({ labels }) => led.some((service) => meets(podSelectorOf(service), labels)));
      if (!server) return [];
      return hostsOf(object)
        .filter((host) => !letsIn(server.allowed, host.replace(/^\*/, 'any')))
        .map((host) => ({
          object,
          others: [server.object],
          message: `leads to the server by the host ${host}, which MLflow refuses (add it to server.allowedHosts)`,
        }));
    });
  },
};
