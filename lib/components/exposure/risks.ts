import { blockRisks } from '../shared/risks/blocks';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { EDGE_KEYS, EdgeSections } from './edge';

/** The sections that decide what an edge opens. */
export interface EdgeRiskSections extends EdgeSections {
  readonly auth: { readonly enabled: boolean };
}

/** What an edge opens. */
export function edgeRisks(key: (typeof EDGE_KEYS)[number], sections: EdgeRiskSections): Risk[] {
  const { auth } = sections;
  const edge = sections[key];
  if (!edge) return [];
  const blocks = edge.from.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []);
  return appliedRisks([
    {
      path: [key, 'host'],
      dependsOn: [['auth', 'enabled']],
      risk: 'no-login',
      applies: !auth.enabled,
      what: `is ${edge.host}, but authentication is off, so everyone whom the proxy lets in can read, change and delete everything`,
      fix: 'set auth.enabled: true, or let the proxy ask for a login',
    },
    {
      path: [key, 'host'],
      dependsOn: [[key], ['auth', 'enabled']],
      risk: 'plain-connections',
      applies: edge.scheme === 'http' && auth.enabled,
      what: `is ${edge.host} without TLS, so logins are sent in plain text`,
      fix: key === 'gateway' ? 'set gateway.scheme: https' : `set ${key}.tls`,
    },
    ...blockRisks(
      [key, 'from', 'cidrs'],
      blocks,
      'name the blocks of the proxy',
      ', and also admits every pod of the cluster',
    ),
  ]);
}
