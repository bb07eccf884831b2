import { type Check, violatedChecks } from '../../input/issue';
import type { Component } from '../component';
import { hostChecks, peerChecks } from '../exposure/checks';
import { type BalancedSections, healthIssues } from '../exposure/health';
import { type EdgeRiskSections, edgeRisks } from '../exposure/risks';
import { healthPath } from '../server/lifecycle';
import { type Owner, serviceHost } from '../service/hosts';
import { type Served, serviceScheme } from '../service/tls';
import { BackendTlsPolicy, POLICY_CA_KEY } from './backend-tls';
import { HttpRoute } from './construct';
import { GooglePolicies } from './google-policies';
import { type GivenGateway, type ParentRef, type Gateway as ResolvedGateway, resolveGateway } from './resolve';
import { listenerRisks } from './risks';
import { gateway as section } from './section';

/** The sections that the route is checked against. */
export interface Given extends GivenGateway {
  readonly networkPolicy: { readonly enabled: boolean };
}

/** The resolved sections that the route follows from. */
export interface Resolved extends EdgeRiskSections, BalancedSections, Owner {
  readonly gateway?: ResolvedGateway;
  readonly service: Served & { readonly port: number };
}

/** The API server wants listeners of one Gateway to be told apart by their names. */
const parentChecks = (parentRefs: readonly ParentRef[]): Check[] =>
  parentRefs.map((ref, index) => ({
    path: ['gateway', 'parentRefs', index],
    dependsOn: [['namespace', 'name']],
    violated: parentRefs
      .slice(0, index)
      .some(
        ({ name, namespace, sectionName }) =>
          name === ref.name &&
          namespace === ref.namespace &&
          (sectionName === undefined || ref.sectionName === undefined || sectionName === ref.sectionName),
      ),
    message: `names Gateway ${ref.namespace}/${ref.name} again (give each entry the sectionName of another listener, or remove one)`,
  }));

/** The route of the Gateway API by which clients outside the cluster reach the server. */
export const gateway = {
  sections: { gateway: section.optional() },
  checks: (given) => {
    const { gateway: resolved } = resolveGateway(given);
    const { gateway: written, networkPolicy } = given;
    if (!written || !resolved) return [];
    return [
      ...hostChecks('gateway', resolved),
      ...parentChecks(resolved.parentRefs),
      ...peerChecks('gateway', {
        given: written.from,
        from: resolved.from,
        enabled: networkPolicy.enabled,
        what: 'the Gateway',
      }),
    ];
  },
  resolve: resolveGateway,
  issues: (resolved) => {
    const { controller, policySeconds } = resolved.gateway ?? {};
    return healthIssues('gateway', policySeconds === undefined ? undefined : controller, resolved);
  },
  warnings: ({ gateway: given, service: { tls } }) =>
    violatedChecks([
      {
        path: ['service', 'tls', 'ca', 'key'],
        dependsOn: [['gateway']],
        violated: given !== undefined && tls !== undefined && tls.ca.key !== POLICY_CA_KEY,
        message: `is ${tls?.ca.key}, but a Gateway reads the key ${POLICY_CA_KEY} (use that key)`,
      },
    ]),
  risks: (resolved) => [...edgeRisks('gateway', resolved), ...listenerRisks(resolved)],
  file: 'gateway',
  create: (scope, id, resolved, { instance }) => {
    const { gateway: given, service } = resolved;
    if (!given) return;
    const route = new HttpRoute(scope, id, { instance, gateway: given, servicePort: service.port });
    const page = healthPath(resolved);
    const { policySeconds: seconds } = given;
    if (seconds !== undefined && page)
      new GooglePolicies(route, 'GooglePolicies', {
        instance,
        healthPath: page,
        seconds,
        backend: serviceScheme(service),
      });
    const { tls } = service;
    if (tls) new BackendTlsPolicy(route, 'BackendTLSPolicy', { instance, ca: tls.ca, host: serviceHost(resolved) });
  },
} satisfies Component<Given, { readonly gateway?: ResolvedGateway }, Resolved>;
