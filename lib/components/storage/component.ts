import type { Component } from '../component';
import type { WithRules } from '../monitoring/thresholds';
import { storageChecks } from './checks';
import { Storage } from './construct';
import { claimAlerts, claimPanels } from './observability';
import { type Data, type GivenStorage, resolveStorage } from './resolve';
import { storage as section } from './section';

interface Part {
  readonly storage: { readonly data?: Data };
}

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends Part, WithRules {
  readonly name: string;
}

/** The claims of all components, in one file. */
export const storage = {
  sections: { storage: section.prefault({}) },
  checks: storageChecks,
  resolve: resolveStorage,
  claims: ({ storage: { data } }) => (data ? [{ claim: data, path: ['storage', 'data', 'name'], create: true }] : []),
  thresholds: { claimPercent: 'a claim, such as backup.destination.claim' },
  alerts: (resolved, { series, claims }) => claimAlerts(resolved, claims, series),
  panels: (_, { series, claims }) => claimPanels(claims, series),
  file: 'storage',
  create: (scope, id, _, { instance, others }) => {
    const claims = others.claims.flatMap(({ claim, create }) => (create ? [claim] : []));
    if (claims.length > 0) new Storage(scope, id, { instance, claims });
  },
} satisfies Component<GivenStorage & Parameters<typeof storageChecks>[0], Part, Resolved>;
