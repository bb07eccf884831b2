import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allowed,
  api,
  cacheSeconds,
  declareUsers,
  edit,
  found,
  four,
  grant,
  prepareUsers,
  read,
  Things,
  type Users,
  userOf,
} from './declared-users';
import { Lab } from './lab';
import { administrator, loginOf } from './pod-variables';
import { waitFor } from './process';
import { RenderedServer } from './rendered-server';
import { releases, testWithEveryRelease } from './tools';

/** What users of `auth.users` may do on real servers, release by release, and how long. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

/** A server that was there before the users, with things of before and after them. */
async function withUsers(version: string, users: Users) {
  const name = `users-${version}`;
  const server = await RenderedServer.start(lab, declareUsers(lab, version, name, {}, 'NO_PERMISSIONS'));
  for (const user of Object.keys(users)) {
    await server.must(`${api}/users/create`, { json: { username: `other-${user}`, password: 'some password' } });
  }
  const before = await Things.make(server, 'before');
  const said = await prepareUsers(lab, declareUsers(lab, version, name, users, 'NO_PERMISSIONS'));
  return { name, server, before, after: await Things.make(server, 'after'), said };
}

describe.each(releases)('MLflow %s', (version) => {
  let lab4: Awaited<ReturnType<typeof withUsers>>;
  const next = (users: Users, changes = {}) =>
    prepareUsers(lab, declareUsers(lab, version, lab4.name, users, 'NO_PERMISSIONS'), changes);

  beforeAll(async () => {
    lab4 = await withUsers(version, four);
  });

  afterAll(async () => {
    await lab4?.server.service.stop();
  });

  test.each(['NO_PERMISSIONS', 'READ', 'EDIT', 'MANAGE'] as const)('%s is what it says', async (permission) => {
    const expected = allowed(permission);
    expect(await lab4.before.granted(userOf(permission))).toEqual(expected);
    expect(await lab4.after.granted(userOf(permission))).toEqual(expected);
  });

  test('what a user makes is its own', async () => {
    const own = await Things.make(lab4.server, 'own', loginOf('nobody'));
    expect(await own.granted('nobody')).toEqual(allowed('MANAGE'));
    expect(await own.granted('reader')).toEqual(allowed('READ'));
    await next(four);
    expect(await own.granted('nobody')).toEqual(allowed('MANAGE'));
  });

  test('another permission holds from the next start on, up and down, and nothing else changes', async () => {
    const own = await Things.make(lab4.server, 'own of editor', loginOf('editor'));
    const said = await next({ ...four, editor: 'READ', reader: 'MANAGE' });
    expect(said).toContain("user 'editor' has READ now");
    expect(said).toContain("user 'reader' has MANAGE now");
    const later = await Things.make(lab4.server, 'later');
    for (const things of [lab4.before, later]) expect(await things.granted('editor')).toEqual(allowed('READ'));
    expect(await later.granted('reader')).toEqual(allowed('MANAGE'));
    expect(await own.granted('editor')).toEqual(allowed('MANAGE'));
    expect(await next(four)).not.toContain("user 'manager' has");
    expect(await lab4.before.granted('editor')).toEqual(allowed('EDIT'));
    expect(await later.granted('reader')).toEqual(allowed('READ'));
  });

  test('permissions that were granted by hand are kept', async () => {
    const things = await Things.make(lab4.server, 'by hand');
    const answer = await grant(lab4.server, things.experiment, 'reader', 'EDIT');
    expect(answer).toMatchObject({ status: 200 });
    await next({ ...four, reader: 'NO_PERMISSIONS' });
    const deeds = ['read a run', 'log a metric', 'upload an artifact', 'list experiments', 'search runs'];
    expect(await things.granted('reader')).toEqual(deeds); // but for the model, which nobody granted
    await next(four);
    expect(await things.granted('reader')).toEqual([...read, ...edit.slice(0, 2), ...found]);
  });

  test('a changed password holds at once, and the old one no longer than the cache', async () => {
    const [, old] = loginOf('editor');
    expect(await lab4.server.search(['editor', old])).toBe(200);
    const said = await next(four, { PREPARE_USER_2_PASSWORD: 'another p@ss%word' });
    expect(said).toContain("password of user 'editor' set to the Secret's");
    const began = Date.now();
    expect(await lab4.server.search(['editor', 'another p@ss%word'])).toBe(200);
    await waitFor('the old password to be refused', async () => (await lab4.server.search(['editor', old])) === 401);
    expect(Date.now() - began).toBeLessThan((cacheSeconds + 5) * 1000);
    await next(four);
  });

  test('a user that leaves the environment is named, keeps what it has, and can be deleted', async () => {
    const { manager: _, ...rest } = four;
    await Things.make(lab4.server, 'left behind', loginOf('manager'));
    const said = await next(rest);
    expect(said).toMatch(/users that the environment does not name stay as they are: 'manager', 'other-editor', /);
    const things = await Things.make(lab4.server, 'after leaving');
    expect(await things.granted('manager')).toEqual(allowed('MANAGE'));
    if (lab4.server.environment.release.can('wildcardGrants')) {
      expect(said).toContain("(to delete one: an administrator's DELETE /api/2.0/mlflow/users/delete)");
      await lab4.server.must(`${api}/users/delete`, { method: 'DELETE', json: { username: 'manager' } });
    } else {
      expect(said).toContain('(to delete one: the statements in docs/users.md)');
      // MLflow itself cannot delete who has a row, as anybody has who made an experiment.
      const answer = await lab4.server.ask(`${api}/users/delete`, { method: 'DELETE', json: { username: 'manager' } });
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('NotNullViolation') });
      await lab.postgres.sql(
        `${lab4.name}-auth`,
        ...statements().map((each) => each.replaceAll(":'user'", "'manager'")),
      );
    }
    expect(await next(rest)).not.toContain("'manager'");
    await waitFor('the login to be refused', async () => (await lab4.server.search(loginOf('manager'))) !== 200);
    await Things.make(lab4.server, 'after deleting');
  });

  test('the administrator is as before', async () => {
    expect(await lab4.server.search(administrator)).toBe(200);
    expect(await lab.postgres.sql(`${lab4.name}-auth`, 'SELECT username FROM users WHERE is_admin')).toBe('admin');
  });
});

/** The page's statements that delete a user, for the tables that this release has. */
function statements(): string[] {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'users.md'), 'utf8');
  const [, block = ''] = /```sql\n([\s\S]*?)```/.exec(page) ?? [];
  const lines = block.split('\n').filter((line) => line.startsWith('DELETE'));
  expect(lines.length).toBeGreaterThan(2);
  return lines;
}

// The newest release with rows that is tested, and one of the first with roles. The oldest and the newest release are above.
testWithEveryRelease.each(['3.11.1', '3.14.0'])(
  'MLflow %s gives the same for existing and future objects',
  async (version) => {
    const { server, before, after } = await withUsers(version, { nobody: 'NO_PERMISSIONS', editor: 'EDIT' });
    for (const things of [before, after]) {
      expect(await things.granted('editor')).toEqual(allowed('EDIT'));
      expect(await things.granted('nobody')).toEqual([]);
    }
    await server.service.stop();
  },
);
