import { isIP } from 'node:net';
import type { Release } from '../../mlflow/releases';
import type { ServiceSection } from './resolve';

/** The sections that determine the names and addresses by which clients reach the server. */
export interface ReachableServer {
  readonly name: string;
  readonly namespace: { readonly name: string };
  readonly service: ServiceSection;
  readonly server: {
    readonly staticPrefix?: string;
    readonly allowedHosts: readonly string[];
    readonly corsAllowedOrigins: readonly string[];
  };
}

/** Addresses of the pod itself, which scrapers and probes use: private addresses, as MLflow allows by default. */
const PRIVATE = [
  '10.*',
  ...Array.from({ length: 16 }, (_, index) => `172.${16 + index}.*`),
  '192.168.*',
  // A bracketed address must escape its bracket, or the pattern reads it as a set of characters.
  '[[]fc*',
  '[[]fd*',
];

const LOCAL = ['localhost', '127.0.0.1', '::1'];

/**
 * Everything that a request's Host header may name (MLflow 3.5 and newer, which refuse all else): the header is
 * compared with its port, so each name is in the list bare and with `:*`.
 */
export function allowedHosts({ name, namespace, service, server }: ReachableServer): string[] {
  const names = [
    ...LOCAL,
    name,
    `${name}.${namespace.name}`,
    `${name}.${namespace.name}.svc`,
    `${name}.${namespace.name}.svc.cluster.local`,
    ...(service.loadBalancerIP ? [service.loadBalancerIP] : []),
    ...service.nodeAddresses,
  ];
  const hasPort = (host: string) => /:(\d+|\*)$/.test(host) && isIP(host) !== 6;
  const further = server.allowedHosts
    // Browsers send host names in lower case, and the comparison is exact.
    .map((host) => host.toLowerCase())
    .flatMap((host) => (hasPort(host) || host === '*' ? [host] : withAnyPort(host.replace(/^\[(.*)\]$/, '$1'))));
  return [...new Set([...names.flatMap(withAnyPort), ...PRIVATE, ...further])];
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
export const trackingUri = ({ name, namespace, service, server }: ReachableServer): string =>
  `http://${name}.${namespace.name}.svc.cluster.local:${service.port}${server.staticPrefix ?? ''}`;

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

// A browser omits the port if it is the default of the scheme.
const origin = (address: string, port: number) => `http://${bracketed(address)}${port === 80 ? '' : `:${port}`}`;
