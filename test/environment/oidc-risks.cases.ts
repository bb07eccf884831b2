import { SMALLEST } from '../support/support';
import type { RiskCase } from './risks.cases';

const OIDC = {
  issuer: 'https://sso.example.com',
  clientId: 'mlflow',
  redirectUrl: 'https://ml.example.com/oauth2/callback',
} as const;

/** What settings of single sign-on open. */
export const RISKS_OF_SINGLE_SIGN_ON: readonly RiskCase[] = [
  ...(
    [
      ['a provider where anybody has an account', { issuer: 'https://accounts.google.com' }, 'issuer', 'no-login'],
      ['a provider for all tenants', { issuer: 'https://login.microsoftonline.com/common/v2.0' }, 'issuer', 'no-login'],
      ['a provider without TLS', { issuer: 'http://sso.example.com' }, 'issuer', 'plain-connections'],
      [
        'sessions without TLS',
        { redirectUrl: 'http://ml.example.com/oauth2/callback' },
        'redirectUrl',
        'plain-connections',
      ],
      ['ID tokens without TLS', { logoutUrl: 'http://sso.example.com/logout' }, 'logoutUrl', 'plain-connections'],
    ] as const
  ).map(
    ([title, given, key, risk]): RiskCase => [
      title,
      { ...SMALLEST, auth: { oidc: { ...OIDC, ...given } } },
      `auth.oidc.${key}`,
      risk,
    ],
  ),
];
