import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Items, type Optional, pick, some } from './shared/record';
import { atLeast } from './shared/releases';
import { key, objectName } from './shared/values';

type Auth = Optional<EnvironmentInput['auth']>;
type User = Items<Auth['users']>;
const user: fc.Arbitrary<User> = fc
  .record(
    {
      name: pick('notebooks', 'ci', 'a.b-c9'),
      permission: pick('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS'),
      secret: pick('login-of-'),
      usernameKey: pick('user', 'name'),
      passwordKey: pick('pass', 'key'),
    },
    { requiredKeys: ['name', 'permission'], noNullPrototype: true },
  )
  .map((each) => (each.secret ? { ...each, secret: each.secret + each.name } : each));

export const auth: ComponentArbitrary<'auth'> = {
  sections: {
    auth: some<Auth>({
      enabled: fc.boolean(),
      secret: objectName,
      usernameKey: key,
      passwordKey: key,
      flaskSecretKeyKey: key,
      webhookEncryptionKeyKey: key,
      gatewayPassphraseKey: key,
      defaultPermission: pick('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS'),
      users: fc.uniqueArray(user, { maxLength: 3, selector: ({ name }) => name }),
      cacheSeconds: pick(0, 1, 60, 3600),
    }),
  },
  settle: (given, version) => (given.auth ? { ...given, auth: authOf(given.auth, version) } : given),
};

/** Without logins there are no users; and from 3.13 on none with less than the default permission. */
function authOf(auth: Auth, version: string): Auth {
  if (auth.enabled === false) return { ...auth, users: [] };
  const order = ['NO_PERMISSIONS', 'READ', 'EDIT', 'MANAGE'] as const;
  const fewest = atLeast(version, '3.13.0') ? order.indexOf(auth.defaultPermission ?? 'READ') : 0;
  const users = auth.users?.filter(({ permission }) => order.indexOf(permission) >= fewest);
  return users ? { ...auth, users } : auth;
}
