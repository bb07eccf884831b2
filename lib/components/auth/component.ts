import type { Release } from '../../mlflow/releases';
import type { Component } from '../component';
import { keysOf } from '../shared/contributions/secret-keys';
import { authChecks, authIssues } from './checks';
import { type GivenAuth, type ResolvedAuth, resolveAuth } from './resolve';
import { authRisks } from './risks';
import { auth as section } from './section';

/** Who may use the server. */
export const auth = {
  sections: { auth: section.prefault({}) },
  checks: authChecks,
  resolve: resolveAuth,
  issues: authIssues,
  risks: authRisks,
  reserved: [{ names: ['MLFLOW_APP_NAME'], instead: 'use auth.enabled' }],
  secretKeys: ({ auth: { enabled, secret, users, ...names } }) => {
    if (!enabled) return [];
    const purpose = 'login' as const;
    return [
      ...keysOf({ section: ['auth'], purpose, secret, isOurs: true }, [
        ['usernameKey', names.usernameKey, 'mlflow-username', { text: 'admin' }],
        ['passwordKey', names.passwordKey, 'mlflow-password', { random: 24 }],
        ['flaskSecretKeyKey', names.flaskSecretKeyKey, 'flask-secret-key', { random: 64 }],
      ]),
      ...users.flatMap((user, index) =>
        keysOf({ section: ['auth', 'users', index], purpose, secret: user.secret, isOurs: true }, [
          ['usernameKey', user.usernameKey, 'mlflow-username', { text: user.name }],
          ['passwordKey', user.passwordKey, 'mlflow-password', { random: 24 }],
        ]),
      ),
    ];
  },
} satisfies Component<GivenAuth, ResolvedAuth, ResolvedAuth & { readonly release: Release }>;
