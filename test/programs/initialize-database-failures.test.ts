import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accepted, expectWhole, mlflow, useVolumes } from './initialized-volume';
import { literal } from './postgres';
import { waitFor } from './process';
import { kill, processesIn } from './process-table';
import type { Role, Volume } from './volume';

const { empty, copy } = useVolumes();
const waiting = 'initialize: waiting for another PostgreSQL that still uses this volume to end';

const hashLike = 'PostgreSQL would take the password in the Secret for a hash of one (use another)';
const scramHash = `SCRAM-SHA-256$4096:${'A'.repeat(22)}==$${'B'.repeat(43)}=:${'C'.repeat(43)}=`;

describe('a run that is killed', () => {
  test('while it creates the data directory: the next one recreates it', async () => {
    const volume = await empty();
    const first = volume.begin(mlflow);
    await waitFor('the middle of initdb', () => existsSync(join(`${volume.data}.new`, 'base', '1')), 10_000, 2);
    await volume.killAll();
    expect([first.isRunning, existsSync(volume.data)]).toEqual([false, false]);
    await volume.initialized(mlflow);
    await expectWhole(volume, mlflow);
  });

  test('just before the data directory gets its name: the next one recreates it', async () => {
    const volume = await empty();
    volume.begin(mlflow, volume.hanging('mv'));
    await waitFor('the end of initdb', () =>
      lastLine(join(`${volume.data}.new`, 'pg_hba.conf')).startsWith('host all all all'),
    );
    await volume.killAll();
    expect(existsSync(volume.data)).toBe(false);
    await volume.initialized(mlflow);
    await expectWhole(volume, mlflow);
  });

  test.each([true, false])(
    'while the temporary server runs (created by the same run: %s): the next one recovers',
    async (isFirst) => {
      const volume = await (isFirst ? empty() : copy());
      const second = { ...mlflow, password: 'another password' };
      volume.begin(second, volume.hanging('psql'));
      await waitFor('the temporary server', () => lastLine(join(volume.data, 'postmaster.pid')).startsWith('ready'));
      await volume.killAll();
      await volume.initialized(second);
      await expectWhole(volume, second);
    },
  );

  test('but whose temporary server lives on: the next one waits until that has ended', async () => {
    const volume = await copy();
    const first = volume.begin(mlflow, volume.hanging('psql'));
    await waitFor('the temporary server', () => lastLine(join(volume.data, 'postmaster.pid')).startsWith('ready'));
    first.signal('SIGKILL');
    await first.end();
    const left = processesIn(volume.folder);
    const next = volume.begin(mlflow);
    await waitFor('the notice', () => next.output.includes(waiting));
    await volume.offline('pg_ctl', 'stop', '--silent', '--mode=fast');
    kill(left);
    await next.end();
    expect(next.output.split('\n')).toEqual([waiting, expect.stringMatching(/ is ready to start, /), '']);
  });
});

test('while a server uses the volume, it waits and says so, then goes on', async () => {
  const volume = await copy();
  const server = await volume.serve();
  const changed = { ...mlflow, password: 'second password' };
  const next = volume.begin(changed);
  await waitFor('the notice', () => next.output !== '');
  expect(next.output).toBe(`${waiting}\n`);
  expect(await volume.ask('mlflow', mlflow.password, 'SELECT current_user')).toEqual(accepted('mlflow'));
  expect(next.isRunning).toBe(true);
  await server.stop('SIGINT');
  await next.end();
  expect(next.output.split('\n')).toEqual([waiting, expect.stringMatching(/ is ready to start, /), '']);
  await expectWhole(volume, changed);
});

describe('it ends with 1, one clear line and the data untouched', () => {
  const long = 'é'.repeat(32);
  test.each<[string, Partial<Role>, string]>([
    ['no user name', { user: '' }, "the Secret's key with the user name is empty (give a name)"],
    ['no password', { password: '' }, "the Secret's key with the password is empty (give a password)"],
    [
      'a user name of 64 bytes',
      { user: long },
      "the user name in the Secret is longer than PostgreSQL's 63 bytes (shorten it)",
    ],
    [
      'the superuser',
      { user: 'postgres' },
      "the Secret names postgres, which is PostgreSQL's superuser (use another name, such as mlflow)",
    ],
    [
      'a name of the system',
      { user: 'pg_x' },
      'the user name in the Secret starts with pg_, which PostgreSQL keeps for itself (use another name, such as mlflow)',
    ],
    ['what PostgreSQL would take for an MD5 hash', { password: `md5${'0123456789abcdef'.repeat(2)}` }, hashLike],
    ['what PostgreSQL would take for a SCRAM hash', { password: scramHash }, hashLike],
  ])('%s', async (_, wrong, line) => {
    const [volume, fresh] = [await copy(), await empty()];
    const before = await contents(volume);
    for (const each of [volume, fresh])
      expect(await each.initialize({ ...mlflow, ...wrong })).toEqual({
        code: 1,
        stdout: '',
        stderr: `initialize: ${line}\n`,
      });
    expect(await contents(volume)).toBe(before);
    expect(existsSync(fresh.data)).toBe(false);
  });

  test('data of another major release', async () => {
    const volume = await copy();
    writeFileSync(join(volume.data, 'PG_VERSION'), '14\n');
    const before = await contents(volume);
    const stderr = expect.stringMatching(
      /^initialize: the data directory is of PostgreSQL 14, the image holds \d+ \(use an image of 14; to change the major release, dump and restore\)\n$/,
    );
    expect(await volume.initialize(mlflow)).toEqual({ code: 1, stdout: '', stderr });
    expect(await contents(volume)).toBe(before);
  });
});

