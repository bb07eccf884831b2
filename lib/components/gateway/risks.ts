import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Gateway } from './resolve';

/** The resolved sections that decide which listeners lead to the server. */
export interface ListenerSections {
  readonly gateway?: Gateway;
  readonly auth: { readonly enabled: boolean };
}

/** Listeners without TLS beside those that are meant: most Gateways have one, for a redirection. */
export function listenerRisks({ gateway, auth }: ListenerSections): Risk[] {
  const { scheme, parentRefs = [] } = gateway ?? {};
  return appliedRisks(
    parentRefs.map(({ name, sectionName, port }, index) => ({
      path: ['gateway', 'parentRefs', index],
      dependsOn: [['gateway'], ['auth', 'enabled']],
      risk: 'plain-connections',
      applies: scheme === 'https' && auth.enabled && sectionName === undefined && port === undefined,
      what: `is every listener of Gateway ${name}, so one without TLS leads to the server too, and logins can be sent in plain text`,
      fix: 'set sectionName to the name of the HTTPS listener',
    })),
  );
}
