import { violatedChecks } from '../../input/issue';
import type { Component } from '../component';
import { type BalancedSections, healthIssues } from '../exposure/health';
import { type EdgeRiskSections, edgeRisks } from '../exposure/risks';
import { healthPath } from '../server/lifecycle';
import { clientPort, type Owner, type ProxiedSections } from '../service/hosts';
import { type Served, serviceScheme } from '../service/tls';
import { sourceReferences } from '../shared/contributions/references';
import { backendConfigAnnotations } from './backend-config';
import { type CheckedIngress, ingressChecks } from './checks';
import { Ingress } from './construct';
import { controller } from './controllers';
import { type Ingress as ResolvedIngress, resolveIngress } from './resolve';
import { ingress as section } from './section';

/** By which a Service names the ServersTransport of Traefik that knows the CA of its pods. */
const TRANSPORT_ANNOTATION = 'traefik.ingress.kubernetes.io/service.serverstransport';

/** The resolved sections that the Ingress follows from. */
export interface Resolved extends BalancedSections, EdgeRiskSections, Pick<Owner, 'name'> {
  readonly auth: BalancedSections['auth'] & ProxiedSections['auth'];
  readonly ingress?: ResolvedIngress;
  readonly service: Served & { readonly port: number; readonly annotations: Readonly<Record<string, string>> };
}

/** The Ingress by which clients outside the cluster reach the server. */
export const ingress = {
  sections: { ingress: section.optional() },
  checks: ingressChecks,
  resolve: resolveIngress,
  issues: (resolved) => {
    const { controller: name } = resolved.ingress ?? {};
    return healthIssues('ingress', name && controller(name).usesBackendConfig ? name : undefined, resolved);
  },
  warnings: ({ ingress: given, service: { tls, annotations } }) =>
    violatedChecks([
      {
        path: ['service', 'tls'],
        dependsOn: [['ingress', 'controller']],
        violated:
          given?.controller === 'traefik' && tls !== undefined && annotations[TRANSPORT_ANNOTATION] === undefined,
        message: `has a certificate that Traefik verifies, but no ServersTransport says by which CA (name one in service.annotations: ${TRANSPORT_ANNOTATION}, see docs/tls.md)`,
      },
    ]),
  risks: (resolved) => edgeRisks('ingress', resolved),
  certificates: ({ ingress: given }) =>
    given?.tls?.secret ? [{ path: ['ingress', 'tls', 'secret'], secret: given.tls.secret }] : [],
  provided: (resolved) => sourceReferences({ secret: resolved.ingress?.tls?.secret }),
  serviceAnnotations: ({ ingress: given, name, service }) =>
    backendConfigAnnotations(name, given, serviceScheme(service)),
  file: 'ingress',
  create: (scope, id, resolved, { instance }) => {
    const { ingress: given, service } = resolved;
    if (!given) return;
    new Ingress(scope, id, {
      instance,
      ingress: given,
      servicePort: service.port,
      podPort: clientPort(resolved),
      health: healthOf(resolved),
      backend: serviceScheme(service),
      hasSessions: resolved.auth.oidc !== undefined,
    });
  },
} satisfies Component<CheckedIngress, { readonly ingress?: ResolvedIngress }, Resolved>;

/** Where only the port can be probed, an answer that asks for a login is one of a pod that is well. */
function healthOf(resolved: Resolved) {
  const path = healthPath(resolved);
  return path ? { path, codes: '200' } : { path: `${resolved.server.staticPrefix ?? ''}/health`, codes: '200,401,403' };
}
