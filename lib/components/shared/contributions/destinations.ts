import { isIP } from 'node:net';
import type { NetworkPolicyEgressRule, NetworkPolicyPort } from '../../../kubernetes/objects';
import { serviceNamed } from '../../../kubernetes/service-names';
import type { Destination } from './destination';
import { withoutMetadata } from './metadata-services';
import { ANY_TCP, ANYWHERE, namespacePeer, type Target, tcp } from './traffic';

/** Blocks of the addresses of hosts outside the cluster. */
export type Addresses = Readonly<Record<string, readonly string[]>>;

/** The sections that decide how a policy reaches what the environment names. */
export interface NamingSections {
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
  readonly networkPolicy: {
    readonly egress: readonly { readonly namespace?: string; readonly ports: readonly number[] }[];
    readonly addresses: Addresses;
  };
}

/** Whether a host is the pod itself, which no policy restricts. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/i.test(host);

/**
 * The ways to what a setting names, as far as a policy can express it: an address is itself, a name outside the cluster
 * is its addresses if they are set, or may be anywhere, all on the port of the setting. A Service is the pods of its namespace, on any port: a policy sees
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
  const blocks = addressesOf(host, sections.networkPolicy.addresses)?.map(withoutMetadata);
  const outside = isOutsideName(host, sections) ? { to: blocks ?? [...ANYWHERE], ports } : undefined;
  return [inside, outside].filter((rule) => rule !== undefined);
}

/** A target that is hosts. */
export const targetAt = (name: string, destinations: readonly Destination[], sections: NamingSections): Target => ({
  name,
  destinations,
  egress: destinations.flatMap((each) => egressTo(each, sections)),
});

/** Whether a host is a name that may be outside the cluster. */
export function isOutsideName(
  host: string,
  { namespace, clusterDomain }: Pick<NamingSections, 'namespace' | 'clusterDomain'>,
): boolean {
  if (isIP(host) || isLoopback(host)) return false;
  return serviceNamed(host, { namespace: namespace.name, clusterDomain })?.isAmbiguous ?? true;
}

/** A host name in the form in which two that are equal are the same text. */
export const comparableHost = (host: string): string => host.toLowerCase().replace(/\.$/, '');

/** The blocks that are set for a host, if any. */
export const addressesOf = (host: string, addresses: Addresses): readonly string[] | undefined =>
  Object.entries(addresses).find(([name]) => comparableHost(name) === comparableHost(host))?.[1];

/** The ports behind the Services of a namespace: all, unless `networkPolicy.egress` says which the pods listen on. */
function podPorts(namespace: string, port: number, { networkPolicy }: NamingSections): NetworkPolicyPort[] {
  const known = networkPolicy.egress.filter((rule) => rule.namespace === namespace);
  if (known.length === 0 || known.some(({ ports }) => ports.length === 0)) return [ANY_TCP];
  return [...new Set([port, ...known.flatMap(({ ports }) => ports)])].map(tcp);
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
