import { type LoginKeys, usesBasicAuth } from '../auth/login';
import { appliedRisks, type Risk } from '../shared/risks/risk';

interface Login {
  readonly secret: string;
  readonly passwordKey: string;
}

/** The sections whose passwords a scraper should not know. */
export interface ScrapedSections {
  readonly monitoring: { readonly metrics?: { readonly credentials: Login } };
  readonly auth: Login & LoginKeys & { readonly users: readonly (Login & { readonly name: string })[] };
  readonly database: { readonly credentials: Login };
}

/** One password for the scraper and for more than metrics. */
export function monitoringRisks({ monitoring, auth, database }: ScrapedSections): Risk[] {
  const scraper = monitoring.metrics?.credentials;
  const others: readonly (readonly [whose: string, login: Login])[] = [
    ...(usesBasicAuth(auth)
      ? [['the administrator', auth] as const, ...auth.users.map((user) => [user.name, user] as const)]
      : []),
    ['PostgreSQL', database.credentials],
  ];
  return appliedRisks(
    others.map(([whose, { secret, passwordKey }]) => ({
      path: ['monitoring', 'metrics', 'credentials', 'secret'],
      dependsOn: [['auth'], ['database', 'credentials']],
      risk: 'weak-server',
      applies: scraper?.secret === secret && scraper.passwordKey === passwordKey,
      what: `is ${secret}, so the scraper has the password of ${whose}, whose requests are not limited to metrics`,
      fix: 'use a Secret of its own',
    })),
  );
}
