import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports';
import { asPostgres, id, isRoot, programs } from './postgres';
import { type Environment, type Result, run, Service, waitFor, waitForService } from './process';
import { kill, processesIn, watchCommandLines } from './process-table';
import { programPath } from './tools';

/** MLflow's role, as its Secret names it. */
export interface Role {
  readonly user: string;
  readonly password: string;
}

/** The volume of an embedded PostgreSQL, and what its pod's containers do there. */
export class Volume {
  private readonly folders: string[];

  private constructor(
    /** What the pod has: `volume` is kept, `run` is the emptyDir of the socket. */
    readonly folder: string,
    /** What stands before a program that shall run as the pod's user, whom `peer` knows as postgres. */
    private readonly asUser: readonly string[],
    readonly port: number,
  ) {
    this.folders = [folder];
  }

  static async make(): Promise<Volume> {
    const folder = temporaryFolder(place());
    const [user, group] = [await id('-u'), await id('-g')];
    const asUser = isRoot() ? asPostgres : ['unshare', '--user', `--map-user=${user}`, `--map-group=${group}`];
    const volume = new Volume(folder, [...asUser, 'env', `--chdir=${folder}`], await freePort());
    for (const each of [folder, volume.path('volume'), volume.run]) {
      mkdirSync(each, { recursive: true });
      if (isRoot()) chownSync(each, user, group);
    }
    return volume;
  }

  /** Another volume with the same data. */
  async copy(): Promise<Volume> {
    const volume = await Volume.make();
    await must(run(['cp', '--archive', this.data, volume.data], { PATH: process.env.PATH }));
    return volume;
  }

  async remove(): Promise<void> {
    await this.killEach();
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  get data(): string {
    return this.path('volume', 'pgdata');
  }

  get run(): string {
    return this.path('run');
  }

  /** The init container, to its end; nothing that it says, logs or starts may show the password. */
  async initialize(role: Role, env: Environment = {}): Promise<Result> {
    const program = run([...this.asUser, 'sh', programPath(PROGRAM)], { ...this.settings(role), ...env });
    const { result, commandLines } = await watchCommandLines(program);
    const log = await this.log();
    for (const text of [result.stdout, result.stderr, log, commandLines]) refuseSecret(text, role.password);
    return result;
  }

  /** The init container, where it must work. */
  async initialized(role: Role): Promise<Result> {
    return must(this.initialize(role));
  }

  /** The init container, to be looked at or killed halfway. */
  begin(role: Role, env: Environment = {}): Service {
    return new Service([...this.asUser, 'sh', programPath(PROGRAM)], { ...this.settings(role), ...env });
  }

  /** A PATH on which one program hangs instead of doing its work, so that there is time to kill what waits for it. */
  hanging(program: string): Environment {
    return this.replacing(program, 'exec sleep 600');
  }

  /** A PATH on which one program is a shell script of the test's. */
  replacing(program: string, text: string): Environment {
    const folder = temporaryFolder(tmpdir()); // memory may be mounted without leave to run programs
    this.folders.push(folder);
    writeFileSync(join(folder, program), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return { PATH: `${folder}:${this.environment.PATH}` };
  }

  /** The end of the container by force: all of its processes at once. */
  async killAll(): Promise<void> {
    const killed = await this.killEach();
    // PostgreSQL takes a process that nobody has collected yet for a living one.
    await waitFor('no trace of the processes', () => !killed.some((id) => existsSync(`/proc/${id}`)));
  }

  /** The server's container, and its end by a fast shutdown. */
  async serve(): Promise<Service> {
    const listen = ['--listen_addresses=127.0.0.1', `--port=${this.port}`, `--unix_socket_directories=${this.run}`];
    const lock = this.path('volume', 'lock');
    const argv = [...this.asUser, 'flock', '--no-fork', lock, 'postgres', ...listen];
    const server = new Service(argv, { ...this.environment, PGDATA: this.data });
    const isReady = () => run(['pg_isready', '-q', '-h', '127.0.0.1', '-p', `${this.port}`], this.environment);
    await waitForService(server, 'PostgreSQL', async () => (await isReady()).code === 0);
    return server;
  }

  /** Do something while the server runs. */
  async served<T>(task: () => Promise<T>): Promise<T> {
    const server = await this.serve();
    try {
      return await task();
    } finally {
      await server.stop('SIGINT');
    }
  }

  /** A statement over the network, as MLflow would send it. No password: none is sent. */
  ask(user: string, password: string | undefined, statement: string): Promise<Result> {
    return run([...PSQL, '-w', '-c', statement], {
      ...this.environment,
      PGHOST: '127.0.0.1',
      PGPORT: `${this.port}`,
      PGUSER: user,
      PGPASSWORD: password,
      PGSSLMODE: 'disable',
    });
  }

  /** A statement as the superuser, who comes by the socket alone. */
  async command(statement: string): Promise<string> {
    const result = await must(run([...this.asUser, ...PSQL, '-c', statement], this.superuser));
    return result.stdout.trim();
  }

  /** All databases and roles but the passwords' hashes, which have another salt each time. */
  async dump(): Promise<string> {
    const result = await must(run([...this.asUser, 'pg_dumpall', '--no-role-passwords'], this.superuser));
    return result.stdout.replace(/^\\(un)?restrict .*$/gm, ''); // a random word in newer dumps
  }

  /** One of PostgreSQL's programs on the data directory; it must work. */
  async offline(...argv: readonly string[]): Promise<string> {
    return (await must(run([...this.asUser, ...argv], { ...this.environment, PGDATA: this.data }))).stdout;
  }

  /** What the temporary server has written. */
  async log(): Promise<string> {
    return (await run([...this.asUser, 'cat', join(this.run, 'initialize.log')], this.environment)).stdout;
  }

  private async killEach(): Promise<number[]> {
    const killed: number[] = [];
    await waitFor('the end of all processes', () => {
      const left = processesIn(this.folder);
      kill(left);
      killed.push(...left);
      return left.length === 0;
    });
    return killed;
  }

  private get environment(): Environment {
    return { PATH: `${programs()}:${process.env.PATH}`, PGCLIENTENCODING: 'UTF8' };
  }

  private get superuser(): Environment {
    return { ...this.environment, PGHOST: this.run, PGPORT: `${this.port}`, PGUSER: 'postgres' };
  }

  /** As the pod sets it, but for the folder of the socket, which is fixed there. */
  private settings({ user, password }: Role): Environment {
    const { PATH } = this.environment;
    return { PATH, PGDATA: this.data, PGHOST: this.run, MLFLOW_DB_USERNAME: user, MLFLOW_DB_PASSWORD: password };
  }
}

const PROGRAM = 'database/initialize.sh';
const PSQL = ['psql', '-X', '-q', '-A', '-t', '-d', 'postgres'];

async function must(program: Promise<Result>): Promise<Result> {
  const result = await program;
  if (result.code !== 0) throw new Error(`ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  return result;
}

/** A new folder that PostgreSQL's user may pass through. */
function temporaryFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, 'cdk8s-mlflow-volume-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Memory where there is room for a few volumes: a disk only costs time. */
function place(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2 ** 30 ? memory : tmpdir();
}

function refuseSecret(text: string, password: string): void {
  if (password && text.includes(password)) throw new Error(`the password is in:\n${text}`);
}
