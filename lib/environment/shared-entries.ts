import { edgesOf } from '../components/exposure/edge';
import { formatPath, type Path } from '../input/issue';
import type { ResolvedEnvironment } from './resolved-environment';
import type { SharedThing } from './shared-thing';

/** What leads people and clients to an environment. */
export const sharedEntries = (environment: ResolvedEnvironment): SharedThing[] => [
  ...hosts(environment),
  ...addresses(environment),
  ...oidcClient(environment),
];

/** Hosts with their paths: two servers may have one host. */
const hosts = (environment: ResolvedEnvironment): SharedThing[] =>
  edgesOf(environment).flatMap(({ key, host, additionalHosts, port, path: under }) => {
    const path = [key, 'path'];
    const named: [Path, string][] = [
      [[key, 'host'], host],
      ...additionalHosts.map((each, index): [Path, string] => [[key, 'additionalHosts', index], each]),
    ];
    return named.map(([at, name]) => {
      const list = at.slice(0, 2);
      return {
        path: at,
        keys: [list, path, [key, 'port'], ['server', 'staticPrefix']],
        id: `${name.toLowerCase()}:${port ?? ''}${under}`,
        noun: 'host',
        name,
        consequence: 'people who open it reach either server',
        ways: [formatPath(list)],
      };
    });
  });

/** Addresses and ports of the Service. */
function addresses({ service }: ResolvedEnvironment): SharedThing[] {
  const { nodePort, loadBalancerIP, externalIPs } = service;
  const of = (key: string, name: string, noun: string, consequence: string, isOfCluster: boolean): SharedThing => ({
    path: ['service', key],
    keys: [
      ['service', key],
      ['service', 'port'],
    ],
    id: `${key} ${name}:${key === 'nodePort' ? '' : service.port}`,
    noun,
    name,
    consequence,
    ways: [`service.${key}`],
    isOfCluster,
  });
  const both = 'the Services of both need it, and only one gets it';
  return [
    ...(nodePort ? [of('nodePort', String(nodePort), 'port', both, true)] : []),
    ...(loadBalancerIP ? [of('loadBalancerIP', loadBalancerIP, 'IP', both, false)] : []),
    ...externalIPs.map((address) => of('externalIPs', address, 'IP', both, false)),
  ];
}

/** The client of the OpenID provider. */
function oidcClient({ auth: { oidc } }: ResolvedEnvironment): SharedThing[] {
  if (!oidc) return [];
  const path = ['auth', 'oidc', 'clientId'];
  return [
    {
      path,
      keys: [path, ['auth', 'oidc', 'issuer']],
      id: JSON.stringify([oidc.issuer, oidc.clientId]),
      noun: 'client',
      name: oidc.clientId,
      location: ` of ${oidc.issuer}`,
      consequence: 'both have one client secret, and the provider must know the redirect URIs of both',
      ways: [formatPath(path)],
    },
  ];
}
