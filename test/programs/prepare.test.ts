import { readFileSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { admin, Lab, type Prepared } from './lab';
import { freePort } from './ports';
import { identifier } from './postgres';
import { Service, waitFor } from './process';
import { python, type Release, releases } from './tools';

/** Strings that have broken URIs, shells, templates and INI files before. */
const hostile: readonly string[] = [
  'p@ss:w/o%rd-and-more',
  '100%-percent-sign',
  '%%-double-percent-%%',
  '$(X)-kubernetes-expands',
  '$' + '{Y}-flux-substitutes',
  `'single' and "double" \`back\` quotes`,
  'back\\slashes\\n\\\\ everywhere',
  '  blanks at both ends  ',
  'Пароль-密码-é-🔑-pass',
  '#;=&?!*<>|~^[]{}()+,',
  'a line break at the end\n',
  '\ttabs\tand\ttabs\t',
  'line\nbreaks\r\nwithin and\rcarriage',
  "' OR 1=1; DROP TABLE users; --",
  'host=evil port=1 user=root',
  'postgresql://a:b@c:1/d?e=f#g',
  '-----BEGIN KEY-----',
  '--help-as-an-option',
  '!!python/object:x {{ .Values }} {% if %}',
  'admin:with:colons:::',
  '\u0001\u001b[31mcontrol\u007f',
  'e\u0301 and \u00e9 \u202eright to left',
  '\u00a0no-break\u2003wide blanks\u3000',
  '=SUM(A1)+cmd|x,y\ty',
  'p%40ss%2Fword%00',
  'x'.repeat(200),
];

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const lines = (text: string, pattern: RegExp): number => text.split('\n').filter((line) => pattern.test(line)).length;

/** The modules that a run under `-X importtime` imported, if it said nothing else. */
function imported({ stderr }: Prepared): readonly string[] {
  const lines = stderr.trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('import time:'))).toEqual([]);
  return lines.map((line) => line.split('|')[2]?.trim() ?? '');
}

