import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { accepted, expectWhole, mlflow, ready, refused, useVolumes } from './initialized-volume';
import { programs } from './postgres';
import { run } from './process';
import { programPath } from './tools';

const { empty, copy } = useVolumes();

describe('an empty volume', () => {
  test('gets a data directory with a role that may make databases and nothing else', async () => {
    const volume = await copy();
    expect(statSync(volume.data).mode & 0o777).toBe(0o700);
    await expectWhole(volume, mlflow);
    await volume.served(async () => {
      expect(await volume.command('SHOW server_encoding')).toBe('UTF8');
      expect(
        await volume.command("SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'mlflow'"),
      ).toBe('t');
    });
  });

  test('refuses logins of the superuser over the network', async () => {
    const volume = await copy();
    await volume.served(async () => {
      expect(
        await volume.command('SELECT current_user, rolpassword IS NULL FROM pg_authid WHERE rolname = current_user'),
      ).toBe('postgres|t');
      for (const password of [mlflow.password, 'postgres', ' '])
        expect(await volume.ask('postgres', password, 'SELECT 1')).toMatchObject(refused);
      for (const user of ['postgres', 'mlflow'])
        expect(await volume.ask(user, undefined, 'SELECT 1')).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('no password supplied'),
        });
    });
  });
});

describe('the next start', () => {
  test('with another password leaves the data and takes the old password away', async () => {
    const volume = await copy();
    await volume.served(() => volume.ask('mlflow', mlflow.password, 'CREATE DATABASE kept'));
    const changed = { ...mlflow, password: 'second $(password)' };
    expect(await volume.initialize(changed)).toEqual({ code: 0, stdout: ready, stderr: '' });
    await volume.served(async () => {
      expect(await volume.ask('mlflow', changed.password, 'SELECT current_user')).toEqual(accepted('mlflow'));
      expect(await volume.ask('mlflow', mlflow.password, 'SELECT 1')).toMatchObject(refused);
      expect(await volume.command("SELECT count(*) FROM pg_database WHERE datname = 'kept'")).toBe('1');
    });
  });

  test('with the same Secret changes nothing', async () => {
    const volume = await copy();
    const settings = () =>
      ['pg_hba.conf', 'pg_ident.conf', 'postgresql.conf', 'postgresql.auto.conf'].map((name) =>
        readFileSync(join(volume.data, name), 'utf8'),
      );
    const before = [await volume.served(() => volume.dump()), settings()];
    for (const _ of [1, 2]) expect(await volume.initialize(mlflow)).toEqual({ code: 0, stdout: ready, stderr: '' });
    expect([await volume.served(() => volume.dump()), settings()]).toEqual(before);
  });

  test('takes back what the role was given beyond its due, and lets it in again', async () => {
    const volume = await copy();
    await volume.served(() =>
      volume.command('ALTER ROLE mlflow NOLOGIN NOCREATEDB SUPERUSER CREATEROLE REPLICATION BYPASSRLS PASSWORD NULL'),
    );
    await volume.initialized(mlflow);
    await expectWhole(volume, mlflow);
  });

  test('puts right a mode that a volume driver set, with which PostgreSQL would not start', async () => {
    const volume = await copy();
    chmodSync(volume.data, 0o2770);
    await volume.initialized(mlflow);
    expect(statSync(volume.data).mode & 0o777).toBe(0o700);
    await volume.served(async () => undefined);
  });

  test('recovers after a server that was killed', async () => {
    const volume = await copy();
    await volume.serve();
    expect(await volume.ask('mlflow', mlflow.password, 'CREATE DATABASE kept')).toMatchObject({ code: 0 });
    await volume.killAll();
    expect(existsSync(join(volume.data, 'postmaster.pid'))).toBe(true);
    await volume.initialized(mlflow);
    await expectWhole(volume, mlflow);
    await volume.served(async () =>
      expect(await volume.ask('mlflow', mlflow.password, 'DROP DATABASE kept')).toMatchObject({ code: 0 }),
    );
  });
});

