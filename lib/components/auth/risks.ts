import { appliedRisks, type Risk } from '../shared/risks/risk';
import { appRisks } from './app/risks';
import { usesBasicAuth } from './login';
import { oidcRisks } from './oidc/risks';
import type { ResolvedAuth } from './resolve';

/** What defaults for users, and one value for several purposes, open. */
export const authRisks = ({ auth }: ResolvedAuth): Risk[] => [
  ...appRisks(auth.app),
  ...appliedRisks([
    {
      path: ['auth', 'flaskSecretKeyKey'],
      dependsOn: [
        ['auth', 'usernameKey'],
        ['auth', 'passwordKey'],
      ],
      risk: 'weak-server',
      applies: usesBasicAuth(auth) && [auth.usernameKey, auth.passwordKey].includes(auth.flaskSecretKeyKey),
      what: `is ${auth.flaskSecretKeyKey}, which is part of the administrator's login, so a user can guess it by the signature of a session`,
      fix: 'use another key, with random text',
    },
    ...auth.users.map(({ name, secret, passwordKey }, index) => ({
      path: ['auth', 'users', index, 'secret'],
      dependsOn: [['auth', 'secret']],
      risk: 'weak-server' as const,
      applies: usesBasicAuth(auth) && secret === auth.secret && passwordKey === auth.passwordKey,
      what: `is ${secret}, so the password of ${name} is that of the administrator`,
      fix: 'use a Secret of its own',
    })),
    {
      path: ['auth', 'defaultPermission'],
      risk: 'weak-server',
      applies: usesBasicAuth(auth) && auth.defaultPermission === 'MANAGE',
      what: 'is MANAGE, so every user can delete what others create, and take it from them',
      fix: 'use READ or EDIT, and MANAGE for single users',
    },
    ...(auth.oidc ? oidcRisks(auth.oidc) : []),
  ]),
];
