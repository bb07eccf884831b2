import type { Component } from '../component';
import { tcp } from '../shared/contributions/traffic';
import { addressChecks, FURTHER } from './addresses';
import { type ClientSections, clientIngress } from './clients';
import { NetworkPolicy } from './construct';
import { dnsEgress, peersOf } from './dns';
import type { NetworkPolicySection } from './resolve';
import { networkPolicyRisks, type ProtectedSections } from './risks';
import { networkPolicy as section } from './section';

/** The sections, as written, that the defaults of this component follow from. */
export interface Given {
  readonly networkPolicy: NetworkPolicySection;
}

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends ClientSections, ProtectedSections {
  readonly auth: ClientSections['auth'] & ProtectedSections['auth'];
  readonly name: string;
}

/** Which connections are allowed: derived from what all components use. */
export const networkPolicy = {
  sections: { networkPolicy: section.prefault({}) },
  checks: (given) => [
    ...(['egress', 'dns'] as const).flatMap((key) =>
      given.networkPolicy[key].map((rule, index) => ({
        path: ['networkPolicy', key, index],
        violated: (rule.namespace === undefined) === (rule.cidr === undefined),
        message: 'must have exactly one destination (set either namespace or cidr)',
      })),
    ),
    ...addressChecks(given.networkPolicy),
  ],
  resolve: (given) => ({ networkPolicy: given.networkPolicy }),
  risks: networkPolicyRisks,
  traffic: (resolved) => [{ role: 'server', policy: resolved.name, ingress: [clientIngress(resolved)] }],
  targets: (resolved) => [
    { name: 'dns', egress: dnsEgress(resolved.networkPolicy) },
    {
      name: FURTHER,
      egress: resolved.networkPolicy.egress.map((rule) => ({
        to: peersOf(rule),
        ports: rule.ports.length > 0 ? rule.ports.map(tcp) : undefined,
      })),
    },
  ],
  file: 'network-policy',
  create: (scope, id, { networkPolicy: { enabled } }, { instance, others: { traffic, targets } }) => {
    if (enabled) new NetworkPolicy(scope, id, { instance, traffic, targets });
  },
} satisfies Component<Given, Given, Resolved>;
