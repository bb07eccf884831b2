import type { SecretVariable } from '../../../kubernetes/variables';
import type { Auth } from '../resolve';

/** The variable with the password by which the server knows its proxy. */
const SERVER_PASSWORD_VARIABLE = 'SERVER_PROXY_PASSWORD';

/** What the server's program is told of people who come by single sign-on. */
export function admissionArguments({ oidc, users }: Auth): string[] {
  if (!oidc) return [];
  return [
    '--single-sign-on',
    ...oidc.emailDomains.map((domain) => `--email-domain=${domain}`),
    ...oidc.allowedGroups.map((group) => `--group=${group}`),
    ...users.map(({ name }) => `--reserved=${name}`),
    ...oidc.sharedNames.map((name) => `--shared=${name}`),
  ];
}

/** How the server knows that the proxy speaks of them. */
export const admissionVariables = ({ oidc }: Auth): SecretVariable[] =>
  oidc ? [{ name: SERVER_PASSWORD_VARIABLE, secret: oidc.proxySecret, key: oidc.proxyPasswordKey }] : [];
