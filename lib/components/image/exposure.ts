import type { Exposure } from '../../mlflow/vulnerabilities/model';
import { isTrue } from '../shared/risks/variables/risky-variables';

/** The resolved sections that decide which vulnerabilities of MLflow can be exploited. */
export interface ExposedSections {
  readonly auth: { readonly enabled: boolean };
  readonly server: { readonly env: Readonly<Record<string, string>> };
  readonly database: { readonly embedded?: object };
  readonly artifacts: { readonly access: 'proxied' | 'direct'; readonly embedded?: object };
  readonly networkPolicy: { readonly enabled: boolean; readonly egress: readonly unknown[] };
}

/** What an environment leaves to an attacker. */
export function exposureOf({ auth, server, database, artifacts, networkPolicy }: ExposedSections): Exposure {
  const { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: jobs = 'false' } = server.env;
  const isOpen = !networkPolicy.enabled || networkPolicy.egress.length > 0;
  return {
    login: auth.enabled,
    jobs: isTrue(jobs),
    ownStoresOnly: !isOpen && database.embedded !== undefined && artifacts.embedded !== undefined,
  };
}
