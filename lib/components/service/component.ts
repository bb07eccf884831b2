import type { Component } from '../component';
import { PROXY_PORT } from '../shared/constants';
import { type Reference, sourceReferences } from '../shared/contributions/references';
import { fileReferences } from '../shared/mounted-files';
import { Certificate } from './certificate';
import { type ServedSections, serviceChecks, serviceIssues, serviceWarnings } from './checks';
import { Service } from './construct';
import { type Owner, type ProxiedSections, serviceNames } from './hosts';
import { certificateAlerts, type Sections as WatchedSections } from './observability';
import { type GivenService, resolveService, type ServiceSection, type ServiceTls } from './resolve';
import { type ReachedSections, serviceRisks } from './risks';
import { service as section } from './section';
import { TLS_KEYS } from './tls';

/** The resolved sections that the contributions of this component follow from. */
export interface Sections {
  readonly service: ServiceSection;
}

/** The resolved sections that the Service follows from. */
export interface Resolved extends Sections, Owner {}

/** The Service by which clients reach the server. */
export const service = {
  sections: { service: section.prefault({}) },
  checks: serviceChecks,
  resolve: resolveService,
  issues: serviceIssues,
  warnings: serviceWarnings,
  risks: serviceRisks,
  certificates: ({ service: { tls } }) => (tls ? [{ path: ['service', 'tls', 'secret'], secret: tls.secret }] : []),
  provided: ({ service: { tls } }) => (tls ? [...pairOf(tls), ...fileReferences(tls.ca)] : []),
  thresholds: { certificateDays: 'service.tls' },
  alerts: (resolved, { series }) => certificateAlerts(resolved, series),
  file: 'service',
  create: (scope, id, resolved, { instance, others: { serviceAnnotations: annotations } }) => {
    const { tls, loadBalancerIP, externalIPs, nodeAddresses } = resolved.service;
    const proxyPort = resolved.auth.oidc && PROXY_PORT;
    const service = new Service(scope, id, { instance, service: resolved.service, annotations, proxyPort });
    if (tls?.issuer) {
      const addresses = [...(loadBalancerIP ? [loadBalancerIP] : []), ...externalIPs, ...nodeAddresses];
      new Certificate(service, 'Certificate', {
        instance,
        tls: { ...tls, issuer: tls.issuer },
        dnsNames: serviceNames(resolved),
        ipAddresses: [...new Set(addresses)],
      });
    }
  },
} satisfies Component<
  GivenService,
  Sections,
  Resolved & ServedSections & ReachedSections & ProxiedSections & WatchedSections
>;

/** Certificate and key, unless cert-manager creates them. */
const pairOf = ({ secret, issuer }: ServiceTls): Reference[] =>
  issuer ? [] : TLS_KEYS.flatMap((key) => sourceReferences({ secret }, key));
