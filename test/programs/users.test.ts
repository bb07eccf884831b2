import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { Answer } from './http';
import { Lab } from './lab';
import { waitFor } from './process';
import { administrator, labEnvironment, loginOf, prepareRendered, RenderedServer } from './rendered-server';
import { everyRelease, releases } from './tools';

/** What users of `auth.users` may do on real servers, release by release, and how long. */

const cacheSeconds = 3;

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

type Login = readonly [string, string];
type Permission = ResolvedEnvironment['auth']['defaultPermission'];
type Users = Readonly<Record<string, Permission>>;

const declare = (version: string, name: string, users: Users, defaultPermission: Permission = 'READ') =>
  labEnvironment(lab, version, name, {
    auth: {
      cacheSeconds,
      defaultPermission,
      users: Object.entries(users).map(([user, permission]) => ({ name: user, permission })),
    },
  });

/** Prepares once more, as the next pod does; what it says. */
async function prepare(environment: ResolvedEnvironment, changes: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await prepareRendered(lab, environment, lab.path('auth.ini'), changes);
  if (code !== 0) throw new Error(`prepare ended with ${code}: ${stderr}`);
  return stdout;
}

const api = '/api/2.0/mlflow';
const api3 = '/api/3.0/mlflow';

/** Gives a user a permission for one experiment, as an administrator or whoever may does. */
function grant(
  server: RenderedServer,
  experiment_id: string,
  username: string,
  permission: string,
  login: Login = administrator,
): Promise<Answer> {
  const json = server.environment.release.can('wildcardGrants')
    ? { username, permission, resource_type: 'experiment', resource_id: experiment_id }
    : { username, permission, experiment_id };
  const path = 'resource_type' in json ? `${api3}/users/permissions/grant` : `${api}/experiments/permissions/create`;
  return server.ask(path, { method: 'POST', json, login });
}

/** An experiment with a run, and a model, all of one name. */
class Things {
  private constructor(
    private readonly server: RenderedServer,
    readonly name: string,
    readonly experiment: string,
    readonly run: string,
  ) {}

  static async make(server: RenderedServer, name: string, login: Login = administrator): Promise<Things> {
    const created = await server.must<{ experiment_id: string }>(`${api}/experiments/create`, {
      json: { name },
      login,
    });
    await server.must(`${api}/registered-models/create`, { json: { name }, login });
    return new Things(server, name, created.experiment_id, await newRun(server, created.experiment_id));
  }

  /** Which deeds are granted to a user. */
  async granted(user: string): Promise<readonly string[]> {
    const { name, experiment, run: run_id, server } = this;
    const login = loginOf(user);
    const post = (path: string, json: unknown) => server.ask(path, { method: 'POST', json, login });
    const artifact = `/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run_id}/artifacts/${user}.txt`;
    const requests: Record<string, () => Promise<Answer>> = {
      'read a run': () => server.ask(`${api}/runs/get?run_id=${run_id}`, { login }),
      'read a model': () => server.ask(`${api}/registered-models/get?name=${name}`, { login }),
      'log a metric': () => post(`${api}/runs/log-metric`, { run_id, key: 'loss', value: 0.5, timestamp: 1, step: 1 }),
      'upload an artifact': () => server.ask(artifact, { method: 'PUT', body: 'hello', login }),
      'tag a model': () => post(`${api}/registered-models/set-tag`, { name, key: 'by', value: user }),
      'delete a run': async () => post(`${api}/runs/delete`, { run_id: await newRun(server, experiment) }),
      'grant to others': () => grant(server, experiment, `other-${user}`, 'READ', login),
      'read users': () => server.ask(`${api}/users/get?username=admin`, { login }),
    };
    const deeds: string[] = [];
    for (const [deed, request] of Object.entries(requests)) {
      const { status, text } = await request();
      if (status === 200 || text.includes('RESOURCE_ALREADY_EXISTS')) deeds.push(deed);
      else if (status !== 403) throw new Error(`${user}, ${deed}: ${status} ${text}`);
    }
    const list = await server.ask(`${api}/experiments/search?max_results=1000`, { login });
    if (list.text.includes(`"${name}"`)) deeds.push('list experiments');
    const runs = await post(`${api}/runs/search`, { experiment_ids: [experiment], max_results: 100 });
    if (runs.text.includes(run_id)) deeds.push('search runs');
    return deeds;
  }
}

