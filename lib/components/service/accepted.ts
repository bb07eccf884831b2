import type { Release } from '../../mlflow/releases';
import { edgesOf, type NamedEdge } from '../exposure/edge';
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
import { bracketed, type ReachableServer, serviceNames } from './hosts';
import type { ServiceSection } from './resolve';
import { serviceScheme } from './tls';

/** Hosts or an origin that MLflow accepts. */
export interface Accepted {
  /** As people write it. */
  readonly name: string;
  /** As MLflow compares it. */
  readonly entries: readonly string[];
  /** Where it is from: a key of the environment file, or what needs it. */
  readonly reason: string;
}

/** The sections that determine which web pages may use the server. */
export interface BrowsedServer extends Omit<ReachableServer, 'name' | 'namespace' | 'clusterDomain'> {
  readonly release: Release;
}

/** The entries of a list, each once. */
const entriesIn = (accepted: readonly Accepted[]): string[] => [...new Set(accepted.flatMap(({ entries }) => entries))];

/** Everything that a request's Host header may name (MLflow 3.5 and newer, which refuse all else). */
export const allowedHosts = (environment: ReachableServer): string[] => entriesIn(acceptedHosts(environment));

/** Browser origins that may use the API: see `acceptedOrigins`. */
export const corsAllowedOrigins = (environment: BrowsedServer): string[] => entriesIn(acceptedOrigins(environment));

/** Private addresses, by which proxies and clients in the cluster or the local network may name a pod, Service or node. */
const PRIVATE: readonly (readonly [block: string, patterns: readonly string[]])[] = [
  ['10.0.0.0/8', addressPatterns('10.')],
  ['172.16.0.0/12', ['172.1[6-9].', '172.2[0-9].', '172.3[01].'].flatMap(addressPatterns)],
  ['192.168.0.0/16', addressPatterns('192.168.')],
  // Only IPv6 addresses begin with a bracket, which a pattern must escape to not read it as a set of characters.
  ['fc00::/7', ['[[]f[cd]*]']],
];

const LOCAL = ['localhost', '127.0.0.1', '::1'];

/**
 * The hosts that a request may name, and why. MLflow compares the header with its port, so each name is in the list bare
 * and with `:*`.
 */
export function acceptedHosts(environment: ReachableServer): Accepted[] {
  const { service, server } = environment;
  const named = (reason: string, hosts: readonly string[]): Accepted[] =>
    hosts.map((host) => ({ name: host, entries: withAnyPort(bracketed(host)), reason }));
  return [
    ...named('the pod itself, and port forwarding', LOCAL),
    ...named('the Service', serviceNames(environment)),
    ...named('service.loadBalancerIP', service.loadBalancerIP ? [service.loadBalancerIP] : []),
    ...named('service.nodeAddresses', service.nodeAddresses),
    ...named('service.externalIPs', service.externalIPs),
    ...edgesOf(environment).flatMap((edge) => hostsOf(edge).flatMap(({ host, reason }) => named(reason, [host]))),
    ...redirectOrigins(environment).map((origin) => {
      const { host } = new URL(origin);
      const name = namedHost(host).host;
      return { name, entries: withAnyPort(name), reason: REDIRECT_URL };
    }),
    ...PRIVATE.map(([block, patterns]) => ({
      name: block,
      entries: patterns.flatMap(patternWithAnyPort),
      reason: 'private addresses of pods, Services and nodes',
    })),
    ...server.allowedHosts.map((entry) => ({ name: entry, entries: entriesOf(entry), reason: 'server.allowedHosts' })),
    ...server.corsAllowedOrigins.flatMap(atOrigin),
  ];
}

/** The hosts of an edge, and the key of each. */
const hostsOf = ({ key, host, additionalHosts }: NamedEdge) => [
  { host, reason: `${key}.host` },
  ...additionalHosts.map((further) => ({ host: further, reason: `${key}.additionalHosts` })),
];

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

/** The host of an origin, on any port, because a proxy may drop it; none for every host. */
function atOrigin(entry: string): Accepted[] {
  const host = namedOrigin(entry)?.host ?? '*';
  return host === '*' ? [] : [{ name: host, entries: withAnyPort(host), reason: 'server.corsAllowedOrigins' }];
}

/**
 * Browser origins that may use the API, and why: those of the Service and of what leads to it, those of the environment
 * file, and those of the page at its hosts. Where the file has origins of a host, it has all of them. The start program
 * compares them in every release, MLflow itself from 3.5 on, and on the routes of its web page from 3.10 on.
 */
