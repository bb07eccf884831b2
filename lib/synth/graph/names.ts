import { isIP } from 'node:net';
import type { Destination } from '../../components/shared/contributions/destination';
import {
  type Addresses,
  addressesOf,
  destinationsIn,
  isLoopback,
} from '../../components/shared/contributions/destinations';
import { containsBlock } from '../../components/shared/contributions/metadata-services';
import type { NetworkPolicyPeer } from '../../kubernetes/objects';
import { serviceNamed } from '../../kubernetes/service-names';
import type { Manifest } from '../manifest';
import { namedHosts } from '../rules/hosts';
import type { CreatedPod } from '../rules/workloads';
import { builtInUrls } from './built-in-hosts';
import { namespaceNamed, namespaceOf, type PolicyRule } from './policies';
import { covers, onePort, type PortRange } from './ports';

/** Variables of libpq, which names a host and its port apart. */
const POSTGRES = { host: /^PGHOST(ADDR)?$/, port: 'PGPORT', usual: 5432 } as const;

/** Variables and options that name what clients call, or a claim of a token by its URL, not what a program connects to. */
const OF_CLIENTS = /ALLOWED_HOSTS|ALLOWED_ORIGINS|NO_PROXY|redirect|claim"/i;

/** Ports of schemes by which only stores are named. */
const STORES = { wasbs: 443, abfss: 443 };

/** A URL within a text. */
const URLS = /[a-z][a-z\d+.-]*:\/\/[^\s"'`<>\\,]+/gi;

/**
 * The hosts outside of an output that the settings of its pods name: in variables, options, and the files of ConfigMaps
 * that are no programs, and those that their programs know by themselves.
 */
export function hostsNamedBy(pod: CreatedPod, objects: readonly Manifest[], clusterDomain: string): Destination[] {
  const own = new Set(objects.flatMap(namedHosts));
  const named = pod.containers.flatMap(({ command = [], args = [], env = [] }) => {
    const port = Number(env.find(({ name }) => name === POSTGRES.port)?.value) || POSTGRES.usual;
    const variables = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
    const settings = [...variables.map((each) => each.join('=')), ...command, ...args];
    return [
      ...builtInUrls(settings, Object.fromEntries(variables)).flatMap((url) => destinationsIn(url)),
      ...env.flatMap(({ name, value = '' }) =>
        POSTGRES.host.test(name) ? value.split(',').map((host) => ({ host, port })) : urlsIn(`${name}=${value}`, port),
      ),
      ...[...command, ...args].flatMap((argument) => urlsIn(argument, port)),
    ];
  });
  const all = [...named, ...filesOf(pod, objects).flatMap((text) => urlsIn(text, POSTGRES.usual))];
  const namespace = namespaceOf(pod.object);
  const isOwnService = (host: string) => {
    const service = serviceNamed(host, { namespace, clusterDomain });
    return objects.some(
      ({ kind, metadata }) =>
        kind === 'Service' && metadata.name === service?.name && metadata.namespace === service.namespace,
    );
  };
  return all.filter(
    ({ host }) => /^[\w.:-]+$/.test(host) && !isLoopback(host) && !own.has(host) && !isOwnService(host),
  );
}

const urlsIn = (text: string, postgres: number): Destination[] =>
  text
    .split('\n')
    .filter((line) => !OF_CLIENTS.test(line))
    .flatMap((line) => line.match(URLS) ?? [])
    .flatMap((url) => destinationsIn(url, { ...STORES, postgresql: postgres, postgres }));

/** The texts of the ConfigMaps that a pod mounts. */
function filesOf({ object, spec }: CreatedPod, objects: readonly Manifest[]): string[] {
  const mounted = (spec.volumes ?? []).flatMap(({ configMap, projected }) => [
    ...(configMap ? [configMap.name] : []),
    ...(projected?.sources ?? []).flatMap((source) => source.configMap?.name ?? []),
  ]);
  return objects
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && mounted.includes(metadata.name))
    .filter((each) => namespaceOf(each) === namespaceOf(object))
    .flatMap(({ data }) => Object.entries((data ?? {}) as Readonly<Record<string, unknown>>))
    .flatMap(([key, text]) =>
      typeof text === 'string' && /\.(ya?ml|json|cfg|conf|toml|ini)$/.test(key) ? [text] : [],
    );
}

/** What the environment file says of hosts. */
export interface Naming {
  /** By which hosts are told to be Services. */
  readonly clusterDomain: string;
  /** Blocks of the addresses of hosts outside. */
  readonly addresses: Addresses;
}

/** What decides which host is where. */
interface Looking extends Naming {
  /** The namespace of the policy. */
  readonly namespace: PolicyRule['namespace'];
}

/** The hosts that are behind the peers of a rule, each once. */
export function hostsBehind(
  named: readonly Destination[],
  peers: readonly NetworkPolicyPeer[],
  ports: readonly PortRange[],
  { namespace, clusterDomain, addresses }: Looking,
): string[] {
  const behind = named.filter(({ host, port }) => {
    const service = serviceNamed(host, { namespace, clusterDomain });
    return peers.some((peer) => {
      const { ipBlock } = peer;
      // A policy sees the port of a pod, which may be another than that of its Service.
      if (!ipBlock) return service !== undefined && namespaceNamed(peer, namespace) === service.namespace;
      if (!covers(ports, [onePort(port)])) return false;
      if (isIP(host)) return isInBlock(host, ipBlock);
      if (service && !service.isAmbiguous) return false;
      const blocks = addressesOf(host, addresses);
      return blocks ? blocks.includes(ipBlock.cidr) : /\/0$/.test(ipBlock.cidr);
    });
  });
  return [...new Set(behind.map(({ host }) => host))].sort();
}

/** Whether an address is in a block of a policy, and in none of its exceptions. */
function isInBlock(address: string, { cidr, except = [] }: { cidr: string; except?: readonly string[] }): boolean {
  const own = `${address}/${isIP(address) === 4 ? 32 : 128}`;
  return containsBlock(cidr, own) && !except.some((block) => containsBlock(block, own));
}
