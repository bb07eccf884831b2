import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Lab, type Prepared } from './lab';
import { type Environment, freePort } from './process';
import { type Release, releases } from './tools';

interface Situation {
  readonly title: string;
  readonly code: number;
  readonly kind: string;
  readonly message: RegExp;
  /** What differs from a good environment, after having brought the situation about. `name`: a database of its own. */
  readonly arrange: (name: string) => Environment | Promise<Environment>;
  /** Options of the Python interpreter, which is one of its own then. */
  readonly options?: readonly string[];
}

/** Revisions of the tracking schema: of the release before, and of no release at all. */
const unknownRevision = 'ffffffffffff';
const previousRevision: Readonly<Record<Release, string>> = { '3.1.0': '400f98739977', '3.18.0': '8b6ad64cb8f5' };

let lab: Lab;
let closedPort: number;
let webPort: number;

/** What may stand on a port beside that of the S3 API. */
const webServer = createServer((request, response) => {
  const [status, type, text] = request.url?.startsWith('/refused')
    ? [405, 'text/plain', 'no']
    : request.url?.startsWith('/feed')
      ? [200, 'application/xml', '<feed><title>News</title></feed>']
      : [200, 'text/html', '<!doctype html><title>Console</title>Welcome'];
  response.writeHead(Number(status), { 'content-type': `${type}` }).end(text);
});

beforeAll(async () => {
  lab = await Lab.start();
  [closedPort, webPort] = [await freePort(), await freePort()];
  webServer.listen(webPort, '127.0.0.1');
  // One database of each release to clone, so that a situation costs no migration.
  await Promise.all(
    releases.map((release) => {
      return lab.prepared(release, { ...lab.settings(release, `base-${release}`), PREPARE_CREATE_DATABASES: 'true' });
    }),
  );
});

afterAll(async () => {
  webServer.close();
  await lab?.stop();
});

/** Databases with the schemas of a release. */
async function clone(release: Release, name: string): Promise<void> {
  await lab.postgres.createDatabase(name, 'mlflow', `base-${release}`);
  await lab.postgres.createDatabase(`${name}-auth`, 'mlflow', `base-${release}-auth`);
}

async function empty(name: string): Promise<void> {
  await lab.postgres.createDatabase(name, 'mlflow');
  await lab.postgres.createDatabase(`${name}-auth`, 'mlflow');
}

/** Databases whose tracking schema this release must upgrade. */
async function older(release: Release, name: string): Promise<void> {
  await clone(release, name);
  await lab.postgres.sql(name, `UPDATE alembic_version SET version_num = '${previousRevision[release]}'`);
}

const withoutAuth = { PREPARE_AUTH_DATABASE: '' };

/** Everything before the check of the bucket is fine. */
async function bucket(release: Release, name: string, changes: Environment): Promise<Environment> {
  await lab.postgres.createDatabase(name, 'mlflow', `base-${release}`);
  return { ...withoutAuth, PREPARE_TIMEOUT: '0', PREPARE_BUCKET: 'artifacts', ...changes };
}

/** A declared user, as far as nothing is wrong with it. */
const user = (index: number, name: string, more: Environment = {}): Environment => ({
  [`PREPARE_USER_${index}_NAME`]: name,
  [`PREPARE_USER_${index}_PERMISSION`]: 'READ',
  [`PREPARE_USER_${index}_USERNAME`]: name,
  [`PREPARE_USER_${index}_PASSWORD`]: `the password of ${name}`,
  ...more,
});

function userSituations(release: Release): Situation[] {
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
        await clone(release, name);
        const row = "('promoted', 'no hash', true)";
        await lab.postgres.sql(`${name}-auth`, `INSERT INTO users (username, password_hash, is_admin) VALUES ${row}`);
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
      await clone(release, name);
      return { ...user(0, 'a'), PREPARE_DEFAULT_PERMISSION: 'EDIT' };
    },
  };
  return release === '3.1.0' ? situations : [...situations, lower];
}