async function newRun(server: RenderedServer, experiment_id: string): Promise<string> {
  const created = await server.must<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, {
    json: { experiment_id },
  });
  return created.run.info.run_id;
}

const read = ['read a run', 'read a model'];
const found = ['list experiments', 'search runs'];
const edit = ['log a metric', 'upload an artifact', 'tag a model'];
const manage = ['delete a run', 'grant to others'];

/** What docs/users.md says. */
function allowed(permission: Permission): readonly string[] {
  if (permission === 'MANAGE') return [...read, ...edit, ...manage, ...found];
  if (permission === 'EDIT') return [...read, ...edit, ...found];
  if (permission === 'READ') return [...read, ...found];
  return [];
}

const four: Users = { nobody: 'NO_PERMISSIONS', reader: 'READ', editor: 'EDIT', manager: 'MANAGE' };
const userOf = (permission: Permission) => Object.keys(four).find((name) => four[name] === permission) ?? '';

/** A server that was there before the users, with things of before and after them. */
async function withUsers(version: string, users: Users) {
  const name = `users-${version}`;
  const server = await RenderedServer.start(lab, declare(version, name, {}, 'NO_PERMISSIONS'));
  for (const user of Object.keys(users)) {
    await server.must(`${api}/users/create`, { json: { username: `other-${user}`, password: 'some password' } });
  }
  const before = await Things.make(server, 'before');
  const said = await prepare(declare(version, name, users, 'NO_PERMISSIONS'));
  return { name, server, before, after: await Things.make(server, 'after'), said };
}

