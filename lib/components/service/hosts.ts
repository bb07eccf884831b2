import type { Release } from '../../mlflow/releases';
import type { EdgeSections } from '../exposure/edge';
import { PROXY_PORT, SERVER_PORT } from '../shared/constants';
import type { ServiceSection } from './resolve';
import { serviceScheme } from './tls';

/** Whether people log in at a proxy in front of the server. */
export interface ProxiedSections {
  readonly auth: { readonly oidc?: object };
}

/** The sections that determine the names of the Service in the cluster. */
export interface Owner {
  readonly name: string;
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
}

/** The sections that determine the names and addresses by which clients reach the server. */
export interface ReachableServer extends EdgeSections, Owner {
  readonly auth: { readonly oidc?: { readonly redirectUrl?: string } };
  readonly service: ServiceSection;
  readonly server: {
    readonly staticPrefix?: string;
    readonly allowedHosts: readonly string[];
    readonly corsAllowedOrigins: readonly string[];
  };
}

/** The server as clients in pods of the cluster reach its API: by its Service. */
export function trackingUri({ release, server, ...owner }: ReachableServer & { readonly release: Release }): string {
  const prefix = release.can('prefixedApi') ? (server.staticPrefix ?? '') : '';
  return `${serviceScheme(owner.service)}://${serviceHost(owner)}:${owner.service.port}${prefix}`;
}

/** The names of the Service in the cluster, the full one last. */
export const serviceNames = (owner: Owner): string[] => {
  const { name, namespace } = owner;
  return [name, `${name}.${namespace.name}`, `${name}.${namespace.name}.svc`, serviceHost(owner)];
};

/** The full name of the Service. */
export const serviceHost = ({ name, namespace, clusterDomain }: Owner): string =>
  `${name}.${namespace.name}.svc.${clusterDomain}`;

/**
 * Whether the Service may have IPv6, so that a pod must listen on both families: the kubelet probes the pod's first
 * address.
 */
export const mayHaveIpv6 = ({ ipFamilies, ipFamilyPolicy = 'SingleStack' }: ServiceSection): boolean =>
  ipFamilies.includes('IPv6') || ipFamilyPolicy !== 'SingleStack';

/** Where the server listens: all IPv4 addresses of its pod, or all addresses of both families; behind a proxy none. */
export function listeningAddress({
  service,
  release,
  auth,
}: ProxiedSections & {
  readonly service: ServiceSection;
  readonly release: Release;
}): string {
  if (auth.oidc) return '127.0.0.1';
  if (!mayHaveIpv6(service)) return '0.0.0.0';
  // gunicorn expects address and port in one argument.
  return release.can('uvicorn') ? '::' : '[::]';
}

/** The port of its pod at which clients reach the server. */
export const clientPort = ({ auth }: ProxiedSections): number => (auth.oidc ? PROXY_PORT : SERVER_PORT);

/** An address as a Host header contains it. */
export const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);
