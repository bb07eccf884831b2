import type { Release } from '../../mlflow/releases';
import { canonicalOrigin } from '../service/browser-names';
import { isOpenEnded, isOpenOrigin } from '../service/host-patterns';
import { appliedRisks, type Risk } from '../shared/risks/risk';

/** The sections that decide which websites MLflow answers. */
export interface WebSections {
  readonly release: Release;
  readonly auth: { readonly enabled: boolean };
  readonly server: { readonly allowedHosts: readonly string[]; readonly corsAllowedOrigins: readonly string[] };
}

/** What hosts and origins open to websites that a user visits. Older releases check no hosts. */
export function webRisks({ release, auth, server }: WebSections): Risk[] {
  const risk = 'weak-server' as const;
  return appliedRisks([
    ...(release.can('hostCheck') ? server.allowedHosts : []).flatMap((host, index) => {
      const at = { path: ['server', 'allowedHosts', index], risk };
      return [
        {
          ...at,
          applies: isOpenEnded(host),
          what: `is ${host}, which also allows names in domains of others`,
          fix: 'end it in a domain of yours: *.example.com',
        },
        {
          ...at,
          dependsOn: [['auth', 'enabled']],
          applies: /^\*(:|$)/.test(host) && !auth.enabled,
          what: `is ${host} and authentication is off, so a website that a user visits can call the API by DNS rebinding`,
          fix: 'name the hosts',
        },
      ];
    }),
    ...server.corsAllowedOrigins.map(canonicalOrigin).flatMap((origin, index) => {
      const at = { path: ['server', 'corsAllowedOrigins', index], risk };
      return [
        {
          ...at,
          applies: origin === '*',
          what: 'lets every website that a user visits call the API',
          fix: 'name the origins',
        },
        {
          ...at,
          applies: isOpenOrigin(origin),
          what: `is ${origin}, which also allows websites in domains of others`,
          fix: 'end it in a domain of yours: https://*.example.com',
        },
      ];
    }),
  ]);
}
