import type { AuthInput } from '../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { testChecks } from '../../support/checks';
import { SMALLEST } from '../../support/support';

const users = (...declared: NonNullable<AuthInput['users']>): EnvironmentInput => ({
  ...SMALLEST,
  auth: { users: declared },
});

testChecks([
  [
    'a user twice',
    users({ name: 'a', permission: 'READ' }, { name: 'b', permission: 'READ' }, { name: 'a', permission: 'EDIT' }),
    /^auth\.users\[2\]\.name: is in the list twice \(keep one entry per user\)$/,
    users({ name: 'a', permission: 'READ' }, { name: 'b', permission: 'READ' }),
  ],
  [
    'a user whose name cannot be part of that of a Secret',
    users({ name: 'Ada@example.com', permission: 'READ' }),
    /^auth\.users\[0\]\.name: cannot be part of the name of a Secret \(set the name of the Secret with secret\)$/,
    users({ name: 'Ada@example.com', permission: 'READ', secret: 'ada' }),
  ],
  [
    'users where nobody logs in',
    { ...SMALLEST, auth: { enabled: false, users: [{ name: 'a', permission: 'READ' }] } },
    /^auth\.users: are set, but authentication is off \(set auth\.enabled: true, or remove them\)$/,
    { ...SMALLEST, auth: { enabled: false, users: [] } },
  ],
]);
