import { type Check, type Issue, violatedChecks } from '../../input/issue';
import { type Release, sinceRelease } from '../../mlflow/releases';
import { sourceChecks } from '../shared/sections/ca-certificate';
import { readsPatterns } from './accepted';
import { isPattern } from './browser-names';
import { addressPrefix } from './host-patterns';
import { type GivenServiceSection, isOutside, type ServiceSection } from './resolve';

const TYPE = [['service', 'type']];

/** Checks between the keys of the Service. */
export function serviceChecks({ service }: { readonly service: GivenServiceSection }): Check[] {
  const balanced = service.type === 'LoadBalancer';
  const outside = service.type !== 'ClusterIP';
  const notOutside =
    'needs a port on the nodes, but the type is ClusterIP (set service.type: NodePort or LoadBalancer)';
  return [
    {
      path: ['service', 'loadBalancerIP'],
      dependsOn: TYPE,
      violated: service.loadBalancerIP !== undefined && !balanced,
      message: `needs a load balancer, but the type is ${service.type} (set service.type: LoadBalancer)`,
    },
    {
      path: ['service', 'sourceRanges'],
      dependsOn: TYPE,
      violated: service.sourceRanges.length > 0 && !balanced,
      message: `need a load balancer, but the type is ${service.type} (set service.type: LoadBalancer)`,
    },
    {
      path: ['service', 'nodePort'],
      dependsOn: TYPE,
      violated: service.nodePort !== undefined && !outside,
      message: notOutside,
    },
    {
      path: ['service', 'externalTrafficPolicy'],
      dependsOn: [...TYPE, ['service', 'externalIPs']],
      violated: service.externalTrafficPolicy !== undefined && !isOutside(service),
      message: notOutside,
    },
    {
      path: ['service', 'ipFamilyPolicy'],
      dependsOn: [['service', 'ipFamilies']],
      violated: service.ipFamilyPolicy === 'SingleStack' && service.ipFamilies.length > 1,
      message: 'is SingleStack, but service.ipFamilies lists two (remove one of them, or use RequireDualStack)',
    },
    {
      path: ['service', 'nodeAddresses'],
      dependsOn: [['service', 'nodePort']],
      violated: service.nodeAddresses.length > 0 && service.nodePort === undefined,
      message: 'need a fixed port (set service.nodePort)',
    },
    {
      path: ['service', 'tls'],
      violated: service.tls !== undefined && !service.tls.secret && !service.tls.issuer,
      message: 'names no certificate (set secret or issuer)',
    },
    ...sourceChecks(['service', 'tls', 'ca'], service.tls?.ca),
  ];
}

/** The sections that decide whether browsers get through. */
export interface ServedSections {
  readonly release: Release;
  readonly service: ServiceSection;
  readonly server: { readonly allowedHosts: readonly string[]; readonly corsAllowedOrigins: readonly string[] };
  readonly ingress?: { readonly tls?: { readonly secret?: string; readonly issuer?: string } };
}

/** Patterns that the release does not read as patterns, and a Secret for two certificates. */
export const serviceIssues = ({ release, server, service: { tls }, ingress }: ServedSections): Issue[] =>
  violatedChecks([
    ...server.corsAllowedOrigins.map((origin, index) => ({
      path: ['server', 'corsAllowedOrigins', index],
      violated: !readsPatterns(release) && origin !== '*' && isPattern(origin),
      message: `is a pattern, which MLflow ${release.version} compares literally (name each origin, or use ${sinceRelease('originPatterns')} or newer)`,
    })),
    {
      path: ['service', 'tls', 'secret'],
      dependsOn: [['ingress', 'tls']],
      violated:
        tls !== undefined &&
        tls.secret === ingress?.tls?.secret &&
        (tls.issuer !== undefined || ingress.tls.issuer !== undefined),
      message: `is ${tls?.secret}, which is the Secret of the Ingress too, but cert-manager puts one certificate into it (use another Secret)`,
    },
  ]);

/** MLflow refuses requests to addresses that are not named. */
export function serviceWarnings({ release, service, server }: ServedSections): Issue[] {
  const isNamed = server.allowedHosts.length > 0 || server.corsAllowedOrigins.length > 0;
  const needsOrigin = (host: string) =>
    /^\*(:|$)/.test(host) || (isPattern(host) && addressPrefix(host) === undefined && !release.can('originPatterns'));
  const unknown =
    (service.type === 'LoadBalancer' && service.loadBalancerIP === undefined) ||
    (service.type === 'NodePort' && service.nodeAddresses.length === 0);
  const key = service.type === 'NodePort' ? 'service.nodeAddresses' : 'service.loadBalancerIP';
  return violatedChecks([
    {
      path: ['service', 'type'],
      violated: release.can('hostCheck') && !isNamed && unknown,
      message: `is ${service.type}, but no address for browsers is set, so MLflow refuses their requests, except at localhost (set ${key}, or server.allowedHosts)`,
    },
    ...server.allowedHosts.map((host, index) => ({
      path: ['server', 'allowedHosts', index],
      dependsOn: [['server', 'corsAllowedOrigins']],
      violated: release.can('pageOriginCheck') && server.corsAllowedOrigins.length === 0 && needsOrigin(host),
      message: `is ${host}, from which no origin follows, so browsers show the page but cannot load or change anything (set server.corsAllowedOrigins)`,
    })),
  ]);
}
