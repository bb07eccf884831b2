import type { SecretVariable } from '../../kubernetes/variables';
import type { Release } from '../../mlflow/releases';
import { usesBasicAuth } from './login';
import type { Auth } from './resolve';

/** The administrator's login, as MLflow's client reads it: that of the app, if one checks logins. None without logins. */
export function administratorLogin(auth: Auth): SecretVariable[] {
  const login = usesBasicAuth(auth) ? auth : auth.app?.login;
  if (!login) return [];
  const { secret, usernameKey, passwordKey } = login;
  return [
    { name: 'MLFLOW_TRACKING_USERNAME', secret, key: usernameKey },
    { name: 'MLFLOW_TRACKING_PASSWORD', secret, key: passwordKey },
  ];
}

/**
 * The keys that encrypt what the server keeps in the database, which all its processes must have in common. Optional,
 * because a Secret that was created for an older release lacks them.
 */
export const encryptionKeys = (auth: Auth, release: Release): SecretVariable[] => [
  ...(release.can('webhooks')
    ? [secretOf(auth, 'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY', auth.webhookEncryptionKeyKey)]
    : []),
  ...(release.can('gatewayKeys') ? [secretOf(auth, 'MLFLOW_CRYPTO_KEK_PASSPHRASE', auth.gatewayPassphraseKey)] : []),
];

const secretOf = ({ secret }: Auth, name: string, key: string): SecretVariable => ({
  name,
  secret,
  key,
  optional: true,
});
