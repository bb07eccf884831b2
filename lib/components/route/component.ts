import type { Component } from '../component';
import { type EdgeRiskSections, edgeRisks } from '../exposure/risks';
import { type Served, serviceScheme } from '../service/tls';
import { sourceReferences } from '../shared/contributions/references';
import { Route } from './construct';
import { type GivenRoute, type Route as ResolvedRoute, resolveRoute } from './resolve';
import { route as section } from './section';

/** The resolved sections that the Route follows from. */
export interface Resolved extends EdgeRiskSections {
  readonly route?: ResolvedRoute;
  readonly service: Served;
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
  risks: (resolved) => edgeRisks('route', resolved),
  provided: (resolved) => sourceReferences({ secret: resolved.route?.tls.secret }),
  file: 'route',
  create: (scope, id, { route: given, service }, { instance }) => {
    if (given) new Route(scope, id, { instance, route: given, backend: serviceScheme(service) });
  },
} satisfies Component<GivenRoute, { readonly route?: ResolvedRoute }, Resolved>;
