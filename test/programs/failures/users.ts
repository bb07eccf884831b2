import type { Environment } from '../process';
import type { Release } from '../tools';
import type { Failures, Situation } from './situation';

/** A declared user, as far as nothing is wrong with it. */
const user = (index: number, name: string, more: Environment = {}): Environment => ({
  [`PREPARE_USER_${index}_NAME`]: name,
  [`PREPARE_USER_${index}_PERMISSION`]: 'READ',
  [`PREPARE_USER_${index}_USERNAME`]: name,
  [`PREPARE_USER_${index}_PASSWORD`]: `the password of ${name}`,
  ...more,
});

/** What is wrong with declared users. */
export function userSituations(release: Release, failures: Failures): Situation[] {
  const situations: Situation[] = [
    {
      title: 'declared users with all that can be wrong, and a wrong administrator beside them',
      code: 21,
      kind: 'admin',
      message: new RegExp(
        [
          'the admin password has 5 characters; MLflow requires 12 or more',
          "the Secret of user 'notebooks' contains another user name \\(.*\\)",
          "the password of user 'notebooks' has 7 characters; MLflow requires 12 or more",
          "user 'admin' is the admin, who needs no permission; remove it from auth.users",
          "user 'notebooks' is declared twice",
          "the password of user 'notebooks' is MLflow's old, publicly known default; choose another",
        ].join('; '),
      ),
      arrange: () => ({
        PREPARE_ADMIN_PASSWORD: 'short',
        ...user(0, 'notebooks', { PREPARE_USER_0_USERNAME: 'notebooks\n', PREPARE_USER_0_PASSWORD: 'tiny-pw' }),
        ...user(1, 'admin'),
        ...user(2, 'notebooks', { PREPARE_USER_2_PASSWORD: 'password1234' }),
      }),
    },
    {
      title: 'a declared user whose Secret is of another',
      code: 22,
      kind: 'users',
      message: /^prepare failed \(users, exit 22\): the Secret of user 'b' contains another user name \([^;]*\)$/m,
      arrange: () => ({ ...user(0, 'a'), ...user(1, 'b', { PREPARE_USER_1_USERNAME: 'c' }) }),
    },
    {
      title: 'a declared user that is an administrator in the database',
      code: 22,
      kind: 'users',
      message: /user 'promoted' is an administrator in the database \(demote it there, or remove it from auth\.users\)/,
      arrange: async (name) => {
        await failures.clone(release, name);
        const row = "('promoted', 'no hash', true)";
        await failures.lab.postgres.sql(
          `${name}-auth`,
          `INSERT INTO users (username, password_hash, is_admin) VALUES ${row}`,
        );
        return { ...user(0, 'a'), ...user(1, 'promoted') };
      },
    },
    {
      title: 'declared users whose variables are bad',
      code: 64,
      kind: 'configuration',
      message:
        /PREPARE_USER_0_PERMISSION is 'USE'; use one of NO_PERMISSIONS, READ, EDIT, MANAGE; PREPARE_USER_0_USERNAME is not set .*; PREPARE_USER_1_PASSWORD is not set/,
      arrange: () => ({
        ...user(0, 'a', { PREPARE_USER_0_PERMISSION: 'USE', PREPARE_USER_0_USERNAME: '' }),
        ...user(1, 'b', { PREPARE_USER_1_PASSWORD: '' }),
      }),
    },
  ];
  const lower: Situation = {
    title: 'a declared user below the default permission',
    code: 22,
    kind: 'users',
    message: /user 'a' cannot have READ: this release gives every user the default permission, EDIT, at least/,
    arrange: async (name) => {
      await failures.clone(release, name);
      return { ...user(0, 'a'), PREPARE_DEFAULT_PERMISSION: 'EDIT' };
    },
  };
  return release === '3.1.0' ? situations : [...situations, lower];
}
