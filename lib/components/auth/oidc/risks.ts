import type { RiskCheck } from '../../shared/risks/risk';
import type { Oidc } from './resolve';

const AT = ['auth', 'oidc'];

/** Providers at which anybody can have an account. */
const PUBLIC = [
  /^https:\/\/accounts\.google\.com\/?$/,
  /^https:\/\/(login\.microsoftonline\.com|login\.windows\.net)\/(common|organizations|consumers)\b/,
  /^https:\/\/(gitlab\.com|appleid\.apple\.com|www\.facebook\.com|api\.login\.yahoo\.com)\b/,
];

/** What single sign-on opens. */
export function oidcRisks({ issuer, redirectUrl, logoutUrl, emailDomains, allowedGroups }: Oidc): RiskCheck[] {
  const isPublic = PUBLIC.some((provider) => provider.test(issuer));
  return [
    {
      path: [...AT, 'issuer'],
      dependsOn: [
        [...AT, 'emailDomains'],
        [...AT, 'allowedGroups'],
      ],
      risk: 'no-login',
      applies: isPublic && emailDomains.length === 0 && allowedGroups.length === 0,
      what: `is ${issuer}, where anybody can have an account, which would be one in MLflow`,
      fix: 'set auth.oidc.emailDomains',
    },
    {
      path: [...AT, 'issuer'],
      risk: 'plain-connections',
      applies: issuer.startsWith('http:'),
      what: 'is http, so everyone on the way can log in as any person',
      fix: 'use https',
    },
    {
      path: [...AT, 'redirectUrl'],
      risk: 'plain-connections',
      applies: redirectUrl?.startsWith('http:') === true,
      what: 'is http, so sessions are sent without TLS',
      fix: 'use https',
    },
    {
      path: [...AT, 'logoutUrl'],
      risk: 'plain-connections',
      applies: logoutUrl?.startsWith('http:') === true,
      what: 'is http, so ID tokens are sent without TLS',
      fix: 'use https',
    },
  ];
}
