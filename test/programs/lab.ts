import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Forks } from './forks';
import { ObjectStore, type StoreOptions } from './object-store';
import { literal, Postgres } from './postgres';
import { type Environment, type Result, run, Service, waitFor } from './process';
import { marked, refuseSecrets } from './said';
import { home, python, virtualEnvironment } from './tools';

export const admin = ['admin', 'admin: passw%rd "1"'] as const;

/** The role of the programs in PostgreSQL. */
export const role = { PGUSER: 'mlflow', PGPASSWORD: 'db p@ss:w/o%rd' };

export interface Prepared extends Result {
  /** What Kubernetes would show as the termination message. */
  readonly message: string;
}

/** PostgreSQL, S3 and a folder of one test file, and how the programs run against them. */
export class Lab {
  private services: Service[] = [];
  private count = 0;
  /** Variables of pods in place of what a cluster brings: paths of volumes, and what a webhook adds. @default nothing */
  inPods: Readonly<Record<string, string>> = {};
  /** Where this machine has the files that pods mount, by their paths there. */
  files: Readonly<Record<string, string>> = {};
  /** Values of further Secrets, by name and key. */
  secrets: Readonly<Record<string, string>> = {};
  /** By release. */
  private readonly forks = new Map<string, Promise<Forks>>();
  private postgresOrNot: Postgres | undefined;
  private storeOrNot: ObjectStore | undefined;

  private constructor(readonly folder: string) {}

  static async start(store: StoreOptions = {}): Promise<Lab> {
    const lab = new Lab(await folder());
    try {
      lab.postgresOrNot = await Postgres.start(join(lab.folder, 'postgres'));
      lab.storeOrNot = await ObjectStore.start(join(lab.folder, 'objects'), store);
      await lab.postgres.createRole(role.PGUSER, role.PGPASSWORD, 'CREATEDB');
      return lab;
    } catch (error) {
      await lab.stop().catch(() => undefined); // the first error is the one to show
      throw error;
    }
  }

  get postgres(): Postgres {
    if (!this.postgresOrNot) throw new Error('the lab is not up');
    return this.postgresOrNot;
  }

