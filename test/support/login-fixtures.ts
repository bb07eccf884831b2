import type { AuthInput } from '../../lib/environment/generated/input';
import type { Every } from './every-key';

/** Single sign-on. */
export const OIDC: Every<Exclude<AuthInput['oidc'], undefined>> = {
  issuer: 'https://sso.example.com/realms/ml',
  clientId: 'tracking',
  redirectUrl: 'https://ml.example.com:8443/mlflow/oauth2/callback',
  secret: 'oidc-client',
  clientSecretKey: 'client',
  proxySecret: 'oidc-proxy',
  cookieSecretKey: 'cookie',
  proxyPasswordKey: 'password',
  usernameClaim: 'preferred_username',
  sharedNames: ['notebooks'],
  emailDomains: ['example.com', 'example.org'],
  allowedGroups: ['ml', 'cn=ml,ou=groups'],
  groupsClaim: 'roles',
  scopes: ['openid', 'email', 'roles'],
  bearerTokens: true,
  audiences: ['account'],
  session: { expiry: '8h', refresh: '5m' },
  logoutUrl: 'https://sso.example.com/realms/ml/protocol/openid-connect/logout?id_token_hint={id_token}',
  ca: { configMap: 'authorities', secret: undefined, key: 'sso.crt' },
  image: {
    repository: 'registry.example.com:5000/ml/oauth2-proxy',
    tag: 'v7.15.6-alpine',
    digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
  },
  resources: { requests: { cpu: '30m', memory: '96Mi' }, limits: { cpu: '2', memory: '192Mi' } },
};

/** Users and their logins, without single sign-on, which does not stand beside TLS in the pods. */
export const AUTH: Every<AuthInput> = {
  enabled: true,
  secret: 'login',
  usernameKey: 'user',
  passwordKey: 'pass',
  flaskSecretKeyKey: 'flask',
  webhookEncryptionKeyKey: 'webhooks',
  gatewayPassphraseKey: 'gateway',
  defaultPermission: 'NO_PERMISSIONS',
  users: [
    { name: 'notebooks', permission: 'EDIT', secret: 'login-of-notebooks', usernameKey: 'user', passwordKey: 'pass' },
  ],
  cacheSeconds: 30,
  oidc: undefined,
  app: undefined,
};
