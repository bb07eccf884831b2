import type { EnvironmentInput } from '../../lib/environment/model';
import { DIGEST } from './base';

/** Rows for how people and programs log in. */

const release = (tag: string): EnvironmentInput => ({ image: { tag } });

const OIDC = {
  issuer: 'https://sso.example.com/realms/ml',
  clientId: 'mlflow',
  redirectUrl: 'https://mlflow.example.com/oauth2/callback',
  image: { digest: DIGEST },
} as const;

export const LOGINS: Readonly<Record<string, EnvironmentInput>> = {
  // An authentication app of the image.
  'auth-app': {
    auth: {
      app: {
        name: 'oidc-auth',
        env: {
          OIDC_DISCOVERY_URL: 'https://sso.example.com/realms/ml/.well-known/openid-configuration',
          OIDC_CLIENT_SECRET: { secret: 'mlflow-oidc', key: 'client-secret' },
        },
        database: { variable: 'OIDC_USERS_DB_URI', name: 'mlflow_oidc' },
        login: { secret: 'mlflow-app-login', usernameKey: 'name', passwordKey: 'token' },
      },
    },
    garbageCollection: {},
    smokeTest: { enabled: true },
  },
  // Authentication.
  'auth-off': { allow: ['no-login'], auth: { enabled: false }, service: { type: 'LoadBalancer' } },
  'auth-cache-off': { auth: { cacheSeconds: 0, defaultPermission: 'EDIT' } },
  'auth-cache-module': {
    ...release('3.1.0'),
    auth: { enabled: true, cacheSeconds: 3600, defaultPermission: 'READ' },
    server: { logLevel: 'WARNING', accessLog: true },
  },
  'auth-users': {
    auth: {
      users: [
        { name: 'notebooks', permission: 'EDIT' },
        { name: 'reader', permission: 'READ' },
        { name: 'CI@example.com', permission: 'MANAGE', secret: 'ci', usernameKey: 'user', passwordKey: 'pass' },
      ],
    },
  },
  'auth-users-by-rows': {
    ...release('3.1.0'),
    auth: { users: [{ name: 'nobody', permission: 'NO_PERMISSIONS' }] },
  },
  'auth-names': {
    auth: {
      secret: 'logins',
      usernameKey: 'user',
      passwordKey: 'pass',
      flaskSecretKeyKey: 'key',
      webhookEncryptionKeyKey: 'webhooks',
      gatewayPassphraseKey: 'gateway',
      defaultPermission: 'NO_PERMISSIONS',
    },
  },

  'single-sign-on': { auth: { oidc: OIDC }, networkPolicy: { egress: [{ namespace: 'sso', ports: [8080] }] } },
  'single-sign-on-3-1-0': {
    ...release('3.1.0'),
    auth: {
      users: [{ name: 'ci', permission: 'READ' }],
      oidc: { ...OIDC, sharedNames: ['ci'], bearerTokens: false, ca: { secret: 'authorities' } },
    },
    service: { ipFamilies: ['IPv6', 'IPv4'] },
  },
  'single-sign-on-of-everything': {
    server: { staticPrefix: '/mlflow', accessLog: true, env: { HTTPS_PROXY: 'http://proxy.example.com:3128' } },
    auth: {
      oidc: {
        ...OIDC,
        redirectUrl: 'https://mlflow.example.com/mlflow/oauth2/callback',
        secret: 'client',
        clientSecretKey: 'secret',
        proxySecret: 'proxy',
        cookieSecretKey: 'cookie',
        proxyPasswordKey: 'password',
        usernameClaim: 'sub',
        emailDomains: ['example.com'],
        allowedGroups: ['cn=ml,ou=groups'],
        groupsClaim: 'roles',
        scopes: ['openid', 'email', 'roles'],
        bearerTokens: true,
        audiences: ['account'],
        session: { expiry: '8h', refresh: '5m' },
        logoutUrl: 'https://sso.example.com/logout?id_token_hint={id_token}',
        ca: { configMap: 'authorities', key: 'sso.crt' },
        image: { repository: 'registry.example.com/oauth2-proxy', tag: 'v7.15.6', digest: DIGEST },
        resources: { requests: { cpu: '10m', memory: '96Mi' }, limits: { cpu: 1, memory: '96Mi' } },
      },
    },
  },
  'single-sign-on-at-an-ingress': {
    auth: { oidc: { issuer: 'http://keycloak.sso:8080/realms/ml', clientId: 'mlflow', image: { digest: DIGEST } } },
    ingress: { host: 'ml.example.com', controller: 'traefik', tls: { issuer: 'letsencrypt' } },
    allow: ['plain-connections'],
    secrets: { provider: 'generated' },
  },
};