export function acceptedOrigins(environment: BrowsedServer): Accepted[] {
  const { service, server, release } = environment;
  const given = server.corsAllowedOrigins.map((entry) => namedOrigin(entry) ?? '*');
  if (given.includes('*')) return [accepted('*', 'server.corsAllowedOrigins')];
  const named = given.filter((origin) => origin !== '*');
  const pages = server.allowedHosts
    .flatMap((entry) => originsAt(entry, outerPorts(service)))
    .filter((origin) => !named.some(({ host }) => host === origin.host))
    .map(formatOrigin)
    .filter((origin) => readsPatterns(release) || !isPattern(origin));
  return [
    ...serviceOrigins(service),
    ...edgesOf(environment).flatMap((edge) =>
      hostsOf(edge).map(({ host, reason }) => accepted(edgeOrigin(edge, host), reason)),
    ),
    ...redirectOrigins(environment).map((origin) => accepted(origin, REDIRECT_URL)),
    ...named.map((origin) => accepted(formatOrigin(origin), 'server.corsAllowedOrigins')),
    ...pages.map((origin) => accepted(origin, 'server.allowedHosts')),
  ];
}

/** The key by which people come back from a provider of single sign-on. */
const REDIRECT_URL = 'auth.oidc.redirectUrl';

/** Whether origins may be patterns: those that only the start program compares may. */
export const readsPatterns = (release: Release): boolean => release.can('originPatterns') || !release.can('hostCheck');

/** The origin of the page for people who come back from a provider. */
const redirectOrigins = ({ auth }: Pick<ReachableServer, 'auth'>): string[] =>
  auth.oidc?.redirectUrl ? [new URL(auth.oidc.redirectUrl).origin] : [];

const accepted = (entry: string, reason: string): Accepted => ({ name: entry, entries: [entry], reason });

/** The origin of the page at a host of an edge. */
const edgeOrigin = ({ scheme, port }: NamedEdge, host: string): string =>
  formatOrigin({ scheme, host, port: port === undefined ? undefined : String(port) });

/** The origins of the page at the addresses of the Service outside the cluster. */
function serviceOrigins(service: ServiceSection): Accepted[] {
  const { loadBalancerIP, externalIPs, nodeAddresses, nodePort, port } = service;
  const at = (hosts: readonly string[], outerPort: number, reason: string) =>
    hosts.map((host) => {
      const origin: NamedOrigin = { scheme: serviceScheme(service), host: bracketed(host), port: String(outerPort) };
      return accepted(formatOrigin(origin), reason);
    });
  return [
    ...at(loadBalancerIP ? [loadBalancerIP] : [], port, 'service.loadBalancerIP'),
    ...at(externalIPs, port, 'service.externalIPs'),
    ...(nodePort ? at(nodeAddresses, nodePort, 'service.nodeAddresses') : []),
  ];
}

/** Ports outside of the cluster on which a Service has the server. */
const outerPorts = ({ type, port, nodePort, externalIPs }: ServiceSection): number[] => [
  ...(type === 'LoadBalancer' || externalIPs.length > 0 ? [port] : []),
  ...(type !== 'ClusterIP' && nodePort ? [nodePort] : []),
];

/**
 * The URIs of the server for clients outside the cluster: where its page is, and what MLflow's client is given. From the
 * most to the least usual.
 */
export function outerUris(
  environment: BrowsedServer,
): { readonly uri: string; readonly page: string; readonly reason: string }[] {
  const { server, service, release } = environment;
  const origins = [
    ...edgesOf(environment).map((edge) => accepted(edgeOrigin(edge, edge.host), `${edge.key}.host`)),
    ...redirectOrigins(environment).map((origin) => accepted(origin, REDIRECT_URL)),
    ...serviceOrigins(service),
  ];
  const prefix = server.staticPrefix ?? '';
  return origins.map(({ name, reason }) => ({
    page: `${name}${prefix}/`,
    uri: `${name}${release.can('prefixedApi') ? prefix : ''}`,
    reason,
  }));
}

/** A host without a port, compared literally unless it is a pattern, and with one, compared as a pattern. */
const withAnyPort = (host: string) => [host, `${asPattern(host)}:*`];

const patternWithAnyPort = (pattern: string) => [pattern, `${pattern}:*`];