describe.each(releases)('MLflow %s', (version) => {
  let lab4: Awaited<ReturnType<typeof withUsers>>;
  const next = (users: Users, changes = {}) => prepare(declare(version, lab4.name, users, 'NO_PERMISSIONS'), changes);

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
const between = everyRelease ? ['3.11.1', '3.14.0'] : [];
(between.length > 0 ? test.each(between) : test.skip.each(['3.11.1', '3.14.0']))(
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

/** What a database has of users and of what they may do. */
const dump = (name: string): Promise<string> => lab.postgres.dump(`${name}-auth`);

/** The rows of ours, before there are roles. */
const mine = `SELECT username, permission, count(*) FROM experiment_permissions AS rows JOIN users ON users.id = user_id
  WHERE permission = rows.declared GROUP BY 1, 2 ORDER BY 1`;

describe.each(releases)('prepare.py with MLflow %s', (version) => {
  test('four pods at once: each user is created once; again, nothing changes', async () => {
    const name = `at-once-${version}`;
    const environment = declare(version, name, four, 'NO_PERMISSIONS');
    const said = (await Promise.all([1, 2, 3, 4].map(() => prepare(environment)))).join('\n');
    for (const user of Object.keys(four)) expect(said.split(`created user '${user}'`)).toHaveLength(2);
    const before = await dump(name);
    expect(await prepare(environment)).not.toMatch(/created|has \w+ now|password/);
    expect(await dump(name)).toBe(before);
  });

  // With roles the number of things does not matter, so the newest release is only looked at now and then.
  const timed = version === '3.1.0' || everyRelease ? test : test.skip;
  timed('is as fast with 2000 experiments and models', async () => {
    const name = `many-${version}`;
    const users = { one: 'EDIT', two: 'READ', three: 'MANAGE' } as const;
    await prepare(declare(version, name, {}, 'NO_PERMISSIONS'));
    const time = async (declared: Users) => {
      const began = Date.now();
      await prepare(declare(version, name, declared, 'NO_PERMISSIONS'));
      return Date.now() - began;
    };
    const round = async () => [await time(users), await time(users), await time({ ...users, one: 'READ' })];
    const few = await round();
    const columns = 'name, artifact_location, lifecycle_stage';
    await lab.postgres.sql(
      name,
      `INSERT INTO experiments (${columns}) SELECT 'e' || n, 'mlflow-artifacts:/' || n, 'active' FROM generate_series(1, 2000) n`,
      "INSERT INTO registered_models (name) SELECT 'm' || n FROM generate_series(1, 2000) n",
    );
    let many = await round();
    const longer = () => Math.max(...many) - Math.min(...few);
    // A busy machine only adds time, so what is slow by itself is slow each time.
    for (let again = 0; again < 2 && longer() >= 2000; again += 1) {
      const none = { one: 'NO_PERMISSIONS', two: 'NO_PERMISSIONS', three: 'NO_PERMISSIONS' } as const;
      await prepare(declare(version, name, none, 'NO_PERMISSIONS'));
      const next = await round();
      many = many.map((time, index) => Math.min(time, next[index] ?? time));
    }
    console.info(`MLflow ${version}, ms for three users, again, one changed: few, and 2000 of each`, few, many);
    expect(longer()).toBeLessThan(2000);
    if (version === '3.1.0')
      expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('one|READ|2001\nthree|MANAGE|2001\ntwo|READ|2001');
  });
});

test('before there are roles the default permission needs no rows, and takes back what there was', async () => {
  const name = 'default-permission';
  await prepare(declare('3.1.0', name, { reader: 'READ', editor: 'EDIT' }));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('editor|EDIT|1');
  await prepare(declare('3.1.0', name, { reader: 'READ', editor: 'READ' }));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('');
  await prepare(declare('3.1.0', name, { reader: 'READ', editor: 'READ' }, 'EDIT'));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('editor|READ|1\nreader|READ|1');
});

test('an error in the trigger for future rows does not affect MLflow, and the next start repairs it', async () => {
  const name = 'broken-trigger';
  const environment = declare('3.1.0', name, { editor: 'EDIT' });
  const server = await RenderedServer.start(lab, environment);
  await lab.postgres.sql(`${name}-auth`, 'ALTER TABLE users DROP COLUMN declared');
  const things = await Things.make(server, 'meanwhile');
  expect(await things.granted('editor')).toEqual(allowed('READ'));
  await prepare(environment);
  expect(await things.granted('editor')).toEqual(allowed('EDIT'));
  await server.service.stop();
});

test('an upgrade to a release with roles replaces our rows with these, and keeps manual grants', async () => {
  const name = 'users-upgrade';
  const old = await withUsersBeforeUpgrade('3.1.0', name);
  await old.server.service.stop();
  // Those between take over rows and trigger as they are.
  const between = { editor: 'EDIT', manager: 'MANAGE' } as const;
  for (const version of ['3.7.0', '3.10.1', '3.11.1']) await prepare(declare(version, name, between, 'NO_PERMISSIONS'));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('editor|EDIT|2\nmanager|MANAGE|3');
  const [declared, left] = [declare('3.18.0', name, { editor: 'READ' }, 'NO_PERMISSIONS'), loginOf('manager')];
  const server = await RenderedServer.start(lab, declared);
  const auth = `${name}-auth`;
  const grants = `SELECT resource_type, resource_pattern, permission FROM role_permissions JOIN roles ON roles.id = role_id
    JOIN user_role_assignments USING (role_id) JOIN users ON users.id = user_id WHERE username = 'editor' ORDER BY 1, 2`;
  expect(await lab.postgres.sql(auth, grants)).toBe(
    [
      `experiment|*|READ`,
      `experiment|${old.byHand.experiment}|MANAGE`,
      'prompt|*|READ',
      'registered_model|*|READ',
      'scorer|*|READ',
    ].join('\n'),
  );
  // Nothing of ours is left in the tables of before.
  const column = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'declared'";
  const functions = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'declared%'";
  expect(await lab.postgres.sql(auth, column)).toBe('0');
  expect(await lab.postgres.sql(auth, functions)).toBe('0');
  const run = (run_id: string, login: Login) =>
    server.ask(`${api}/runs/log-metric`, { json: { run_id, key: 'loss', value: 0.5, timestamp: 1, step: 2 }, login });
  expect(await run(old.things.run, loginOf('editor'))).toMatchObject({ status: 403 });
  expect(await run(old.byHand.run, loginOf('editor'))).toMatchObject({ status: 200 });
  // Who is no longer declared keeps what was there.
  expect(await run(old.things.run, left)).toMatchObject({ status: 200 });
  await server.service.stop();
});

/** Two users on a release with rows, one of whom somebody granted more. */
async function withUsersBeforeUpgrade(version: string, name: string) {
  const declared = declare(version, name, { editor: 'EDIT', manager: 'MANAGE' }, 'NO_PERMISSIONS');
  const server = await RenderedServer.start(lab, declared);
  const [things, byHand] = [await Things.make(server, 'things'), await Things.make(server, 'by hand')];
  expect(await grant(server, byHand.experiment, 'editor', 'MANAGE')).toMatchObject({ status: 200 });
  return { server, things, byHand };
}