describe.each(releases)('prepare.py with MLflow %s', (release: Release) => {
  const create = { PREPARE_CREATE_DATABASES: 'true', PREPARE_CREATE_BUCKET: 'true' };
  const made = `made-${release}`;
  let first: Prepared;

  const complete = () => ({
    ...lab.settings(release, made),
    ...create,
    PREPARE_BUCKET: made,
    PREPARE_BUCKET_PREFIX: 'team/mlflow',
    PREPARE_AUTH_CACHE_SECONDS: '60',
    PREPARE_DEFAULT_PERMISSION: 'NO_PERMISSIONS',
  });

  beforeAll(async () => {
    first = await lab.prepare(release, complete(), ['-X', 'importtime']);
  });

  /** Databases with what the first run has made. */
  async function clone(name: string): Promise<void> {
    await lab.postgres.createDatabase(name, 'mlflow', made);
    await lab.postgres.createDatabase(`${name}-auth`, 'mlflow', `${made}-auth`);
  }

  test('makes databases, schemas, admin, configuration and bucket from nothing; again, it changes nothing', async () => {
    expect(first).toMatchObject({ code: 0, message: '' });
    expect(lab.store.has(made)).toBe(true);
    expect(await lab.postgres.sql(`${made}-auth`, 'SELECT username, is_admin FROM users')).toBe('admin|t');

    const before = [await lab.postgres.dump(made), await lab.postgres.dump(`${made}-auth`)];
    const env = complete();
    const second = await lab.prepare(release, env, ['-X', 'importtime']);
    expect(second).toMatchObject({ code: 0, message: '' });
    // An import takes seconds: of MLflow's server always, of MLflow where nothing is to be done.
    expect(imported(first)).toContain('mlflow.server.auth.sqlalchemy_store');
    expect(imported(first)).not.toContain('mlflow.server.handlers');
    expect(imported(second)).not.toContain('mlflow');
    expect(second.stdout).toMatch(/schemas and accounts are up to date[\s\S]*bucket .* is reachable/);
    expect([await lab.postgres.dump(made), await lab.postgres.dump(`${made}-auth`)]).toEqual(before);

    const ini = readFileSync(env.MLFLOW_AUTH_CONFIG_PATH, 'utf8');
    expect(statSync(env.MLFLOW_AUTH_CONFIG_PATH).mode & 0o777).toBe(0o600);
    expect(ini).toMatch(/^default_permission = NO_PERMISSIONS$/m);
    expect(ini).toMatch(/^auth_cache_ttl_seconds = 60$/m);
    expect(ini).toContain(`database_uri = postgresql+psycopg2:///${made}-auth\n`);
    expect(ini).not.toContain(admin[1]);
  });

  test('says when the region is not the one of the bucket', async () => {
    expect(first.stdout).not.toContain('another region');
    const elsewhere = { ...complete(), PREPARE_AUTH_DATABASE: '', AWS_DEFAULT_REGION: 'eu-central-1' };
    expect((await lab.prepared(release, elsewhere)).stdout).toMatch(
      /is reachable\n.*another region than eu-central-1; set artifacts\.s3\.region/,
    );
  });

  test('without authentication it leaves authentication alone, and PREPARE_MIGRATE=create makes a new schema', async () => {
    const name = `open-${release}`;
    const env = {
      ...lab.settings(release, name),
      PREPARE_AUTH_DATABASE: '',
      PREPARE_ADMIN_PASSWORD: '',
      PREPARE_MIGRATE: 'create',
      PREPARE_CREATE_DATABASES: 'true',
    };
    const result = await lab.prepare(release, env);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).not.toMatch(/auth|admin|bucket/);
    expect(await lab.postgres.sql('postgres', `SELECT datname FROM pg_database WHERE datname LIKE '${name}%'`)).toBe(
      name,
    );
  });

  test('four at once on nothing: one creates, all end well', async () => {
    const name = `four-${release}`;
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => {
        return lab.prepare(release, { ...lab.settings(release, name), ...create, PREPARE_BUCKET: name });
      }),
    );
    for (const result of results) expect(result).toMatchObject({ code: 0, stderr: '' });
    const all = results.map((result) => result.stdout).join('\n');
    expect(lines(all, /tracking schema: creating/)).toBe(1);
    expect(lines(all, /auth schema: creating/)).toBe(1);
    expect(lines(all, /created admin user/)).toBe(1);
    expect(await lab.postgres.sql(`${name}-auth`, 'SELECT count(*) FROM users')).toBe('1');
  });

  test('any password for the database and for the admin', async () => {
    const name = `hostile-${release}`;
    // Each on every second release.
    const passwords = hostile.filter((_, index) => (index + releases.indexOf(release)) % 2 === 0);
    await clone(name);
    const { PGUSER: owner = '', ...env } = lab.settings(release, name);
    const users = passwords.map((password, index) => [`user ${index} %/#'"é`, password] as const);
    const environments = await Promise.all(
      users.map(async ([user, password], index) => {
        const role = `hostile-${release}-${index}`;
        await lab.postgres.createRole(role, password, `IN ROLE ${identifier(owner)}`);
        const admin = { PREPARE_ADMIN_USERNAME: user, PREPARE_ADMIN_PASSWORD: password };
        return { ...env, PGUSER: role, PGPASSWORD: password, ...admin };
      }),
    );
    const results: Prepared[] = [];
    for (const environment of environments) results.push(await lab.prepareForked(release, environment));
    expect(results.map(({ code, message }, index) => ({ password: passwords[index], code, message }))).toEqual(
      passwords.map((password) => ({ password, code: 0, message: '' })),
    );

    const wrong = users.map(([user, password]) => [user, `${password} `] as const);
    expect(await lab.logins(release, { ...env, PGUSER: owner }, [...users, ...wrong])).toEqual([
      ...users.map(() => true),
      ...wrong.map(() => false),
    ]);
  });

  test('a changed Secret changes the admin password, unless that is switched off', async () => {
    const name = `secret-${release}`;
    await clone(name);
    const env = lab.settings(release, name);
    const [changed, ignored] = ['  another p@ss%word  ', 'and a third password'];
    const given = await lab.prepareForked(release, { ...env, PREPARE_ADMIN_PASSWORD: changed });
    expect(given.stdout).toContain("password of admin user 'admin' set to the Secret's");
    const unused = { PREPARE_ADMIN_PASSWORD: ignored, PREPARE_SYNC_ADMIN_PASSWORD: 'false' };
    expect(await lab.prepareForked(release, { ...env, ...unused })).toMatchObject({ code: 0 });
    const passwords = [changed, admin[1], ignored, changed.trim()];
    const logins = passwords.map((password) => [admin[0], password] as const);
    expect(await lab.logins(release, env, logins)).toEqual([true, false, false, false]);
  });
});

test('waits for a database and an object store that come later', async () => {
  const [database, store] = [await freePort(), await freePort()];
  const program = lab.keep(
    new Service([python('3.1.0'), '-u', '-m', 'prepare'], {
      ...lab.settings('3.1.0', 'later'),
      PREPARE_CREATE_DATABASES: 'true',
      PREPARE_CREATE_BUCKET: 'true',
      PREPARE_BUCKET: 'later',
      PGPORT: `${database}`,
      MLFLOW_S3_ENDPOINT_URL: `http://127.0.0.1:${store}`,
    }),
  );
  const says = async (text: string): Promise<void> => {
    await waitFor(`"${text}" in the output`, () => program.output.includes(text) || !program.isRunning);
    expect(program.output).toContain(text);
  };
  const servers: Server[] = [];
  try {
    await says("waiting for database 'later'");
    servers.push(forward(database, lab.postgres.port));
    await says('waiting for S3');
    servers.push(forward(store, lab.store.port));
    await says("bucket 'later' at");
    await program.end();
    expect(program.output).toContain('prepare: done');
  } finally {
    for (const server of servers) server.close();
  }
});

/** A port that opens late for a server that is there already. */
function forward(from: number, to: number): Server {
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => [socket, onward].map((each) => each.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  return server.listen(from, '127.0.0.1');
}
