import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports';
import { run, Service, waitForService } from './process';

/** What a program runs below to be of the user `postgres`: PostgreSQL refuses root. */
export const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];

/** A PostgreSQL of our own on loopback: passwords are asked of everyone, nothing is kept. */
export class Postgres {
  static readonly superuser = { PGUSER: 'postgres', PGPASSWORD: 'super: user@%word' };
  private service: Service | undefined;
  readonly host = '127.0.0.1';

  private constructor(
    private readonly folder: string,
    private readonly programs: string,
    readonly port: number,
  ) {}

  static async start(folder: string): Promise<Postgres> {
    const postgres = new Postgres(folder, programs(), await freePort());
    mkdirSync(folder, { mode: 0o700 });
    await postgres.initialize();
    const service = new Service(
      postgres.argv(
        'postgres',
        '-D',
        postgres.data,
        '-p',
        `${postgres.port}`,
        ...settings.flatMap((each) => ['-c', each]),
      ),
      { PATH: process.env.PATH },
    );
    postgres.service = service;
    const isReady = [join(postgres.programs, 'pg_isready'), '-q', '-h', postgres.host, '-p', `${postgres.port}`];
    try {
      await waitForService(service, 'PostgreSQL', async () => (await run(isReady, {})).code === 0);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
    return postgres;
  }

  async stop(): Promise<void> {
    await this.service?.stop('SIGQUIT');
  }

  /** A new cluster: made by initdb, which takes a second of CPU, once in a run of the tests, and copied after that. */
  private async initialize(): Promise<void> {
    const shared = process.env.CDK8S_MLFLOW_TEST_FOLDER;
    const first = shared && join(shared, 'postgres');
    if (isRoot()) chownSync(this.folder, await id('-u'), await id('-g'));
    if (first && existsSync(first)) return copy(first, this.data);
    const password = join(this.folder, 'password');
    writeFileSync(password, Postgres.superuser.PGPASSWORD);
    if (isRoot()) chownSync(password, await id('-u'), await id('-g'));
    await this.must('initdb', '--pgdata', this.data, '--username=postgres', `--pwfile=${password}`, ...initdb);
    if (!first) return;
    const own = mkdtempSync(`${first}-`);
    try {
      await copy(this.data, join(own, 'data'));
      renameSync(join(own, 'data'), first); // as a whole, so that nobody copies half of it
    } catch (error) {
      if (!existsSync(first)) throw error; // else another test file was faster
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  }

  get env(): { readonly PGHOST: string; readonly PGPORT: string; readonly PGSSLMODE: string } {
    return { PGHOST: this.host, PGPORT: `${this.port}`, PGSSLMODE: 'disable' };
  }

  /** Statements as the superuser; the rows of the last one, fields joined by `|`. */
  async sql(database: string, ...statements: readonly string[]): Promise<string> {
    const argv = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database];
    const result = await run(
      [join(this.programs, 'psql'), ...argv.slice(1), ...statements.flatMap((statement) => ['-c', statement])],
      { ...this.env, ...Postgres.superuser, PGCLIENTENCODING: 'UTF8' },
    );
    if (result.code !== 0) throw new Error(`${statements.join('; ')}: ${result.stderr}`);
    return result.stdout.trim();
  }

  async createRole(name: string, password: string, more = ''): Promise<void> {
    await this.sql('postgres', `CREATE ROLE ${identifier(name)} LOGIN PASSWORD ${literal(password)} ${more}`);
  }

  async createDatabase(name: string, owner: string, template = 'template1'): Promise<void> {
    await this.sql(
      'postgres',
      `CREATE DATABASE ${identifier(name)} OWNER ${identifier(owner)} TEMPLATE ${identifier(template)}`,
    );
  }

  /** Everything in a database, as text: two equal ones mean that nothing changed. */
  async dump(database: string): Promise<string> {
    const result = await run([join(this.programs, 'pg_dump'), '-d', database], { ...this.env, ...Postgres.superuser });
    if (result.code !== 0) throw new Error(`pg_dump ${database}: ${result.stderr}`);
    return result.stdout.replace(/^\\(un)?restrict .*$/gm, ''); // a random word in newer dumps
  }

  /** Ends all sessions of an application, which PostgreSQL would keep until their statements end. */
  async terminate(application: string): Promise<void> {
    const of = `application_name = ${literal(application)}`;
    await this.sql('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${of}`);
  }

  /** A client that stays connected under a name, having run `statement`; it leaves when told to. */
  async connect(database: string, applicationName: string, statement = 'SELECT 1'): Promise<Service> {
    const client = new Service(
      [
        join(this.programs, 'psql'),
        '-X',
        '-d',
        database,
        '-c',
        `BEGIN; ${statement}; SELECT 'there' || 'fore', pg_sleep(600)`,
      ],
      { ...this.env, ...Postgres.superuser, PGAPPNAME: applicationName },
    );
    const isConnected = `SELECT 1 FROM pg_stat_activity WHERE datname = ${literal(database)} AND wait_event = 'PgSleep'
      AND application_name = ${literal(applicationName)}`;
    await waitForService(client, applicationName, async () => (await this.sql('postgres', isConnected)) === '1');
    return client;
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private argv(program: string, ...args: readonly string[]): string[] {
    return [...(isRoot() ? asPostgres : []), join(this.programs, program), ...args];
  }

  private async must(program: string, ...args: readonly string[]): Promise<void> {
    const result = await run(this.argv(program, ...args), { PATH: process.env.PATH });
    if (result.code !== 0) throw new Error(`${program}: ${result.stderr}`);
  }
}

const settings = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
const initdb = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Copies a folder with the owners of its files. */
async function copy(from: string, to: string): Promise<void> {
  const { code, stderr } = await run(['cp', '-a', from, to], { PATH: process.env.PATH });
  if (code !== 0) throw new Error(`cp -a ${from} ${to}: ${stderr}`);
}

/** The number of the user `postgres` (`-u`) or of its group (`-g`). */
export async function id(option: string): Promise<number> {
  return Number((await run(['id', option, 'postgres'], { PATH: process.env.PATH })).stdout);
}

/** PG_BIN, Debian's place, or what PATH has (the same in `setup`). */
export function programs(): string {
  const folders = [
    process.env.PG_BIN ?? '',
    ...versions('/usr/lib/postgresql'),
    ...(process.env.PATH ?? '').split(':'),
  ];
  const needed = ['initdb', 'postgres', 'pg_isready', 'psql', 'pg_dump'];
  const found = folders.find((folder) => {
    const names = folder === '' ? [] : readdirOr(folder);
    return needed.every((name) => names.includes(name));
  });
  if (found === undefined) throw new Error('no PostgreSQL server programs; see test/programs/setup');
  return found;
}

function versions(folder: string): string[] {
  return readdirOr(folder)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(folder, version, 'bin'));
}

function readdirOr(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
