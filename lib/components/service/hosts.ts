import { isIP } from 'node:net';
import type { Release } from '../../mlflow/releases';
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
    `${name}.${namespace.name}.svc.${clusterDomain}`,
    ...(service.loadBalancerIP ? [service.loadBalancerIP] : []),
    ...service.nodeAddresses,
  ];
  // Browsers send host names in lower case, and the comparison is exact.
  const further = server.allowedHosts.flatMap((host) => entriesOf(host.toLowerCase()));
  return [...new Set([...names.flatMap(withAnyPort), ...PRIVATE.flatMap(patternWithAnyPort), ...further])];
}

/** The entries for a host, pattern or `*` of the environment file: with the port that it names, or with any. */
function entriesOf(host: string): string[] {
  const port = isIP(host) === 6 ? undefined : /:(\d+|\*)$/.exec(host)?.[0];
  const bare = port ? host.slice(0, -port.length) : host;
  const prefix = addressPrefix(bare);
  if (prefix) return addressPatterns(prefix).flatMap((each) => (port ? [each + port] : patternWithAnyPort(each)));
  return port || host === '*' ? [host] : withAnyPort(host.replace(/^\[(.*)\]$/, '$1'));
}

/**
 * Browser origins that may use the API (MLflow 3.5 and newer; from 3.10 this decides whether the web page works at all
 * behind an address that is not localhost).
 */
export function corsAllowedOrigins({ service, server }: Pick<ReachableServer, 'service' | 'server'>): string[] {
  const balanced = service.loadBalancerIP ? [origin(service.loadBalancerIP, service.port)] : [];
  const nodes = service.nodeAddresses.flatMap((address) =>
    service.nodePort ? [origin(address, service.nodePort)] : [],
  );
  return [...new Set([...balanced, ...nodes, ...server.corsAllowedOrigins])];
}

/** The server as pods of the cluster reach it: by its Service. */
export const trackingUri = ({ name, namespace, clusterDomain, service, server }: ReachableServer): string =>
  `http://${name}.${namespace.name}.svc.${clusterDomain}:${service.port}${server.staticPrefix ?? ''}`;

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

/** A host without a port, compared literally, and with one, compared as a pattern. */
const withAnyPort = (host: string) => {
  const bare = bracketed(host);
  return [bare, `${bare.replace('[', '[[]')}:*`];
};

const patternWithAnyPort = (pattern: string) => [pattern, `${pattern}:*`];

// A browser omits the port if it is the default of the scheme.
const origin = (address: string, port: number) => `http://${bracketed(address)}${port === 80 ? '' : `:${port}`}`;
