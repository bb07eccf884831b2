import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { BackupPod, type JobOptions, mustRun, putObject, runJob } from './backups';
import { BusyStore } from './busy-store';
import type { Fate, Message } from './cutting-proxy';
import type { Lab, Prepared } from './lab';
import { run, waitFor } from './process';
import { prepareRendered } from './rendered-server';
import { TwoDatabases } from './two-databases';

/**
 * Backup and restore under terminated connections and session timeouts: both databases are as they were or the backup's,
 * never a mixture, and what is said about them is true.
 */

const NAME = 'terminated';

let databases: TwoDatabases;
let lab: Lab;
let direct: ResolvedEnvironment;
let backup: readonly string[];
let before: readonly string[];

beforeAll(async () => {
  databases = await TwoDatabases.prepare(NAME, { destination: { claim: {} }, artifacts: true });
  ({ lab, direct } = databases);
  await putObject(lab, NAME, 'a/model.bin', 'a model');
  await mustRun(lab, direct, 'backup', databases.folder);
  await mustRun(lab, direct, 'restore', databases.folder, { changes: { OVERWRITE: 'true' } });
  backup = await databases.contents();
  await databases.change();
  before = await databases.contents();
});

afterAll(async () => {
  await databases?.stop();
});

const restore = (of: ResolvedEnvironment, options: JobOptions = {}) =>
  runJob(lab, of, 'restore', databases.folder, {
    ...options,
    changes: { OVERWRITE: 'true', BACKUP_TIMEOUT: '10', ...options.changes },
  });

/** Both databases are the backup's or as they were, as the message says; then as they were. */
async function expectNoMixture({ code, message }: Prepared): Promise<void> {
  const found = await databases.contents();
  if (code === 0) {
    expect(found).toEqual(backup);
    return databases.change();
  }
  expect(found).toEqual(before);
  for (const said of databases.unchanged) expect(message).toContain(said);
}

test('a restore that is cut off at any statement leaves no mixture', async () => {
  await databases.cutEach(() => restore(databases.cut), expectNoMixture);
}, 1_800_000);

/** Restores and dumps that take seconds, in which nothing else happens. */
const SLOW = {
  pg_restore: 'sleep 4; exec "$REAL" "$@"',
  pg_dump: 'case $* in *version*) ;; *) sleep 4 ;; esac; exec "$REAL" "$@"',
};

const SETTINGS = {
  idle_session_timeout: '1500ms',
  idle_in_transaction_session_timeout: '1500ms',
  statement_timeout: '1500ms',
  default_transaction_read_only: 'on',
  quote_all_identifiers: 'on',
};

test.each([
  ['of the role', 'ROLE mlflow'],
  ['of a database', `DATABASE "${NAME}"`],
  ['of the role in a database', `ROLE mlflow IN DATABASE "${NAME}-auth"`],
])('settings %s do not break a restore or a backup', async (_, of) => {
  const settings = Object.entries(SETTINGS);
  await lab.postgres.sql('postgres', ...settings.map(([name, value]) => `ALTER ${of} SET ${name} = '${value}'`));
  try {
    expect(await restore(direct, { wrappers: SLOW })).toMatchObject({ code: 0 });
    await mustRun(lab, direct, 'backup', lab.path('claim'), { wrappers: SLOW });
  } finally {
    await lab.postgres.sql('postgres', ...settings.map(([name]) => `ALTER ${of} RESET ${name}`));
  }
  await expectNoMixture(await restore(direct));
});

/** Begins a restore that waits in the middle, does something, and lets it go on. */
async function meanwhile(task: () => Promise<void>): Promise<Prepared> {
  const go = lab.path('go');
  const pod = new BackupPod(lab, direct, 'restore', databases.folder, {
    changes: { OVERWRITE: 'true', BACKUP_TIMEOUT: '5' },
    wrappers: { pg_restore: `: >"$BACKUP_WORK/stuck"; while [ ! -e '${go}' ]; do sleep 0.1; done; exec "$REAL" "$@"` },
  });
  await waitFor('the restore of a database', () => existsSync(join(pod.work, 'stuck')));
  await task();
  await run(['touch', go], { PATH: process.env.PATH });
  return pod.end();
}

test('a restore whose locks are terminated replaces nothing', async () => {
  const result = await meanwhile(() => lab.postgres.terminate('mlflow-restore'));
  expect(result).toMatchObject({ code: 10, message: expect.stringContaining('held the locks was terminated') });
  await expectNoMixture(result);
});

test('a restore whose locks are terminated while artifacts are copied back replaces nothing', async () => {
  lab.store.remove(NAME, 'a/model.bin');
  const store = await BusyStore.start(lab.store, () => lab.postgres.terminate('mlflow-restore'));
  try {
    const result = await restore(direct, { changes: { MLFLOW_S3_ENDPOINT_URL: store.url } });
    expect(store.uploads).toBe(1);
    expect(result).toMatchObject({ code: 10, message: expect.stringContaining('held the locks was terminated') });
    await expectNoMixture(result);
  } finally {
    store.stop();
  }
});

test('a restore refuses a server that has come meanwhile', async () => {
  const result = await meanwhile(async () => {
    const server = await lab.postgres.connect(NAME, 'mlflow-server/3.18.0');
    lab.keep(server);
  });
  await lab.postgres.terminate('mlflow-server/3.18.0');
  expect(result).toMatchObject({ code: 16, message: expect.stringContaining('mlflow-server/3.18.0') });
  await expectNoMixture(result);
});

/** A restore that is killed at a message, as by the kernel. */
async function killedAt(fate: Fate, isIt: (message: Message) => boolean): Promise<void> {
  let isKilled = false;
  const pod = new BackupPod(lab, databases.cut, 'restore', databases.folder, {
    changes: { OVERWRITE: 'true', BACKUP_TIMEOUT: '5' },
  });
  databases.proxy.watch((message) => {
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
  const said = `auth database '${databases.auth}' is that of backup `;
  const prepared = await prepareRendered(lab, direct);
  expect(prepared).toMatchObject({ code: 45, stderr: expect.stringContaining(said) });
  const refused = await runJob(lab, direct, 'backup', databases.folder, {});
  expect(refused).toMatchObject({ code: 45, message: expect.stringContaining(said) });
  // What was allowed to be replaced still is.
  const again = await restore(direct, { changes: { OVERWRITE: 'false' } });
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('was interrupted') });
  await expectNoMixture(again);
});

test('a restore that cannot replace the second database says so', async () => {
  databases.proxy.watch((message) => (isCommit(message) ? 'before' : undefined));
  const result = await restore(databases.cut);
  expect(result).toMatchObject({ code: 45 });
  expect(result.message).toContain(`auth database '${databases.auth}' is replaced by that of the backup`);
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