test.each([
  ['offers to set one', true],
  ['knows no such option, as before 16', false],
])('initdb is told to leave huge pages alone when its help %s', async (_, offers) => {
  const volume = await empty();
  const told = volume.path('run', 'arguments');
  const text = `case $1 in --help) echo '  ${offers ? '-c, --set NAME=VALUE' : '-A, --auth=METHOD'}'; exit ;; esac
printf '%s\\n' "$@" >'${told}'
for each; do
  shift
  case $each in --set | huge_pages=off) ;; *) set -- "$@" "$each" ;; esac
done
exec '${join(programs(), 'initdb')}' "$@"`;
  expect(await volume.initialize(mlflow, volume.replacing('initdb', text))).toMatchObject({ code: 0, stderr: '' });
  const words = readFileSync(told, 'utf8').split('\n');
  expect(words[0]).toBe(`--pgdata=${volume.data}.new`);
  expect(words.join(' ').includes(' --set huge_pages=off ')).toBe(offers);
});

test('a fresh volume takes whatever user the Secret names', async () => {
  const [volume, role] = [await empty(), { user: `o'brien "$do$" %s\\`, password: 'a password' }];
  await volume.initialized(role);
  await expectWhole(volume, role);
});

test('any name and any password', async () => {
  const volume = await copy();
  const roles = hostile.map(([user, password]) => ({ user, password }));
  for (const role of roles) expect(await volume.initialize(role)).toEqual({ code: 0, stdout: ready, stderr: '' });
  await volume.served(async () => {
    for (const { user, password } of roles) {
      expect(await volume.ask(user, password, 'SELECT current_user')).toEqual(accepted(user));
      expect(await volume.ask(user, `${password} `, 'SELECT 1')).toMatchObject(refused);
    }
    expect(
      await volume.command("SELECT count(*) FROM pg_roles WHERE rolcanlogin AND rolname NOT IN ('postgres', 'mlflow')"),
    ).toBe(`${roles.length}`);
  });
});

/** Strings that have broken shells, SQL, psql's variables, Kubernetes' expansion and Flux before. */
const hostile: readonly (readonly [user: string, password: string])[] = [
  ['MixedCase', `'single' and "double" \`back\` quotes`],
  [`o'brien "the" boss`, 'back\\slashes\\n\\\\ everywhere'],
  [' blanks around ', '  blanks at both ends  '],
  ['Ünïcode-пользователь', 'Пароль-密码-é-🔑-pass'],
  ['$(X)', '$(X)-kubernetes-expands'],
  ['$HOME`id`', `$${'{Y}'}-flux-substitutes $HOME $$`],
  ["'; DROP ROLE mlflow; --", "'; DROP ROLE mlflow; --"],
  ['-x', '--leading-dashes=%s%n'],
  [':username', `:'username' :"username" :{?password}`],
  ['back\\slash', '\\gexec \\! id'],
  ['user@%domain', '%%-per%cent-@:/?#-%%'],
  ['select', '#;=&?!*<>|~^[]{}()+,'],
  ['*', 'a line\nand another\n'],
  ['Pg_x', '\ttabs\tand\ttabs\t'],
  ['u'.repeat(63), 'x'.repeat(900)],
  ['é'.repeat(31), 'md5-and-SCRAM-SHA-256$-at-the-start'],
];

test('the program contains nothing that Flux would substitute, and ShellCheck reports no issue', async () => {
  const path = programPath('database/initialize.sh');
  expect(readFileSync(path, 'utf8').match(/\$\{|\t| $/gm)).toBeNull();
  const available = await run(['sh', '-c', 'command -v shellcheck'], { PATH: process.env.PATH });
  const check = available.code === 0 ? ['shellcheck', path] : ['sh', '-n', path];
  expect(await run(check, { PATH: process.env.PATH })).toEqual({ code: 0, stdout: '', stderr: '' });
});
