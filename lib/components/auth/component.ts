import type { Release } from '../../mlflow/releases';
import type { Component } from '../component';
import { destinationsIn, type NamingSections, targetAt } from '../shared/contributions/destinations';
import { type KeyDeclaration, keysOf } from '../shared/contributions/secret-keys';
import { fileReferences } from '../shared/mounted-files';
import { appReferences, appWarnings } from './app/contributions';
import { authChecks, authIssues, type CheckedAuth } from './checks';
import { usesBasicAuth } from './login';
import type { SignedOnServer } from './oidc/checks';
import { ProxyConfiguration } from './oidc/construct';
import { oidcSecretKeys } from './oidc/secret-keys';
import { oidcWarnings } from './oidc/warnings';
import { type Auth, type GivenAuth, type ResolvedAuth, resolveAuth } from './resolve';
import { authRisks } from './risks';
import { auth as section } from './section';

/** What does not work without the key of webhooks. */
const WITHOUT_WEBHOOK_KEY = 'a webhook with a secret makes all webhooks unreadable for other pods and after a restart';

/** The keys that encrypt what a release keeps in the database. */
function encryptionKeyDeclarations(
  { webhookEncryptionKeyKey, gatewayPassphraseKey }: Pick<Auth, 'webhookEncryptionKeyKey' | 'gatewayPassphraseKey'>,
  release: Release,
): KeyDeclaration[] {
  const webhooks: KeyDeclaration = [
    ...(['webhookEncryptionKeyKey', webhookEncryptionKeyKey, 'webhook-encryption-key'] as const),
    { fernet: true },
    { without: WITHOUT_WEBHOOK_KEY },
  ];
  const gateway: KeyDeclaration = [
    ...(['gatewayPassphraseKey', gatewayPassphraseKey, 'gateway-passphrase'] as const),
    { random: 64 },
    // What is in the database may be encrypted without it.
    {},
  ];
  return [...(release.can('webhooks') ? [webhooks] : []), ...(release.can('gatewayKeys') ? [gateway] : [])];
}

/** The sections that the contributions of this component follow from. */
export interface Resolved extends ResolvedAuth, NamingSections, SignedOnServer {
  readonly name: string;
  readonly auth: Auth;
}

/** Who may use the server. */
export const auth = {
  sections: { auth: section.prefault({}) },
  checks: authChecks,
  resolve: resolveAuth,
  issues: authIssues,
  risks: authRisks,
  reserved: [
    { names: ['MLFLOW_APP_NAME'], instead: 'use auth.app.name' },
    {
      names: ['MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY'],
      instead: 'use the Secret auth.secret, with the key auth.webhookEncryptionKeyKey',
    },
    {
      names: ['MLFLOW_CRYPTO_KEK_PASSPHRASE'],
      instead: 'use the Secret auth.secret, with the key auth.gatewayPassphraseKey',
    },
  ],
  warnings: (resolved) => [...oidcWarnings(resolved), ...appWarnings(resolved)],
  provided: ({ auth }) => [...fileReferences(auth.oidc?.ca), ...appReferences(auth.app)],
  targets: (resolved) => {
    const { oidc } = resolved.auth;
    const urls = oidc ? [oidc.issuer, ...(oidc.logoutUrl ? [oidc.logoutUrl] : [])] : [];
    const provider = urls.flatMap((url) => destinationsIn(url));
    return [targetAt('provider', provider, resolved)];
  },
  file: 'single-sign-on',
  create: (scope, id, resolved, { instance }) => {
    if (resolved.auth.oidc) new ProxyConfiguration(scope, id, { instance, environment: resolved });
  },
  secretKeys: ({ auth, release }) => {
    const { secret, users, oidc, ...names } = auth;
    const isBasic = usesBasicAuth(auth);
    const purpose = 'login' as const;
    const login: KeyDeclaration[] = [
      ['usernameKey', names.usernameKey, 'mlflow-username', { text: 'admin' }],
      ['passwordKey', names.passwordKey, 'mlflow-password', { random: 24 }],
      ['flaskSecretKeyKey', names.flaskSecretKeyKey, 'flask-secret-key', { random: 64 }],
    ];
    return [
      ...keysOf({ section: ['auth'], purpose, secret, isOurs: true }, [
        ...(isBasic ? login : []),
        ...encryptionKeyDeclarations(names, release),
      ]),
      ...(oidc ? oidcSecretKeys(oidc) : []),
      ...(isBasic ? users : []).flatMap((user, index) =>
        keysOf({ section: ['auth', 'users', index], purpose, secret: user.secret, isOurs: true }, [
          ['usernameKey', user.usernameKey, 'mlflow-username', { text: user.name }],
          ['passwordKey', user.passwordKey, 'mlflow-password', { random: 24 }],
        ]),
      ),
    ];
  },
} satisfies Component<GivenAuth & CheckedAuth, ResolvedAuth, Resolved>;
