import type { Release } from '../../mlflow/releases';
import {
  asPattern,
  formatOrigin,
  isOwnPort,
  isPattern,
  type NamedOrigin,
  namedHost,
  namedOrigin,
  originsAt,
} from './browser-names';
import { addressPatterns, addressPrefix } from './host-patterns';
import type { ServiceSection } from './resolve';

/** The sections that determine the names and addresses by which clients reach the server. */
export interface ReachableServer {
  readonly name: string;
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
  readonly service: ServiceSection;
  readonly server: {
    readonly staticPrefix?: string;
    readonly allowedHosts: readonly string[];
    readonly corsAllowedOrigins: readonly string[];
  };
}

/** The sections that determine which web pages may use the server. */
export interface BrowsedServer extends Pick<ReachableServer, 'service' | 'server'> {
  readonly release: Release;
}

/** Private addresses, by which proxies and clients in the cluster or the local network may name a pod, Service or node. */
const PRIVATE = [
  ...['10.', '172.1[6-9].', '172.2[0-9].', '172.3[01].', '192.168.'].flatMap(addressPatterns),
  // Only IPv6 addresses begin with a bracket, which a pattern must escape to not read it as a set of characters.
  '[[]f[cd]*]',
];

const LOCAL = ['localhost', '127.0.0.1', '::1'];

/**
 * Everything that a request's Host header may name (MLflow 3.5 and newer, which refuse all else): the header is
 * compared with its port, so each name is in the list bare and with `:*`.
 */
export function allowedHosts({ name, namespace, clusterDomain, service, server }: ReachableServer): string[] {
  const names = [
    ...LOCAL,
    name,
    `${name}.${namespace.name}`,
    `${name}.${namespace.name}.svc`,
    serviceHost({ name, namespace, clusterDomain }),
    ...(service.loadBalancerIP ? [service.loadBalancerIP] : []),
    ...service.nodeAddresses,
    ...service.externalIPs,
  ];
  const further = [...server.allowedHosts.flatMap(entriesOf), ...server.corsAllowedOrigins.flatMap(entriesAt)];
  return [
    ...new Set([...names.map(bracketed).flatMap(withAnyPort), ...PRIVATE.flatMap(patternWithAnyPort), ...further]),
  ];
}

/** The entries for a host, pattern or `*` of the environment file: with the port that it names, or with any. */
function entriesOf(entry: string): string[] {
  const { host, port } = namedHost(entry);
  if (host === '*' && port === undefined) return ['*'];
  const prefix = addressPrefix(host);
  if (prefix) return addressPatterns(prefix).flatMap((each) => (port ? [`${each}:${port}`] : patternWithAnyPort(each)));
  if (port === undefined) return withAnyPort(host);
  if (port === '*') return [`${asPattern(host)}:*`];
  // A browser omits the port of its scheme, and some proxies add it.
  return isOwnPort(port) ? [host, `${host}:${port}`] : [`${host}:${port}`];
}

/** The entries for the host of an origin, on any port, because a proxy may drop it; none for every host. */
function entriesAt(entry: string): string[] {
  const host = namedOrigin(entry)?.host ?? '*';
  return host === '*' ? [] : withAnyPort(host);
}

/**
 * Browser origins that may use the API (MLflow 3.5 and newer; from 3.10 this decides whether the web page works at all
 * behind an address that is not localhost): those of the Service, those of the environment file, and those of the page
 * at its hosts. Where the file has origins of a host, it has all of them.
 */
export function corsAllowedOrigins({ service, server, release }: BrowsedServer): string[] {
  const given = server.corsAllowedOrigins.map((entry) => namedOrigin(entry) ?? '*');
  if (given.includes('*')) return ['*'];
  const named = given.filter((origin) => origin !== '*');
  const addresses = [...(service.loadBalancerIP ? [service.loadBalancerIP] : []), ...service.externalIPs];
  const balanced = addresses.map((host) => ({ host, port: service.port }));
  const nodes = service.nodeAddresses.flatMap((host) => (service.nodePort ? [{ host, port: service.nodePort }] : []));
  const ours = [...balanced, ...nodes].map(
    ({ host, port }): NamedOrigin => ({ scheme: 'http', host: bracketed(host), port: String(port) }),
  );
  const pages = server.allowedHosts
    .flatMap((entry) => originsAt(entry, outerPorts(service)))
    .filter((origin) => !named.some(({ host }) => host === origin.host))
    .map(formatOrigin)
    .filter((origin) => release.can('originPatterns') || !isPattern(origin));
  return [...new Set([...[...ours, ...named].map(formatOrigin), ...pages])];
}

/** Ports outside of the cluster on which a Service has the server. */
const outerPorts = ({ type, port, nodePort, externalIPs }: ServiceSection): number[] => [
  ...(type === 'LoadBalancer' || externalIPs.length > 0 ? [port] : []),
  ...(type !== 'ClusterIP' && nodePort ? [nodePort] : []),
];

/** The server as clients in pods of the cluster reach its API: by its Service. */
export function trackingUri({ release, server, ...owner }: ReachableServer & { readonly release: Release }): string {
  const prefix = release.can('prefixedApi') ? (server.staticPrefix ?? '') : '';
  return `http://${serviceHost(owner)}:${owner.service.port}${prefix}`;
}

/** The full name of the Service. */
export const serviceHost = ({
  name,
  namespace,
  clusterDomain,
}: Pick<ReachableServer, 'name' | 'namespace' | 'clusterDomain'>): string =>
  `${name}.${namespace.name}.svc.${clusterDomain}`;

/**
 * Whether the Service may have IPv6, so that a pod must listen on both families: the kubelet probes the pod's first
 * address.
 */
export const mayHaveIpv6 = ({ ipFamilies, ipFamilyPolicy = 'SingleStack' }: ServiceSection): boolean =>
  ipFamilies.includes('IPv6') || ipFamilyPolicy !== 'SingleStack';

/** Where the server listens: all IPv4 addresses of its pod, or all addresses of both families. */
export function listeningAddress({
  service,
  release,
}: {
  readonly service: ServiceSection;
  readonly release: Release;
}): string {
  if (!mayHaveIpv6(service)) return '0.0.0.0';
  // gunicorn expects address and port in one argument.
  return release.can('uvicorn') ? '::' : '[::]';
}

/** An address as a Host header contains it. */
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

/** A host without a port, compared literally unless it is a pattern, and with one, compared as a pattern. */
const withAnyPort = (host: string) => [host, `${asPattern(host)}:*`];

const patternWithAnyPort = (pattern: string) => [pattern, `${pattern}:*`];
