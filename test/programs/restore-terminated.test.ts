import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { BackupPod, type JobOptions, mustRun, runJob } from './backups';
import { CuttingProxy, type Fate, type Message } from './cutting-proxy';
import { Lab, type Prepared } from './lab';
import { literal } from './postgres';
import { run, waitFor } from './process';
import { labEnvironment, prepareRendered } from './rendered-server';

/**
 * Backup and restore under terminated connections and session timeouts: both databases are as they were or the backup's,
 * never a mixture, and what is said about them is true.
 */

const NAME = 'terminated';
const AUTH = `${NAME}-auth`;

let lab: Lab;
let proxy: CuttingProxy;
/** Through the proxy, and straight to PostgreSQL. */
let cut: ResolvedEnvironment;
let direct: ResolvedEnvironment;
let folder: string;
let backup: readonly string[];
let before: readonly string[];

beforeAll(async () => {
  lab = await Lab.start();
  proxy = await CuttingProxy.start(lab.postgres);
  const destination = { backup: { destination: { claim: {} } } };
  direct = labEnvironment(lab, '3.18.0', NAME, destination);
  cut = labEnvironment(lab, '3.18.0', NAME, { ...destination, database: { port: proxy.port } });
  const { code, stderr } = await prepareRendered(lab, direct);
  if (code !== 0) throw new Error(stderr);
  folder = lab.path('claim');
  await mustRun(lab, direct, 'backup', folder);
  await mustRun(lab, direct, 'restore', folder, { changes: { OVERWRITE: 'true' } });
  backup = await contents();
  await changeBoth();
  before = await contents();
});

afterAll(async () => {
  proxy?.stop();
  await lab?.stop();
});

/** Everything in both databases, the users' first. */
const contents = () => Promise.all([AUTH, NAME].map((name) => lab.postgres.dump(name)));

/** What a restore undoes, in both databases. */
async function changeBoth(): Promise<void> {
  await lab.postgres.sql(AUTH, "INSERT INTO users (id, username, password_hash) VALUES (77, 'later', 'none')");
  await lab.postgres.sql(NAME, "INSERT INTO experiments (experiment_id, name) VALUES (77, 'later')");
}

const restore = (of: ResolvedEnvironment, options: JobOptions = {}) =>
  runJob(lab, of, 'restore', folder, {
    ...options,
    changes: { OVERWRITE: 'true', BACKUP_TIMEOUT: '10', ...options.changes },
  });

/** Both databases are the backup's or as they were, as the message says; then as they were. */
async function expectNoMixture({ code, message }: Prepared): Promise<void> {
  const found = await contents();
  if (code === 0) {
    expect(found).toEqual(backup);
    return changeBoth();
  }
  expect(found).toEqual(before);
  for (const where of [`auth database '${AUTH}'`, `tracking database '${NAME}'`]) {
    expect(message).toContain(`${where} is as it was`);
  }
}

/** Cuts one message of a connection, once. */
function cutOnce(connection: string, index: number, fate: Fate): void {
  let isCut = false;
  proxy.watch((message) => {
    if (isCut || message.connection !== connection || message.index !== index) return undefined;
    isCut = true;
    return fate;
  });
}

test('a restore that is cut off at any statement leaves no mixture', async () => {
  const sent = new Map<string, number>();
  proxy.watch(({ connection, index }) => void sent.set(connection, index + 1));
  await expectNoMixture(await restore(cut));
  const codes = new Map<number | null, number>();
  console.info('messages by connection:', Object.fromEntries(sent));
  for (const [connection, count] of sent) {
    for (const [index, fate] of chosen(count)) {
      cutOnce(connection, index, fate);
      const result = await restore(cut);
      codes.set(result.code, (codes.get(result.code) ?? 0) + 1);
      await expectNoMixture(result);
    }
  }
  console.info('restores by exit code:', Object.fromEntries(codes));
}, 1_800_000);

/** Which messages of a connection are cut: one in the middle and the last two, or every one on request. */
function chosen(count: number): (readonly [index: number, fate: Fate])[] {
  const every = process.env.MLFLOW_TEST_EVERY_STATEMENT !== undefined;
  return [...Array(count).keys()].flatMap((index) => {
    if (every || index >= count - 2) return [[index, 'before'] as const, [index, 'after'] as const];
    return index === Math.floor(count / 2) ? [[index, 'before'] as const] : [];
  });
}

/** Restores and dumps that take seconds, in which nothing else happens. */
const SLOW = {
  pg_restore: 'sleep 4; exec "$REAL" "$@"',
  pg_dump: 'case $* in *version*) ;; *) sleep 4 ;; esac; exec "$REAL" "$@"',
};

const TIMEOUTS = ['idle_session_timeout', 'idle_in_transaction_session_timeout', 'statement_timeout'];

