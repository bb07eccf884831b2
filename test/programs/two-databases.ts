import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { CuttingProxy, type Fate } from './cutting-proxy';
import { Lab, type Prepared } from './lab';
import { labEnvironment, prepareRendered } from './rendered-server';

/** The databases of an instance with a claim for backups, whose connections can be cut. */
export class TwoDatabases {
  readonly auth: string;
  /** What is said of a database that a restore left alone. */
  readonly unchanged: readonly string[];

  private constructor(
    readonly lab: Lab,
    readonly proxy: CuttingProxy,
    readonly name: string,
    /** Connects straight to PostgreSQL. */
    readonly direct: ResolvedEnvironment,
    /** Connects through the proxy. */
    readonly cut: ResolvedEnvironment,
    /** Where the backups are. */
    readonly folder: string,
  ) {
    this.auth = `${name}-auth`;
    this.unchanged = [`auth database '${this.auth}' is as it was`, `tracking database '${name}' is as it was`];
  }

  static async prepare(name: string, backup: EnvironmentInput['backup']): Promise<TwoDatabases> {
    const lab = await Lab.start();
    const proxy = await CuttingProxy.start(lab.postgres);
    const direct = labEnvironment(lab, '3.18.0', name, { backup });
    const cut = labEnvironment(lab, '3.18.0', name, { backup, database: { port: proxy.port } });
    const databases = new TwoDatabases(lab, proxy, name, direct, cut, lab.path('claim'));
    const { code, stderr } = await prepareRendered(lab, direct);
    if (code !== 0) throw new Error(stderr);
    return databases;
  }

  async stop(): Promise<void> {
    this.proxy.stop();
    await this.lab.stop();
  }

  /** Everything in both, the users' first. */
  contents(): Promise<readonly string[]> {
    return Promise.all([this.auth, this.name].map((name) => this.lab.postgres.dump(name)));
  }

  /** What a restore undoes, in both. */
  async change(): Promise<void> {
    const user = "INSERT INTO users (id, username, password_hash) VALUES (77, 'later', 'none')";
    await this.lab.postgres.sql(this.auth, user);
    await this.lab.postgres.sql(this.name, "INSERT INTO experiments (experiment_id, name) VALUES (77, 'later')");
  }

  /**
   * Runs a Job once undisturbed, then once for each of some messages, at which its connection is cut: one in the middle
   * of each connection and its last, or every one of the connections that MLFLOW_TEST_EVERY_STATEMENT matches, such as
   * `^mlflow-(restore|backup)/` (those of the programs, 12 minutes) or `.` (with PostgreSQL's own, two hours).
   */
  async cutEach(job: () => Promise<Prepared>, check: (result: Prepared) => Promise<void>): Promise<void> {
    const sent = new Map<string, number>();
    this.proxy.watch(({ connection, index }) => void sent.set(connection, index + 1));
    await check(await job());
    console.info('messages by connection:', Object.fromEntries(sent));
    const codes = new Map<number | null, number>();
    for (const [connection, count] of sent) {
      for (const [index, fate] of chosen(connection, count)) {
        this.cutOnce(connection, index, fate);
        const result = await job();
        codes.set(result.code, (codes.get(result.code) ?? 0) + 1);
        await check(result);
      }
    }
    this.proxy.watch(() => undefined);
    console.info('runs by exit code:', Object.fromEntries(codes));
  }

  private cutOnce(connection: string, index: number, fate: Fate): void {
    let isCut = false;
    this.proxy.watch((message) => {
      if (isCut || message.connection !== connection || message.index !== index) return undefined;
      isCut = true;
      return fate;
    });
  }
}

function chosen(connection: string, count: number): (readonly [index: number, fate: Fate])[] {
  const pattern = process.env.MLFLOW_TEST_EVERY_STATEMENT;
  const every = pattern !== undefined && new RegExp(pattern).test(connection);
  return [...Array(count).keys()].flatMap((index) => {
    if (every || index === count - 1) return [[index, 'before'] as const, [index, 'after'] as const];
    return index === Math.floor(count / 2) ? [[index, 'before'] as const] : [];
  });
}
