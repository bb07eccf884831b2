import { serviceNamed } from '../../../kubernetes/service-names';
import type { Artifacts } from '../../artifacts/resolve';
import { artifactStore } from '../../artifacts/stores';
import { backupDestination } from '../../backup/destinations/destinations';
import type { Destination } from '../../backup/destinations/resolve';

/** The sections that name what no proxy is to be asked for. */
export interface ProxySections {
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
  readonly artifacts: Artifacts;
  readonly backup?: { readonly destination: Destination };
}

/** Variables that name a proxy. libpq reads none of them; Python's clients of HTTP and of S3 do. */
export const PROXY = /^(https?|all)_proxy$/i;

/** The names of the variable that lists what is reached without the proxy, from the one that wins in Python. */
const EXCEPTIONS = ['no_proxy', 'NO_PROXY'] as const;

/**
 * The plain variables of the environment file. With a proxy, what is in the cluster is reached without it: Services, and
 * the pod itself.
 *
 * @param references the names of those whose values are in objects of the cluster
 * @see https://github.com/python/cpython/blob/3.12/Lib/urllib/request.py (proxy_bypass_environment)
 */
export function withExceptions(
  env: Readonly<Record<string, string>>,
  references: readonly string[],
  sections: ProxySections,
): Readonly<Record<string, string>> {
  const plain = Object.keys(env).filter((name) => env[name]?.trim() !== '');
  if (![...plain, ...references].some((name) => PROXY.test(name))) return env;
  const given = EXCEPTIONS.filter((name) => Object.hasOwn(env, name));
  const isListed = given.length > 0 || EXCEPTIONS.some((name) => references.includes(name));
  const names = isListed ? given : (['NO_PROXY'] as const);
  return { ...env, ...Object.fromEntries(names.map((name) => [name, extended(env[name] ?? '', sections)])) };
}

function extended(list: string, sections: ProxySections): string {
  const given = list.split(',').flatMap((each) => each.trim() || []);
  // Alone it means everything; as one of several it means nothing.
  if (given.includes('*')) return list;
  return [...new Set([...given, ...inCluster(sections)])].join(',');
}

function inCluster({ namespace, clusterDomain, artifacts, backup }: ProxySections): string[] {
  const surroundings = { namespace: namespace.name, clusterDomain };
  const stores = [artifactStore(artifacts), ...(backup ? [backupDestination(backup.destination)] : [])];
  const services = stores
    .flatMap(({ hosts = [] }) => hosts.map((url) => new URL(url).hostname))
    .filter((host) => serviceNamed(host, surroundings) !== undefined);
  return [
    'localhost',
    '127.0.0.1',
    '::1',
    '.svc',
    `.${clusterDomain}`,
    ...services,
    ...stores.flatMap(({ identity }) => identity?.unproxied ?? []),
  ];
}