function databaseSituations(release: Release): Situation[] {
  return [
    {
      title: 'PostgreSQL does not answer',
      code: 10,
      kind: 'database-unreachable',
      message: /database '.*': .*Connection refused/,
      arrange: () => ({ PGPORT: `${closedPort}`, PREPARE_TIMEOUT: '0' }),
    },
    {
      title: 'a wrong database password',
      code: 11,
      kind: 'database-login',
      message: /password authentication failed for user "mlflow"/,
      arrange: () => ({ PGPASSWORD: 'not the password of anyone' }),
    },
    {
      title: 'a role that does not exist',
      code: 11,
      kind: 'database-login',
      message: /password authentication failed for user "nobody"/,
      arrange: () => ({ PGUSER: 'nobody' }),
    },
    {
      title: 'TLS asked of a PostgreSQL without it',
      code: 11,
      kind: 'database-login',
      message: /server does not support SSL, but SSL was required/,
      arrange: () => ({ PGSSLMODE: 'require' }),
    },
    {
      title: 'a missing database',
      code: 12,
      kind: 'database-missing',
      message: /database ".*" does not exist/,
      arrange: () => ({}),
    },
    {
      title: 'a missing authentication database',
      code: 12,
      kind: 'database-missing',
      message: /database ".*-auth" does not exist/,
      arrange: async (name) => {
        await lab.postgres.createDatabase(name, 'mlflow');
        return {};
      },
    },
    {
      title: 'a missing database that the role may not create',
      code: 12,
      kind: 'database-missing',
      message: /does not exist, and this role may not create it: permission denied to create database/,
      arrange: async (name) => {
        await lab.postgres.createRole(name, 'plain role password');
        return { PGUSER: name, PGPASSWORD: 'plain role password', PREPARE_CREATE_DATABASES: 'true' };
      },
    },
    {
      title: 'another pod that holds the lock for too long',
      code: 13,
      kind: 'lock-timeout',
      message: /another pod held the preparation lock for more than 1 s/,
      arrange: async (name) => {
        await empty(name);
        lab.keep(await lab.postgres.connect(name, 'another pod', `SELECT pg_advisory_lock(${0x6d6c666c6f77})`));
        return { PREPARE_TIMEOUT: '1' };
      },
    },
    {
      title: 'a tracking schema of a newer release',
      code: 14,
      kind: 'schema-newer',
      message:
        /tracking database '.*' is at revision \w+, which MLflow [\d.]+ does not know: .*use that release's image, or restore/,
      arrange: async (name) => {
        await clone(release, name);
        await lab.postgres.sql(name, `UPDATE alembic_version SET version_num = '${unknownRevision}'`);
        return {};
      },
    },
    {
      title: 'an auth schema of a newer release',
      code: 14,
      kind: 'schema-newer',
      message: /auth database '.*' (was upgraded by MLflow 3\.6 or newer; use|is at revision \w+, which MLflow)/,
      arrange: async (name) => {
        await lab.postgres.createDatabase(name, 'mlflow', `base-${release}`);
        await lab.postgres.createDatabase(`${name}-auth`, 'mlflow', 'base-3.18.0-auth');
        await lab.postgres.sql(`${name}-auth`, `UPDATE alembic_version_auth SET version_num = '${unknownRevision}'`);
        return {};
      },
    },
    {
      title: 'no schema, and PREPARE_MIGRATE=check',
      code: 15,
      kind: 'schema-older',
      message: /is at revision none, and MLflow [\d.]+ needs \w+; back up, then allow the upgrade/,
      arrange: async (name) => {
        await empty(name);
        return { PREPARE_MIGRATE: 'check' };
      },
    },
    {
      title: 'an older schema, and PREPARE_MIGRATE=create',
      code: 15,
      kind: 'schema-older',
      message: new RegExp(`is at revision ${previousRevision[release]}, and MLflow [\\d.]+ needs`),
      arrange: async (name) => {
        await older(release, name);
        return { PREPARE_MIGRATE: 'create' };
      },
    },
    {
      title: 'an older schema that servers are connected to',
      code: 16,
      kind: 'servers-connected',
      message:
        /must be upgraded for MLflow [\d.]+, but MLflow servers \(of unknown release, 2\.22\.0, 3\.0\.1\) are still .*stop them first/,
      arrange: async (name) => {
        await older(release, name);
        for (const server of ['mlflow-server/3.0.1', 'mlflow-server/2.22.0', 'mlflow-server', 'mlflow-serverless']) {
          lab.keep(await lab.postgres.connect(name, server));
        }
        return {};
      },
    },
    {
      title: 'a table in the way of the schema',
      code: 17,
      kind: 'migration-failed',
      message: /tracking database '.*': column "run_uuid" .*does not exist/,
      arrange: async (name) => {
        await empty(name);
        await lab.postgres.sql(name, 'CREATE TABLE runs (something_else int)', 'ALTER TABLE runs OWNER TO mlflow');
        return {};
      },
    },
    {
      title: 'a role that may not create tables',
      code: 18,
      kind: 'database-permission',
      message: /tracking database '.*': permission denied for schema public/,
      arrange: async (name) => {
        await lab.postgres.createDatabase(name, 'postgres');
        await lab.postgres.sql(name, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
        return withoutAuth;
      },
    },
    {
      title: "a role that may not read another's tables",
      code: 18,
      kind: 'database-permission',
      message: /permission denied for table alembic_version \(the user of the Secret must own both databases/,
      arrange: async (name) => {
        await lab.postgres.createDatabase(name, 'postgres');
        await lab.postgres.sql(name, 'CREATE TABLE alembic_version (version_num varchar(32))');
        return withoutAuth;
      },
    },
  ];
}

function storeSituations(release: Release): Situation[] {
  const at = (changes: Environment) => (name: string) => bucket(release, name, changes);
  const web = (name: string, changes: Environment = {}) =>
    bucket(release, name, { MLFLOW_S3_ENDPOINT_URL: `http://127.0.0.1:${webPort}`, ...changes });
  return [
    {
      title: 'S3 does not answer',
      code: 30,
      kind: 's3-unreachable',
      message: /bucket 'artifacts' at http:\/\/127\.0\.0\.1:\d+: Could not connect to the endpoint URL/,
      // The key and the secret as part of the endpoint are a mistake that must not be repeated aloud.
      arrange: (name) =>
        bucket(release, name, {
          MLFLOW_S3_ENDPOINT_URL: `http://someone:${lab.store.credentials.AWS_SECRET_ACCESS_KEY.replace(/\W/g, '')}@127.0.0.1:${closedPort}`,
        }),
    },
    {
      title: 'a wrong S3 secret',
      code: 31,
      kind: 's3-login',
      message: /refuses bucket 'artifacts' to this access key \(HTTP 403, SignatureDoesNotMatch\)/,
      arrange: at({ AWS_SECRET_ACCESS_KEY: 'not the secret of anyone' }),
    },
    {
      title: 'an unknown S3 access key',
      code: 31,
      kind: 's3-login',
      message: /refuses bucket 'artifacts' to this access key \(HTTP \d+, \w+\): wrong key,/,
      arrange: at({ AWS_ACCESS_KEY_ID: 'nobody' }),
    },
    {
      title: 'no S3 credentials',
      code: 31,
      kind: 's3-login',
      message: /no S3 credentials/,
      arrange: at({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }),
    },
    {
      title: 'a missing bucket',
      code: 32,
      kind: 's3-bucket-missing',
      message: /bucket 'missing' does not exist at http:/,
      options: [], // the last thing that is looked at, so that nothing which is imported has more to say
      arrange: at({ PREPARE_BUCKET: 'missing' }),
    },
    {
      title: 'a web console at the endpoint',
      code: 30,
      kind: 's3-unreachable',
      message: /The answer is a web page; is this the address of the S3 API\?/,
      arrange: (name) => web(name),
    },
    {
      title: 'something else at the endpoint that is not S3',
      code: 33,
      kind: 's3-other',
      message: /what answers at http:.* is not an S3 server/,
      arrange: (name) => web(name, { PREPARE_BUCKET: 'feed' }),
    },
    {
      title: 'an endpoint that answers with another error',
      code: 33,
      kind: 's3-other',
      message: /bucket 'refused' at http:.*405/,
      arrange: (name) => web(name, { PREPARE_BUCKET: 'refused' }),
    },
    {
      title: 'a bucket name that the server does not take',
      code: 33,
      kind: 's3-other',
      message: /bucket 'Not_A-Bucket' at http:.*InvalidBucketName/,
      arrange: at({ PREPARE_BUCKET: 'Not_A-Bucket', PREPARE_CREATE_BUCKET: 'true' }),
    },
    {
      title: 'a bucket name that cannot be one',
      code: 64,
      kind: 'configuration',
      message: /Invalid bucket name "s3:\/\/artifacts"/,
      arrange: at({ PREPARE_BUCKET: 's3://artifacts' }),
    },
  ];
}

function settingSituations(): Situation[] {
  return [
    {
      title: 'a folder for the auth configuration that does not exist',
      code: 20,
      kind: 'ini-unwritable',
      message: /\/missing\/auth\.ini: No such file or directory/,
      arrange: () => ({ MLFLOW_AUTH_CONFIG_PATH: join(lab.folder, 'missing', 'auth.ini') }),
    },
    {
      title: 'a folder in place of the auth configuration',
      code: 20,
      kind: 'ini-unwritable',
      message: /Is a directory/,
      arrange: () => {
        const path = lab.path('a-folder');
        mkdirSync(path);
        return { MLFLOW_AUTH_CONFIG_PATH: path };
      },
    },
    {
      title: 'an admin that basic authentication cannot carry, with too short a password',
      code: 21,
      kind: 'admin',
      message: /user name contains a colon.*; the admin password has 11 characters; MLflow requires 12 or more/,
      arrange: () => ({ PREPARE_ADMIN_USERNAME: 'a:b', PREPARE_ADMIN_PASSWORD: 'eleven char' }),
    },
    {
      title: "MLflow's published password",
      code: 21,
      kind: 'admin',
      message: /MLflow's old, publicly known default/,
      arrange: () => ({ PREPARE_ADMIN_PASSWORD: 'password1234' }),
    },
    {
      title: 'several bad variables, all named in one line',
      code: 64,
      kind: 'configuration',
      message: new RegExp(
        [
          'PGPASSWORD is not set \\(or its Secret key is empty\\)',
          "PGPORT is 'x'; use a whole number",
          "PGSSLMODE is 'on'; use one of disable, .*",
          'PREPARE_AUTH_DATABASE contains a percent sign.*',
          'PREPARE_TRACKING_DATABASE is not set.*',
          "PREPARE_CREATE_DATABASES is 'yes'; use one of true, false",
          "PREPARE_MIGRATE is 'always'; use one of auto, create, check",
          "PREPARE_TIMEOUT is '5m'; use a whole number",
          'PREPARE_ADMIN_PASSWORD is not set.*',
          "PREPARE_DEFAULT_PERMISSION is 'read'; use one of READ, EDIT, MANAGE, NO_PERMISSIONS",
        ].join('; '),
      ),
      arrange: () => ({
        PGPASSWORD: '',
        PGPORT: 'x',
        PGSSLMODE: 'on',
        PREPARE_TRACKING_DATABASE: undefined,
        PREPARE_AUTH_DATABASE: 'a%20b',
        PREPARE_CREATE_DATABASES: 'yes',
        PREPARE_MIGRATE: 'always',
        PREPARE_TIMEOUT: '5m',
        PREPARE_ADMIN_PASSWORD: '',
        PREPARE_DEFAULT_PERMISSION: 'read',
      }),
    },
    {
      title: 'a value that an INI file cannot hold',
      code: 64,
      kind: 'configuration',
      message: /authorization_function cannot be written to an INI file as it is/,
      arrange: () => ({ PREPARE_AUTHORIZATION_FUNCTION: 'module:function ' }),
    },
    {
      title: 'an image without psycopg2',
      code: 64,
      kind: 'configuration',
      message: /this image lacks the Python module 'psycopg2'/,
      arrange: () => ({}),
      options: ['-S'],
    },
    {
      title: 'an image without what counts requests',
      code: 64,
      kind: 'configuration',
      message: /this image lacks the Python module 'prometheus_flask_exporter'/,
      arrange: () => ({ PREPARE_METRICS: 'true' }),
      options: ['-S'],
    },
  ];
}

describe.each(releases)('prepare.py with MLflow %s ends with one clear line for', (release: Release) => {
  const situations = [
    ...settingSituations(),
    ...userSituations(release),
    ...databaseSituations(release),
    ...storeSituations(release),
  ];
  const outcomes = new Map<string, Prepared>();

  beforeAll(async () => {
    const arranged = await Promise.all(
      situations.map(async ({ title, arrange, options }, index) => {
        const name = `situation-${index}-${release}`;
        return { title, options, env: { ...lab.settings(release, name), ...(await arrange(name)) } };
      }),
    );
    const forked = arranged.filter(({ options }) => options === undefined);
    // All are independent, and some wait.
    const results = lab.prepareEach(
      release,
      forked.map(({ env }) => env),
      3,
    );
    for (const { title, options, env } of arranged)
      if (options) outcomes.set(title, await lab.prepare(release, env, options));
    for (const [index, result] of (await results).entries()) outcomes.set(forked[index]?.title ?? '', result);
  });

  test.each(situations)('$title ($code)', ({ title, code, kind, message }) => {
    const result = outcomes.get(title);
    const line = `prepare failed (${kind}, exit ${code}): `;
    expect(result).toMatchObject({ code, stderr: expect.stringContaining(line) });
    expect(result?.stderr).toMatch(message);
    expect(result?.stderr).toBe(`${result?.message}\n`);
    expect(result?.message).not.toContain('\n');
  });
});

test('prepare.py gives up on a table that something else reads for too long (13), and leaves it as it was', async () => {
  const name = 'read-by-a-backup';
  await clone('3.1.0', name);
  const backup = lab.keep(
    await lab.postgres.connect(name, 'pg_dump', 'LOCK TABLE experiments, runs, trace_info IN ACCESS SHARE MODE'),
  );
  const before = await lab.postgres.dump(name);
  const result = await lab.prepare('3.18.0', { ...lab.settings('3.18.0', name), ...withoutAuth, PREPARE_TIMEOUT: '1' });
  await backup.stop();
  expect(result).toMatchObject({ code: 13, message: expect.stringMatching(/canceling statement due to lock timeout/) });
  expect(await lab.postgres.dump(name)).toBe(before);
});

test('prepare.py says so too where it only reads a table that something else holds (13)', async () => {
  const name = 'held-while-read';
  await clone('3.18.0', name);
  const holder = lab.keep(
    await lab.postgres.connect(name, 'holder', 'LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE'),
  );
  const result = await lab.prepare('3.18.0', { ...lab.settings('3.18.0', name), ...withoutAuth, PREPARE_TIMEOUT: '1' });
  await holder.stop();
  expect(result).toMatchObject({
    code: 13,
    message: expect.stringMatching(/\(lock-timeout, exit 13\): something holds a table/),
  });
});