test.each([
  ['of the role', 'ROLE mlflow'],
  ['of a database', `DATABASE "${NAME}"`],
  ['of the role in a database', `ROLE mlflow IN DATABASE "${AUTH}"`],
])('timeouts %s end neither a restore nor a backup', async (_, of) => {
  const settings = (how: string) => TIMEOUTS.map((name) => `ALTER ${of} ${how.replace('NAME', name)}`);
  await lab.postgres.sql('postgres', ...settings("SET NAME = '1500ms'"));
  try {
    expect(await restore(direct, { wrappers: SLOW })).toMatchObject({ code: 0 });
    await mustRun(lab, direct, 'backup', lab.path('claim'), { wrappers: SLOW });
  } finally {
    await lab.postgres.sql('postgres', ...settings('RESET NAME'));
  }
  await expectNoMixture(await restore(direct));
});

/** Begins a restore that waits in the middle, does something, and lets it go on. */
async function meanwhile(task: () => Promise<void>): Promise<Prepared> {
  const go = lab.path('go');
  const pod = new BackupPod(lab, direct, 'restore', folder, {
    changes: { OVERWRITE: 'true', BACKUP_TIMEOUT: '5' },
    wrappers: { pg_restore: `: >"$BACKUP_WORK/stuck"; while [ ! -e '${go}' ]; do sleep 0.1; done; exec "$REAL" "$@"` },
  });
  await waitFor('the restore of a database', () => existsSync(join(pod.work, 'stuck')));
  await task();
  await run(['touch', go], { PATH: process.env.PATH });
  return pod.end();
}

test('a restore whose locks are terminated replaces nothing', async () => {
  const result = await meanwhile(async () => {
    await lab.postgres.sql(
      'postgres',
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mlflow-restore'",
    );
  });
  expect(result).toMatchObject({ code: 10, message: expect.stringContaining('held the locks was terminated') });
  await expectNoMixture(result);
});

test('a restore refuses a server that has come meanwhile', async () => {
  const result = await meanwhile(async () => {
    const server = await lab.postgres.connect(NAME, 'mlflow-server/3.18.0');
    lab.keep(server);
  });
  await lab.postgres.sql(
    'postgres',
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ${literal('mlflow-server/3.18.0')}`,
  );
  expect(result).toMatchObject({ code: 16, message: expect.stringContaining('mlflow-server/3.18.0') });
  await expectNoMixture(result);
});

/** A restore that is killed at a message, as by the kernel. */
async function killedAt(fate: Fate, isIt: (message: Message) => boolean): Promise<void> {
  let isKilled = false;
  const pod = new BackupPod(lab, cut, 'restore', folder, { changes: { OVERWRITE: 'true', BACKUP_TIMEOUT: '5' } });
  proxy.watch((message) => {
    if (isKilled || !isIt(message)) return undefined;
    isKilled = true;
    pod.service.signal('SIGKILL');
    return fate;
  });
  await pod.end();
  expect(isKilled).toBe(true);
}

const isCommit = ({ connection, text }: Message) =>
  connection.startsWith(`mlflow-backup-client/${NAME}/`) && /\bCOMMIT\b/.test(text);

test('a restore that is killed between its commits keeps pods and backups away until it is run again', async () => {
  await killedAt('before', isCommit);
  const said = `auth database '${AUTH}' is that of backup `;
  const prepared = await prepareRendered(lab, direct);
  expect(prepared).toMatchObject({ code: 45, stderr: expect.stringContaining(said) });
  const refused = await runJob(lab, direct, 'backup', folder, {});
  expect(refused).toMatchObject({ code: 45, message: expect.stringContaining(said) });
  // What was allowed to be replaced still is.
  const again = await restore(direct, { changes: { OVERWRITE: 'false' } });
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('was interrupted') });
  await expectNoMixture(again);
});

test('a restore that cannot replace the second database says so', async () => {
  proxy.watch((message) => (isCommit(message) ? 'before' : undefined));
  const result = await restore(cut);
  expect(result).toMatchObject({ code: 45 });
  expect(result.message).toContain(`auth database '${AUTH}' is replaced by that of the backup`);
  expect(result.message).toContain(`tracking database '${NAME}' is as it was`);
  const again = await restore(direct, { changes: { OVERWRITE: 'false' } });
  await expectNoMixture(again);
});

test('a restore that is killed after its commits is complete, and the next pod starts', async () => {
  await killedAt('before', ({ text }) => text.includes('DROP TABLE IF EXISTS public.mlflow_unfinished_restore'));
  expect(await prepareRendered(lab, direct)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('had replaced both databases'),
  });
  await expectNoMixture({ code: 0, message: '', stdout: '', stderr: '' });
});