describe('a failure', () => {
  test('of the SQL says why, and the next start succeeds', async () => {
    const volume = await copy();
    const stderr = expect.stringMatching(
      /^[^\n]*role name "none" is reserved[^\n]*\ninitialize: MLflow's role cannot be created \(see the line above\)\n$/,
    );
    expect(await volume.initialize({ ...mlflow, user: 'none' })).toMatchObject({ code: 1, stderr });
    await volume.killAll();
    await volume.initialized(mlflow);
    await expectWhole(volume, mlflow);
  });

  test.each([
    ['mlflow', 'renamed', 'mlflow'],
    [`o'brien "the" %s $$ boss`, `o'brien`, `"o'brien ""the"" %s $$ boss"`],
    // Each would end one of the texts that the message goes through, were it not quoted there.
    [`END'; ALTER ROLE mlflow NOLOGIN; --`, `%s"\\`, `"END'; ALTER ROLE mlflow NOLOGIN; --"`],
    [`\\'$do$ % "`, `'; ALTER ROLE mlflow NOLOGIN; --`, `"\\'$do$ % """`],
  ])('with databases of another user (%j, now %j) names that user', async (user, next, quoted) => {
    const volume = await copy();
    const owner = { ...mlflow, user };
    await volume.initialized(owner);
    await volume.served(() => volume.ask(user, mlflow.password, 'CREATE DATABASE kept'));
    const { code, stderr } = await volume.initialize({ user: next, password: 'second password' });
    const why = `the databases belong to ${quoted}, and the Secret names another user (give it that name)`;
    expect([code, stderr]).toEqual([
      1,
      `ERROR:  ${why}\ninitialize: MLflow's role cannot be created (see the line above)\n`,
    ]);
    await volume.offline('pg_ctl', 'stop', '--silent', '--mode=fast');
    await volume.served(async () => {
      for (const name of [user, mlflow.user])
        expect(await volume.ask(name, mlflow.password, 'SELECT current_user')).toEqual(accepted(name));
      expect(await volume.command(`SELECT count(*) FROM pg_roles WHERE rolname = ${literal(next)}`)).toBe('0');
    });
    await volume.initialized(owner);
    await volume.served(async () =>
      expect(await volume.ask(user, mlflow.password, 'DROP DATABASE kept')).toMatchObject({ code: 0 }),
    );
  });

  test('is not another database besides those of MLflow', async () => {
    const volume = await copy();
    await volume.served(async () => {
      await volume.ask('mlflow', mlflow.password, 'CREATE DATABASE mlflow');
      await volume.command('CREATE ROLE grafana LOGIN');
      await volume.command('CREATE DATABASE grafana OWNER grafana');
    });
    await volume.initialized(mlflow);
  });

  test('of the server to start says why, without what earlier starts had to say', async () => {
    const volume = await copy();
    appendFileSync(join(volume.data, 'postgresql.conf'), '\nno_such_setting = 1\n');
    const results = [await volume.initialize(mlflow), await volume.initialize(mlflow)];
    for (const { code, stderr } of results) {
      expect([code, stderr.match(/no_such_setting/g)]).toEqual([1, ['no_such_setting']]);
      expect(stderr).toMatch(/\ninitialize: PostgreSQL does not start \(see the lines above\)\n$/);
    }
  });

  test.each(['ALTER SYSTEM', 'ALTER ROLE postgres'])(
    'does not log the password where %s wants every statement logged',
    async (where) => {
      const volume = await copy();
      await volume.served(async () => {
        for (const setting of [
          "log_statement = 'all'",
          'log_min_duration_statement = 0',
          "log_min_error_statement = 'debug5'",
        ])
          await volume.command(`${where} SET ${setting}`);
      });
      await volume.initialized({ ...mlflow, password: 'a password that nobody logs' });
      expect((await volume.initialize({ ...mlflow, user: 'none' })).code).toBe(1);
    },
  );
});

/** Every file of the data directory, with its mode and a hash of what it holds. */
async function contents(volume: Volume): Promise<string> {
  const program = 'find . -printf "%p %m " -type f -exec sha256sum {} + -o -printf "\\n" | sort';
  return volume.offline('sh', '-c', `cd "$PGDATA" && ${program}`);
}

const lastLine = (path: string): string =>
  existsSync(path) ? (readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '') : '';
