import { keysOf, type SecretKey } from '../../shared/contributions/secret-keys';
import type { Oidc } from './resolve';

/** The keys of Secrets that single sign-on needs: one that the provider issues, and two that only the instance knows. */
export const oidcSecretKeys = (oidc: Oidc): SecretKey[] => {
  const section = ['auth', 'oidc'];
  return [
    ...keysOf({ section, purpose: 'provider', secret: oidc.secret, isOurs: false }, [
      ['clientSecretKey', oidc.clientSecretKey, 'oidc-client-secret', { random: 32 }],
    ]),
    ...keysOf({ section, purpose: 'proxy', secret: oidc.proxySecret, isOurs: true }, [
      ['cookieSecretKey', oidc.cookieSecretKey, 'cookie-secret', { random: 32 }],
      ['proxyPasswordKey', oidc.proxyPasswordKey, 'proxy-password', { random: 43 }],
    ]),
  ];
};
