import {
  allowed,
  api,
  declareUsers,
  four,
  grant,
  type Login,
  prepareUsers,
  Things,
  type Users,
} from './declared-users';
import { Lab } from './lab';
import { loginOf } from './pod-variables';
import { prepareRendered, RenderedServer } from './rendered-server';
import { newestOnly, releases, testWithEveryRelease } from './tools';

/** What `prepare` does for users of `auth.users` in the database. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

/** What a database has of users and of what they may do. */
const dump = (name: string): Promise<string> => lab.postgres.dump(`${name}-auth`);

/** The rows of ours, before there are roles. */
const mine = `SELECT username, permission, count(*) FROM experiment_permissions AS rows JOIN users ON users.id = user_id
  WHERE permission = rows.declared GROUP BY 1, 2 ORDER BY 1`;

/** Statements that add 2000 experiments and as many models. */
const MANY = [
  `INSERT INTO experiments (name, artifact_location, lifecycle_stage)
    SELECT 'e' || n, 'mlflow-artifacts:/' || n, 'active' FROM generate_series(1, 2000) n`,
  "INSERT INTO registered_models (name) SELECT 'm' || n FROM generate_series(1, 2000) n",
];

describe.each(releases)('prepare.py with MLflow %s', (version) => {
  test('four pods at once: each user is created once; again, nothing changes', async () => {
    const name = `at-once-${version}`;
    const environment = declareUsers(lab, version, name, four, 'NO_PERMISSIONS');
    // Processes of their own, which import MLflow at the same time.
    const pods = await Promise.all([1, 2, 3, 4].map(() => prepareRendered(lab, environment)));
    expect(pods.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const said = pods.map(({ stdout }) => stdout).join('\n');
    for (const user of Object.keys(four)) expect(said.split(`created user '${user}'`)).toHaveLength(2);
    const before = await dump(name);
    expect(await prepareUsers(lab, environment)).not.toMatch(/created|has \w+ now|password/);
    expect(await dump(name)).toBe(before);
  });

  // Up to 31 runs of prepare.
  testWithEveryRelease('is as fast with 2000 experiments and models', async () => {
    const name = `many-${version}`;
    const users = { one: 'EDIT', two: 'READ', three: 'MANAGE' } as const;
    await prepareUsers(lab, declareUsers(lab, version, name, {}, 'NO_PERMISSIONS'));
    const time = async (declared: Users) => {
      const began = Date.now();
      await prepareUsers(lab, declareUsers(lab, version, name, declared, 'NO_PERMISSIONS'));
      return Date.now() - began;
    };
    const round = async () => [await time(users), await time(users), await time({ ...users, one: 'READ' })];
    const few = await round();
    await lab.postgres.sql(name, ...MANY);
    let many = await round();
    const longer = () => Math.max(...many) - Math.min(...few);
    // A busy machine only adds time, so what is slow by itself is slow each time.
    for (let again = 0; again < 6 && longer() >= 2000; again += 1) {
      const none = { one: 'NO_PERMISSIONS', two: 'NO_PERMISSIONS', three: 'NO_PERMISSIONS' } as const;
      await prepareUsers(lab, declareUsers(lab, version, name, none, 'NO_PERMISSIONS'));
      const next = await round();
      many = many.map((time, index) => Math.min(time, next[index] ?? time));
    }
    console.info(`MLflow ${version}, ms for three users, again, one changed: few, and 2000 of each`, few, many);
    expect(longer()).toBeLessThan(2000);
  });
});

/** Of `password1234`, which MLflow's `admin` had before 3.16. */
const PUBLISHED =
  'pbkdf2:sha256:1000$BkSTtiK8bXfRjE3R$e5f25b7d4f145349fe34fd2c56c25666200a3e886f92e5783ca17d876d880248';

test.each(newestOnly)(
  'with MLflow %s, an account with the password that MLflow published is named',
  async (version) => {
    const name = `published-${version}`;
    const prepare = (users: Users) =>
      prepareUsers(lab, declareUsers(lab, version, name, users), { PREPARE_ADMIN_USERNAME: 'chief' });
    const change = (statement: string) => lab.postgres.sql(`${name}-auth`, statement);
    expect(await prepare({})).toContain("created admin user 'chief'");
    await change(`INSERT INTO users (username, password_hash, is_admin) VALUES ('admin', '${PUBLISHED}', true)`);
    const said = "user 'admin' still has the password that older releases of MLflow came with (change it)";
    expect(await prepare({ one: 'READ' })).toContain(said);
    await change(`UPDATE users SET password_hash = replace(password_hash, 'e5f2', 'e5f3') WHERE username = 'admin'`);
    expect(await prepare({ one: 'EDIT' })).not.toContain('still has the password');
  },
);

test('before there are roles a user has a row for each of 2000 experiments, also after a change', async () => {
  const name = 'many-rows';
  const prepare = (users: Users) => prepareUsers(lab, declareUsers(lab, '3.1.0', name, users, 'NO_PERMISSIONS'));
  await prepare({});
  await lab.postgres.sql(name, ...MANY);
  await prepare({ one: 'EDIT', two: 'READ', three: 'MANAGE' });
  await prepare({ one: 'READ', two: 'READ', three: 'MANAGE' });
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('one|READ|2001\nthree|MANAGE|2001\ntwo|READ|2001');
});

test('before there are roles the default permission needs no rows, and takes back what there was', async () => {
  const name = 'default-permission';
  await prepareUsers(lab, declareUsers(lab, '3.1.0', name, { reader: 'READ', editor: 'EDIT' }));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('editor|EDIT|1');
  await prepareUsers(lab, declareUsers(lab, '3.1.0', name, { reader: 'READ', editor: 'READ' }));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('');
  await prepareUsers(lab, declareUsers(lab, '3.1.0', name, { reader: 'READ', editor: 'READ' }, 'EDIT'));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('editor|READ|1\nreader|READ|1');
});

test('an error in the trigger for future rows does not affect MLflow, and the next start repairs it', async () => {
  const name = 'broken-trigger';
  const environment = declareUsers(lab, '3.1.0', name, { editor: 'EDIT' });
  const server = await RenderedServer.start(lab, environment);
  await lab.postgres.sql(`${name}-auth`, 'ALTER TABLE users DROP COLUMN declared');
  const things = await Things.make(server, 'meanwhile');
  expect(await things.granted('editor')).toEqual(allowed('READ'));
  await prepareUsers(lab, environment);
  expect(await things.granted('editor')).toEqual(allowed('EDIT'));
  await server.service.stop();
});

test('an upgrade to a release with roles replaces our rows with these, and keeps manual grants', async () => {
  const name = 'users-upgrade';
  const old = await withUsersBeforeUpgrade('3.1.0', name);
  await old.server.service.stop();
  // Those between take over rows and trigger as they are.
  const between = { editor: 'EDIT', manager: 'MANAGE' } as const;
  for (const version of ['3.7.0', '3.10.1', '3.11.1'])
    await prepareUsers(lab, declareUsers(lab, version, name, between, 'NO_PERMISSIONS'));
  expect(await lab.postgres.sql(`${name}-auth`, mine)).toBe('editor|EDIT|2\nmanager|MANAGE|3');
  const [declared, left] = [
    declareUsers(lab, '3.18.0', name, { editor: 'READ' }, 'NO_PERMISSIONS'),
    loginOf('manager'),
  ];
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
  const declared = declareUsers(lab, version, name, { editor: 'EDIT', manager: 'MANAGE' }, 'NO_PERMISSIONS');
  const server = await RenderedServer.start(lab, declared);
  const [things, byHand] = [await Things.make(server, 'things'), await Things.make(server, 'by hand')];
  expect(await grant(server, byHand.experiment, 'editor', 'MANAGE')).toMatchObject({ status: 200 });
  return { server, things, byHand };
}