  get store(): ObjectStore {
    if (!this.storeOrNot) throw new Error('the lab is not up');
    return this.storeOrNot;
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await Promise.all([this.storeOrNot?.stop(), this.postgresOrNot?.stop()]);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Something long-running that must not outlive the lab. */
  keep(service: Service): Service {
    this.services.push(service);
    return service;
  }

  /** Where volumes with artifacts are, as in a pod. */
  get volume(): string {
    return join(this.folder, 'volume');
  }

  /** A new path in the lab's folder. */
  path(name: string): string {
    this.count += 1;
    return join(this.folder, `${this.count}-${name}`);
  }

  /** What both the preparation and the server get. */
  env(release: string): Environment {
    return {
      PATH: `${virtualEnvironment(release)}:${process.env.PATH}`,
      HOME: this.folder,
      TMPDIR: this.folder,
      LANG: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      ...this.postgres.env,
      ...role,
      MLFLOW_S3_ENDPOINT_URL: this.store.url,
      ...this.store.credentials,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  /** A complete environment for prepare.py on databases of this name; impatient, as nothing will change by itself. */
  settings(release: string, name: string): Environment & { readonly MLFLOW_AUTH_CONFIG_PATH: string } {
    return {
      ...this.env(release),
      PREPARE_TRACKING_DATABASE: name,
      PREPARE_AUTH_DATABASE: `${name}-auth`,
      PREPARE_ADMIN_USERNAME: admin[0],
      PREPARE_ADMIN_PASSWORD: admin[1],
      PREPARE_TIMEOUT: '120',
      PREPARE_LOGIN_GRACE: '0',
      PREPARE_SERVERS_TIMEOUT: '0',
      MLFLOW_AUTH_CONFIG_PATH: this.path('auth.ini'),
    };
  }

  /** Run prepare.py. */
  async prepare(release: string, env: Environment, options: readonly string[] = []): Promise<Prepared> {
    return this.run([python(release), ...options, '-m', 'prepare'], env);
  }

  /**
   * Run prepare.py in a fork of a process that has imported MLflow, which takes up to four seconds of CPU: for many runs
   * of a release whose imports and whose order in time do not matter.
   */
  async prepareForked(release: string, env: Environment): Promise<Prepared> {
    const forks = this.forks.get(release) ?? this.startForks(release);
    this.forks.set(release, forks);
    return this.said(env, async (given) => (await forks).run('prepare', given, this.path('prepare')));
  }

  private async startForks(release: string): Promise<Forks> {
    const socket = this.path('forks');
    return Forks.on(this.keep(Forks.serve(python(release), this.env(release), socket)), socket);
  }

  /** Run a program of a pod. */
  async run(argv: readonly string[], env: Environment): Promise<Prepared> {
    return this.said(env, (given) => run(argv, given));
  }

  /** What a program says; whatever happens, nothing of it may hold a secret. */
  private async said(env: Environment, program: (given: Environment) => Promise<Result>): Promise<Prepared> {
    const log = this.path('termination-log');
    writeFileSync(log, '');
    const result = await program({ ...env, PREPARE_TERMINATION_LOG: log });
    const message = readFileSync(log, 'utf8');
    refuseSecrets([result.stdout, result.stderr, message].join('\n'), env);
    return { ...result, message };
  }

  /** Run prepare.py where it must work. */
  async prepared(release: string, env: Environment): Promise<Prepared> {
    const result = await this.prepare(release, env);
    if (result.code !== 0) throw new Error(`prepare.py ended with ${result.code}:\n${result.stdout}${result.stderr}`);
    return result;
  }

  /** A connection that does something in a database and stays, as another program's would. */
  hold(release: string, database: string, statement: string): Service {
    const program = [
      'import os, sys, time, psycopg2',
      'connection = psycopg2.connect(dbname=sys.argv[1])',
      'connection.autocommit = True',
      'connection.cursor().execute(sys.argv[2])',
      'time.sleep(600)',
    ].join('\n');
    return this.keep(new Service([python(release), '-c', program, database, statement], this.env(release)));
  }

  /** Waits until somebody holds an advisory lock in a database. */
  async isHeld(database: string): Promise<void> {
    const locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted";
    await waitFor('the lock', async () => (await this.postgres.sql(database, locks)) !== '0');
  }

  /** Which of these logins MLflow's own store accepts. */
  async logins(release: string, env: Environment, logins: readonly (readonly [string, string])[]): Promise<boolean[]> {
    const program = `
import json, os, sys
from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore
store = SqlAlchemyStore()
store.init_db("postgresql+psycopg2:///" + os.environ["PREPARE_AUTH_DATABASE"])
print("RESULT", json.dumps([store.authenticate_user(user, password) for user, password in json.load(sys.stdin)]))
`;
    const result = await run([python(release), '-c', program], env, JSON.stringify(logins));
    return JSON.parse(marked(result)) as boolean[];
  }

  /** Behind a server's back nobody can log in as this user any more: whoever still can is remembered. */
  async spoilLogin(database: string, username: string): Promise<void> {
    const hash = literal('pbkdf2:sha256:1$salt$00');
    await this.postgres.sql(database, `UPDATE users SET password_hash = ${hash} WHERE username = ${literal(username)}`);
  }

  /** `mlflow server` as the Deployment starts it. */
  server(
    release: string,
    name: string,
    ini: string,
    port: number,
    env: Environment,
    argvBefore: string[] = [],
  ): Service {
    const guard = ['--max-request-body=33554432', '--cache-logins=15'];
    const argv = ['server', ...guard, 'mlflow', 'server', '--host', '127.0.0.1', '--port', `${port}`, '--workers', '1'];
    const stores = ['--backend-store-uri', `postgresql+psycopg2:///${name}`, '--artifacts-destination', `s3://${name}`];
    const service = new Service(
      [...argvBefore, python(release), '-m', ...argv, ...stores, '--serve-artifacts', '--app-name', 'basic-auth'],
      {
        ...this.env(release),
        PGAPPNAME: `mlflow-server/${release}`,
        MLFLOW_AUTH_CONFIG_PATH: ini,
        MLFLOW_FLASK_SERVER_SECRET_KEY: 'flask secret',
        ...env,
      },
    );
    return this.keep(service);
  }
}

/** A new folder that PostgreSQL's user may pass through and whose files may carry extended attributes (versitygw). */
async function folder(): Promise<string> {
  for (const place of [tmpdir(), home]) {
    mkdirSync(place, { recursive: true });
    const candidate = mkdtempSync(join(place, 'cdk8s-mlflow-'));
    chmodSync(candidate, 0o711);
    const program = 'import os, sys; os.setxattr(sys.argv[1], "user.test", b"1")';
    if ((await run([python('3.1.0'), '-c', program, candidate], {})).code === 0) return candidate;
    rmSync(candidate, { recursive: true });
  }
  throw new Error('no folder for the tests allows extended attributes');
}
