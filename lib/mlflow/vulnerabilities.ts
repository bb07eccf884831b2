/** A published vulnerability that affects a deployed MLflow of 3.1.0 or newer. */
export interface Vulnerability {
  readonly id: string;
  /** What an attacker can do. */
  readonly what: string;
  /** The release that fixes it. */
  readonly fixedIn: string;
}

/**
 * Known vulnerabilities by the release that fixes them. If sources disagree, this table has
 * the later release.
 *
 * @see https://github.com/mlflow/mlflow/security/advisories
 */
export const VULNERABILITIES: readonly Vulnerability[] = [
  { id: 'CVE-2025-0453', what: 'exhaust the server with batches of GraphQL queries', fixedIn: '3.1.1' },
  { id: 'CVE-2025-14279', what: 'reach the server from a web page by DNS rebinding', fixedIn: '3.5.0' },
  { id: 'GHSA-r23q-823p-vmf7', what: 'inject commands', fixedIn: '3.8.1' },
  { id: 'CVE-2026-2614', what: 'read files of the server through the source of a model version', fixedIn: '3.10.0' },
  { id: 'CVE-2026-2652', what: 'use job and trace routes without a login (3.4 to 3.9)', fixedIn: '3.10.0' },
  { id: 'CVE-2026-2651', what: 'upload parts without permission on the experiment', fixedIn: '3.11.1' },
  { id: 'CVE-2026-4137', what: 'change temporary files as another user of the machine', fixedIn: '3.11.1' },
  { id: 'GHSA-7qhf-v65m-g5f3', what: 'use job routes without a login', fixedIn: '3.11.1' },
  { id: 'CVE-2026-33866', what: 'store scripts that run in the browsers of others', fixedIn: '3.11.1' },
  { id: 'GHSA-46r5-x6jq-v8g6', what: "get around permissions on the web page's own routes", fixedIn: '3.11.1' },
  { id: 'CVE-2026-8147', what: 'read traces without permission', fixedIn: '3.13.0' },
  {
    id: 'CVE-2026-2635',
    what: 'log in with the default password of the administrator (prepare sets another)',
    fixedIn: '3.16.1',
  },
];
