import { isIP } from 'node:net';
import type { NetworkPolicyEgressRule, NetworkPolicyPort } from '../../../kubernetes/objects';
import { serviceNamed } from '../../../kubernetes/service-names';
import { ANY_TCP, ANYWHERE, namespacePeer, tcp } from './traffic';

/** The sections that decide how a policy reaches what the environment names. */
export interface NamingSections {
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
  readonly networkPolicy: {
    readonly egress: readonly { readonly namespace?: string; readonly ports: readonly number[] }[];
  };
}

/** A host with its port, as a setting names them. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** Whether a host is the pod itself, which no policy restricts. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/i.test(host);

/**
 * The ways to what a setting names, as far as a policy can express it: an address is itself, a name outside the cluster
 * may be anywhere, both on the port of the setting. A Service is the pods of its namespace, on any port: a policy sees
 * the port of a pod, which only the cluster knows. A name that may be either is both.
 */
export function egressTo({ host, port }: Destination, sections: NamingSections): NetworkPolicyEgressRule[] {
  if (isLoopback(host)) return [];
  const ports = [tcp(port)];
  const version = isIP(host);
  if (version) return [{ to: [{ ipBlock: { cidr: `${host}/${version === 4 ? 32 : 128}` } }], ports }];
  const { namespace, clusterDomain } = sections;
  const service = serviceNamed(host, { namespace: namespace.name, clusterDomain });
  const inside = service && {
    to: [namespacePeer(service.namespace)],
    ports: podPorts(service.namespace, port, sections),
  };
  const outside = !service || service.isAmbiguous ? { to: [...ANYWHERE], ports } : undefined;
  return [inside, outside].filter((rule) => rule !== undefined);
}

/** The ports behind the Services of a namespace: all, unless `networkPolicy.egress` says which the pods listen on. */
function podPorts(namespace: string, port: number, { networkPolicy }: NamingSections): NetworkPolicyPort[] {
  const known = networkPolicy.egress.filter((rule) => rule.namespace === namespace);
  if (known.length === 0 || known.some(({ ports }) => ports.length === 0)) return [ANY_TCP];
  return [...new Set([port, ...known.flatMap(({ ports }) => ports)])].map(tcp);
}

/**
 * The way to an S3 store.
 *
 * @param endpoint URL of the store; AWS if undefined
 */
export function storeEgress(endpoint: string | undefined, sections: NamingSections): NetworkPolicyEgressRule[] {
  return destinationsIn(endpoint ?? 'https://s3.amazonaws.com').flatMap((store) => egressTo(store, sections));
}

/** Ports of schemes if a URL names none. Where a scheme's URLs name no host, such as `s3://BUCKET`, there is none. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  mssql: 1433,
  redis: 6379,
  rediss: 6379,
  memcached: 11211,
};

const URL_PARTS = /^\s*([a-z][a-z\d]*)(?:\+[\w.-]+)?:\/\/(?:[^/?#]*@)?([^/?#]*)[^?#]*(?:\?([^#]*))?/i;

/**
 * The hosts that a URL names, which may be several for a database, also in its query.
 *
 * @param defaults ports of schemes that differ from the usual ones
 */
export function destinationsIn(url: string, defaults: Readonly<Record<string, number>> = {}): Destination[] {
  const [, scheme = '', authority = '', query = ''] = URL_PARTS.exec(url) ?? [];
  const usual = { ...DEFAULT_PORTS, ...defaults }[scheme.toLowerCase()];
  const parameters = new URLSearchParams(query);
  const further =
    usual && !/^https?$/i.test(scheme) ? [...parameters.getAll('host'), ...parameters.getAll('hostaddr')] : [];
  const port = Number(parameters.get('port')) || usual;
  return [authority, ...further]
    .flatMap((hosts) => hosts.split(','))
    .flatMap((host) => {
      const [, six, name = '', own] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d+))?$/i.exec(host) ?? [];
      const to = own === undefined ? port : Number(own);
      return (six ?? name) && to && to <= 65_535 ? [{ host: six ?? name, port: to }] : [];
    });
}
