import { violatedChecks } from '../../input/issue';
import type { Component } from '../component';
import { type EdgeRiskSections, edgeRisks } from '../exposure/risks';
import { type Served, serviceScheme } from '../service/tls';
import { sourceReferences } from '../shared/contributions/references';
import { Route } from './construct';
import { type GivenRoute, type Route as ResolvedRoute, resolveRoute } from './resolve';
import { route as section } from './section';

/** By which OpenShift creates a certificate for a Service, which its routers trust. */
const SERVING_ANNOTATION = 'service.beta.openshift.io/serving-cert-secret-name';

/** Where the DNS of OpenShift listens. */
const OPENSHIFT_DNS = { namespace: 'openshift-dns', port: 5353 };

/** The resolved sections that the Route follows from. */
export interface Resolved extends EdgeRiskSections {
  readonly route?: ResolvedRoute;
  readonly service: Served & { readonly annotations: Readonly<Record<string, string>> };
  readonly networkPolicy: { readonly enabled: boolean; readonly dns: readonly { readonly namespace?: string }[] };
  readonly patches: readonly { readonly kind: string }[];
}

/** The Route by which clients outside the cluster reach the server, on OpenShift. */
export const route = {
  sections: { route: section.optional() },
  checks: ({ route: given }) => [
    {
      path: ['route', 'tls', 'secret'],
      dependsOn: [['route', 'tls', 'enabled']],
      violated: given?.tls.secret !== undefined && !given.tls.enabled,
      message: 'is set, but TLS is off (set enabled: true, or remove it)',
    },
  ],
  resolve: resolveRoute,
  warnings: ({ route: given, service: { tls, annotations }, patches, networkPolicy: { enabled, dns } }) =>
    violatedChecks([
      {
        path: ['networkPolicy', 'dns'],
        dependsOn: [['route'], ['networkPolicy', 'enabled']],
        violated: given !== undefined && enabled && !dns.some(({ namespace }) => namespace === OPENSHIFT_DNS.namespace),
        message: `does not contain the DNS of OpenShift, without which pods find no name (add namespace: ${OPENSHIFT_DNS.namespace} with port: ${OPENSHIFT_DNS.port})`,
      },
      {
        path: ['service', 'tls'],
        dependsOn: [['route']],
        violated:
          given !== undefined &&
          tls !== undefined &&
          annotations[SERVING_ANNOTATION] === undefined &&
          !patches.some(({ kind }) => kind === 'Route'),
        message: `has a certificate that routers of OpenShift do not trust (set ${SERVING_ANNOTATION} in service.annotations, or patch destinationCACertificate into the Route, see docs/tls.md)`,
      },
    ]),
  risks: (resolved) => edgeRisks('route', resolved),
  certificates: ({ route: given }) =>
    given?.tls?.secret ? [{ path: ['route', 'tls', 'secret'], secret: given.tls.secret }] : [],
  provided: (resolved) => sourceReferences({ secret: resolved.route?.tls.secret }),
  file: 'route',
  create: (scope, id, { route: given, service }, { instance }) => {
    if (given) new Route(scope, id, { instance, route: given, backend: serviceScheme(service) });
  },
} satisfies Component<GivenRoute, { readonly route?: ResolvedRoute }, Resolved>;
