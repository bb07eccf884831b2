import { blockRisks } from '../shared/risks/blocks';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import { isOutside, type ServiceSection } from './resolve';

/** The sections that decide who reaches the server. */
export interface ReachedSections {
  readonly service: ServiceSection;
  readonly auth: { readonly enabled: boolean };
  readonly networkPolicy: { readonly enabled: boolean; readonly clients: { readonly cidrs: readonly string[] } };
}

/** What a Service opens that is reached from outside the cluster. */
export function serviceRisks({ service, auth, networkPolicy }: ReachedSections): Risk[] {
  const { type, sourceRanges, externalIPs } = service;
  const isByType = type !== 'ClusterIP';
  // The key by which clients outside the cluster reach it, and what it is.
  const [key, is, instead] = isByType
    ? (['type', `is ${type}`, 'service.type: ClusterIP'] as const)
    : (['externalIPs', `are ${externalIPs.join(', ')}`, 'no externalIPs'] as const);
  const isFiltered = networkPolicy.enabled && networkPolicy.clients.cidrs.length > 0;
  const seesClients = networkPolicy.enabled && service.externalTrafficPolicy === 'Local';
  return appliedRisks([
    {
      path: ['service', key],
      dependsOn: [['auth', 'enabled']],
      risk: 'no-login',
      applies: isOutside(service) && !auth.enabled,
      what: `${is}, but authentication is off, so everyone who reaches the address can read, change and delete everything`,
      fix: `set auth.enabled: true, or ${instead}`,
    },
    {
      path: ['service', key],
      dependsOn: [['networkPolicy'], ['auth', 'enabled'], ['service', 'tls']],
      risk: 'open-network',
      applies: isOutside(service) && !isFiltered && sourceRanges.length === 0,
      what: `${is}, which admits every address${auth.enabled && !service.tls ? ', and logins are sent without TLS' : ''}`,
      fix: 'set networkPolicy.clients.cidrs to the addresses of clients',
    },
    {
      path: ['service', 'sourceRanges'],
      dependsOn: [['networkPolicy']],
      risk: 'open-network',
      applies: sourceRanges.length > 0 && !isFiltered && !seesClients,
      what: 'are checked by the load balancer only: the port on the nodes stays open to every address',
      fix: 'set networkPolicy.clients.cidrs too, or service.externalTrafficPolicy: Local with the network policy',
    },
    ...blockRisks(['service', 'sourceRanges'], sourceRanges, 'name the blocks of clients'),
  ]);
}
