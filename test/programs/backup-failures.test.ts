import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { BackupPod, emptyBucket, type JobOptions, mustRun, putObject, runJob } from './backups';
import { Lab, type Prepared } from './lab';
import { isRoot, literal } from './postgres';
import { run, waitFor } from './process';
import { labEnvironment, prepareRendered } from './rendered-server';

/** What goes wrong with backups and restores: what is said, what it ends with, and that nothing good is lost. */

const newest = '3.18.0';

let lab: Lab;
let claim: ResolvedEnvironment;
let bucket: ResolvedEnvironment;

const environment = (version: string, name: string, more: EnvironmentInput) =>
  labEnvironment(lab, version, name, { backup: { destination: { claim: {} } }, ...more });

beforeAll(async () => {
  lab = await Lab.start();
  const copies = { bucket: 'copies', endpoint: lab.store.url, addressingStyle: 'path' as const };
  claim = environment(newest, 'failures', {
    backup: { destination: { claim: {} }, artifacts: true, retention: { count: 2 } },
  });
  bucket = environment(newest, 'failures', { backup: { destination: { s3: copies } } });
  const { code, stderr } = await prepareRendered(lab, claim);
  if (code !== 0) throw new Error(stderr);
  await emptyBucket(lab, 'copies');
  await putObject(lab, 'failures', 'a/model.bin', 'x'.repeat(100));
});

afterAll(async () => {
  await lab?.stop();
});

/** A folder for a claim, and what is in it. */
class Claim {
  readonly folder = lab.path('claim');
  readonly path = join(this.folder, 'mlflow');

  /** All folders of backups, complete or not. */
  names(): string[] {
    return existsSync(this.path)
      ? readdirSync(this.path)
          .filter((name) => name !== 'artifacts')
          .sort()
      : [];
  }

  file(name: string, file: string): string {
    return join(this.path, name, file);
  }
}

const backup = (folder: string, options: JobOptions = {}, of = claim) => runJob(lab, of, 'backup', folder, options);
const restore = (folder: string, changes: Record<string, string> = {}, of = claim, more: JobOptions = {}) =>
  runJob(lab, of, 'restore', folder, { ...more, changes: { OVERWRITE: 'true', BACKUP_TIMEOUT: '2', ...changes } });

const endsWith = async (job: Promise<Prepared>, code: number, ...said: readonly string[]) => {
  const result = await job;
  expect(result).toMatchObject({ code });
  for (const text of said) expect(result.message).toContain(text);
  return result;
};

/** In the middle of the second dump: the first is whole, the second begun. */
const STUCK = {
  pg_dump: `case "$*$PGDATABASE" in *version*|*auth) exec "$REAL" "$@" ;; esac
for each; do case $each in --file=*) head -c 1000 /dev/urandom >"$(echo "$each" | cut -d= -f2-)" ;; esac; done
echo stuck >"$BACKUP_WORK/stuck"; exec sleep 60`,
};

test('a backup that is cut off leaves nothing that a restore takes, and the next one cleans up', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const [good = ''] = on.names();
  const pod = new BackupPod(lab, claim, 'backup', on.folder, { wrappers: STUCK });
  await waitFor('the second dump', () => existsSync(join(pod.work, 'stuck')));
  pod.service.signal('SIGKILL');
  await pod.end();
  const [, broken = ''] = on.names();
  expect(readdirSync(join(on.path, broken)).sort()).toEqual(['auth.dump', 'tracking.dump']);

  const list = await mustRun(lab, claim, 'restore', on.folder, { changes: { BACKUP: 'list' } });
  expect(list).toContain('1 complete backups');
  await endsWith(restore(on.folder, { BACKUP: broken }), 60, `no complete backup '${broken}'`, good);
  expect((await restore(on.folder)).stdout).toContain(`done: ${good} is restored`);

  const said = await mustRun(lab, claim, 'backup', on.folder);
  expect(said).toContain(`removed ${broken}, which was never completed`);
  expect(on.names()).toEqual([good, expect.stringMatching(/^\d{8}T\d{6}Z-3\.18\.0$/)]);
});

test('the same in a bucket, ended in the way of Kubernetes', async () => {
  await mustRun(lab, bucket, 'backup', '');
  const pod = new BackupPod(lab, bucket, 'backup', '', { wrappers: STUCK });
  await waitFor('the second dump', () => existsSync(join(pod.work, 'stuck')));
  pod.service.signal('SIGTERM');
  expect(await pod.end()).toMatchObject({ code: 143 });
  const list = await mustRun(lab, bucket, 'restore', '', { changes: { BACKUP: 'list' } });
  expect(list).toContain('1 complete backups');
});

test('a damaged dump, a dump of another size and a damaged artifact are refused before anything is changed', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const [name = ''] = on.names();
  const before = await lab.postgres.dump('failures');
  const dump = on.file(name, 'tracking.dump');
  const bytes = readFileSync(dump);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(2000) ^ 1, 2000);
  writeFileSync(dump, changed);
  await endsWith(restore(on.folder), 61, 'tracking.dump: SHA-256 is');
  truncateSync(dump, bytes.length - 1);
  await endsWith(restore(on.folder), 61, `${bytes.length - 1} bytes, and its manifest says ${bytes.length}`);
  writeFileSync(dump, bytes);

  const index = on.file(name, 'artifacts.jsonl.gz');
  const list = readFileSync(index);
  writeFileSync(index, list.subarray(0, -1));
  await endsWith(restore(on.folder), 61, 'artifacts.jsonl.gz');
  writeFileSync(index, list);
  const objects = join(on.path, 'artifacts');
  const [part = ''] = readdirSync(objects);
  const object = join(objects, part, readdirSync(join(objects, part))[0] ?? '');
  writeFileSync(object, 'y'.repeat(100));
  // The object in the bucket is as it was, so this one is only read when it is needed.
  await emptyBucket(lab, 'failures');
  await endsWith(restore(on.folder), 61, "artifact 'a/model.bin'", 'SHA-256 is');
  truncateSync(object, 99);
  await endsWith(restore(on.folder), 61, '1 objects of artifacts are missing or of another size');
  expect(await lab.postgres.dump('failures')).toBe(before);
  await putObject(lab, 'failures', 'a/model.bin', 'x'.repeat(100));
});

test('a restore that fails halfway leaves the database as it was', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const before = await lab.postgres.dump('failures');
  const halfway = { pg_restore: '"$REAL" "$@" | head -n 300; exit 1' };
  await endsWith(restore(on.folder, {}, claim, { wrappers: halfway }), 44, 'is as it was');
  const refused = { pg_restore: '"$REAL" "$@"; echo "SELECT 1/0;"' };
  await endsWith(restore(on.folder, {}, claim, { wrappers: refused }), 44, 'division by zero');
  expect(await lab.postgres.dump('failures')).toBe(before);
});

test('a restore refuses what would do harm', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const [name = ''] = on.names();
  await endsWith(
    restore(on.folder, { OVERWRITE: 'false' }),
    62,
    'auth database',
    'tracking database',
    'OVERWRITE=true',
    '1 users',
  );
  await putObject(lab, 'failures', 'a/model.bin', 'another model');
  await endsWith(restore(on.folder, { OVERWRITE: 'false' }), 62);
  const server = await lab.postgres.connect('failures', `mlflow-server/${newest}`);
  await endsWith(restore(on.folder), 16, `mlflow-server/${newest}`, '--replicas=0');
  await lab.postgres.terminate(`mlflow-server/${newest}`);
  await server.stop();
  const lock = "SELECT pg_advisory_lock(hashtextextended('mlflow-maintenance', 0))";
  const collector = await lab.postgres.connect('failures', 'mlflow-gc', lock);
  await endsWith(restore(on.folder), 19, 'garbage collection');
  await endsWith(backup(on.folder, { changes: { BACKUP_LOCK_TIMEOUT: '2' } }), 19, 'garbage collection');
  await lab.postgres.terminate('mlflow-gc');
  await collector.stop();
  await endsWith(restore(on.folder, { BACKUP: '../../etc' }), 60, "no complete backup '../../etc'", name);
  await endsWith(restore(lab.path('empty')), 60, 'there is none');
  const older = environment('3.1.0', 'failures', { backup: { destination: { claim: {} } } });
  await endsWith(restore(on.folder, {}, older), 24, 'the backup is of MLflow 3.18.0, and this image has 3.1.0');
  const open = environment(newest, 'failures', { auth: { enabled: false } });
  await endsWith(restore(on.folder, {}, open), 64, 'auth and tracking');
  // With the word of the person the object is the backup's again.
  expect((await restore(on.folder)).stdout).toContain('artifacts: 1 of 1 objects put into');
});

test('retention counts and ages, goes by whole backups, and keeps the newest whatever its age', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const [first = ''] = on.names();
  await putObject(lab, 'failures', 'a/later.bin', 'later');
  await mustRun(lab, claim, 'backup', on.folder);
  // Kept once: the second backup copies what is new alone.
  const third = await mustRun(lab, claim, 'backup', on.folder);
  expect(third).toContain('artifacts: 0 of 2 objects copied');
  expect(third).toContain(`removed ${first}, by backup.retention`);
  expect(on.names()).toHaveLength(2);
  const [second = '', last = ''] = on.names();

  const aged = { BACKUP_RETENTION_COUNT: '10', BACKUP_RETENTION_SECONDS: '86400' };
  renameSync(join(on.path, second), join(on.path, '20200101T000000Z-3.18.0'));
  cpSync(join(on.path, last), join(on.path, '20200102T000000Z-3.18.0'), { recursive: true });
  await emptyBucket(lab, 'failures');
  await putObject(lab, 'failures', 'a/model.bin', 'x'.repeat(100));
  const said = await mustRun(lab, claim, 'backup', on.folder, { changes: aged });
  expect(said).toContain('2 backups are kept');
  expect(on.names()).toEqual([last, expect.any(String)]);
  await mustRun(lab, claim, 'backup', on.folder, { changes: { BACKUP_RETENTION_COUNT: '1' } });
  expect(on.names()).toHaveLength(1);
  // What no backup holds any more has gone with it.
  expect(readdirSync(join(on.path, 'artifacts'))).toHaveLength(1);

  // A backup that fails removes nothing.
  const dead = await backup(on.folder, { changes: { BACKUP_RETENTION_COUNT: '1' }, wrappers: { pg_dump: FAILS } });
  expect(dead).toMatchObject({ code: 40, message: expect.stringContaining('is on fire') });
  expect(on.names()).toHaveLength(1);
});

test('what was complete once is never removed as a broken off backup, and its artifacts stay', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  await mustRun(lab, claim, 'backup', on.folder);
  const [empty = '', newer = ''] = on.names();
  writeFileSync(on.file(empty, 'manifest.json'), '');
  const manifest = readFileSync(on.file(newer, 'manifest.json'), 'utf8');
  writeFileSync(on.file(newer, 'manifest.json'), manifest.replace('"format": 1', '"format": 2'));
  // Of no backup that can be read is there an index of artifacts; the second is no measure for the third.
  const said = await mustRun(lab, claim, 'backup', on.folder);
  for (const name of [empty, newer]) expect(said).toContain(`warning: ${name}/manifest.json cannot be read`);
  expect(said).toContain('1 backups are kept');
  unlinkSync(on.file(newer, 'artifacts.jsonl.gz'));
  await emptyBucket(lab, 'failures');
  const later = await mustRun(lab, claim, 'backup', on.folder, { changes: { BACKUP_RETENTION_COUNT: '1' } });
  expect(later).toContain(`${newer}/artifacts.jsonl.gz is missing or cannot be read; no artifact is removed`);
  expect(on.names().slice(0, 2)).toEqual([empty, newer]);
  expect(readdirSync(join(on.path, 'artifacts'))).toHaveLength(1);
  await putObject(lab, 'failures', 'a/model.bin', 'x'.repeat(100));
});

test('a damaged index of artifacts costs the reading of what is kept, and no backup', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const [first = ''] = on.names();
  truncateSync(on.file(first, 'artifacts.jsonl.gz'), 20);
  const said = await mustRun(lab, claim, 'backup', on.folder);
  expect(said).toContain(
    `${first}/artifacts.jsonl.gz is missing or cannot be read; artifacts that are stored already are read again`,
  );
  expect(said).toContain('artifacts: 0 of 1 objects copied');
  await emptyBucket(lab, 'failures');
  expect((await restore(on.folder)).stdout).toContain('artifacts: 1 of 1 objects put into');
});

test('backups of databases that were lost and recreated do not displace the good ones', async () => {
  const on = new Claim();
  const rows = "SELECT 'r' || n, 'active' FROM generate_series(1, 12) n";
  await lab.postgres.sql('failures', `INSERT INTO runs (run_uuid, lifecycle_stage) ${rows}`);
  await mustRun(lab, claim, 'backup', on.folder);
  const [good = ''] = on.names();
  await lab.postgres.sql('failures', 'DELETE FROM runs');
  for (const _ of [1, 2, 3]) {
    const said = await mustRun(lab, claim, 'backup', on.folder);
    expect(said).toContain('nothing is removed by backup.retention');
  }
  expect(on.names()).toHaveLength(4);
  // Somebody says that it is meant to be so: from then on this one is the measure.
  expect(await mustRun(lab, claim, 'backup', on.folder, { changes: { ACCEPT_FEWER: 'true' } })).toContain(
    `removed ${good}`,
  );
  expect(await mustRun(lab, claim, 'backup', on.folder)).toContain('2 backups are kept');
});

test('a schema that is not of the release of the image is not backed up under its name', async () => {
  const on = new Claim();
  const change = (database: string, table: string, to: string) =>
    lab.postgres.sql(database, `UPDATE ${table} SET version_num = ${literal(to)}`);
  await change('failures', 'alembic_version', '6953534de441');
  await endsWith(backup(on.folder), 23, 'the tracking schema is at revision 6953534de441', 'MLflow 3.18.0');
  await change('failures', 'alembic_version', 'f4a9b2c7d1e6');
  await change(claim.database.authName, 'alembic_version_auth', '8606fa83a998');
  await endsWith(backup(on.folder), 23, 'the auth schema is at revision 8606fa83a998');
  await change(claim.database.authName, 'alembic_version_auth', 'f1a2b3c4d5e6');
  expect(on.names()).toEqual([]);
});

test('what holds a table for long does not keep a backup waiting with it', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const holder = await lab.postgres.connect('failures', 'holder', 'LOCK TABLE runs');
  await endsWith(backup(on.folder, { changes: { BACKUP_TIMEOUT: '2' } }), 13, 'lock timeout');
  await lab.postgres.terminate('holder');
  await holder.stop();
});

const FAILS = 'case $* in *version*) exec "$REAL" "$@" ;; esac; echo "the disk is on fire" >&2; exit 1';

/** Removes the dump that is complete while the other one is written. */
const REMOVES = `for each; do case $each in
  --file=*/tracking.dump) rm "$(dirname "\${each#--file=}")/auth.dump" ;;
esac; done; exec "$REAL" "$@"`;

test('a backup of which something removed a file does not count as one, and the others stay', async () => {
  const on = new Claim();
  await mustRun(lab, claim, 'backup', on.folder);
  const names = on.names();
  await endsWith(backup(on.folder, { wrappers: { pg_dump: REMOVES } }), 54, '/auth.dump is missing, and ');
  expect(on.names()).toEqual(names);
});

const mounts = isRoot() ? test : test.skip;
mounts('a full claim fails loudly, and the backups on it stay', async () => {
  const on = new Claim();
  mkdirSync(on.folder);
  const mounted = await run(['mount', '-t', 'tmpfs', '-o', 'size=600k', 'claim', on.folder], {
    PATH: process.env.PATH,
  });
  if (mounted.code !== 0) throw new Error(mounted.stderr);
  try {
    await mustRun(lab, claim, 'backup', on.folder);
    expect(() => writeFileSync(join(on.folder, 'filler'), Buffer.alloc(2 ** 20))).toThrow('ENOSPC');
    const names = on.names();
    expect(names).toHaveLength(1);
    await endsWith(backup(on.folder), 50, 'no space', 'backup.retention');
    expect(on.names()).toEqual(names);
    expect((await restore(on.folder)).stdout).toContain(`done: ${names[0]} is restored`);
  } finally {
    await run(['umount', on.folder], { PATH: process.env.PATH });
  }
});

test.each<[string, number, JobOptions, string]>([
  [
    'a client that is older than the server',
    41,
    { wrappers: { pg_dump: 'echo "pg_dump (PostgreSQL) 9.6.24"' } },
    'set backup.image',
  ],
  ['no client at all', 42, { changes: { BACKUP_TIMEOUT: '1' }, client: false }, 'did not start within 1 s'],
  ['a wrong password', 11, { changes: { PGPASSWORD: 'wrong' } }, 'password authentication failed'],
  ['a database that is missing', 12, { changes: { BACKUP_TRACKING_DATABASE: 'none' } }, 'does not exist'],
  [
    'a database without a schema',
    12,
    { changes: { BACKUP_TRACKING_DATABASE: 'postgres' } },
    'contains no schema of MLflow',
  ],
  [
    'a bucket of artifacts that is missing',
    32,
    { changes: { BACKUP_ARTIFACTS_BUCKET: 'none' } },
    "bucket 'none' does not exist",
  ],
  [
    'a wrong key to the artifacts',
    31,
    { changes: { AWS_SECRET_ACCESS_KEY: 'of somebody else' } },
    'to this access key',
  ],
  [
    'a store of artifacts that is away',
    30,
    { changes: { MLFLOW_S3_ENDPOINT_URL: 'http://127.0.0.1:1' } },
    'Could not connect',
  ],
  [
    'a variable that is missing',
    64,
    { changes: { BACKUP_TRACKING_DATABASE: '' } },
    'BACKUP_TRACKING_DATABASE is not set',
  ],
])('a backup with %s ends with %s', async (_, code, options, text) => {
  const on = new Claim();
  const result = await backup(on.folder, options);
  expect(result).toMatchObject({ code });
  expect(result.message).toContain(text);
  expect(on.names()).toEqual([]);
});

test.each<[string, number, Record<string, string>, string]>([
  ['a bucket that is missing', 53, { BACKUP_BUCKET: 'none' }, "bucket 'none' does not exist"],
  ['a wrong key', 52, { BACKUP_AWS_SECRET_ACCESS_KEY: 'of somebody else' }, 'to this access key'],
  ['a store that is away', 51, { BACKUP_S3_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'Could not connect'],
  ['the folder of another instance', 64, { BACKUP_INSTANCE: 'other/mlflow' }, 'backup.destination.prefix'],
])('a backup into %s ends with %s', async (_, code, changes, text) => {
  const { code: ended, message } = await runJob(lab, bucket, 'backup', '', { changes });
  expect({ code: ended, message }).toEqual({ code, message: expect.stringContaining(text) });
});

test('one database with both schemas is dumped and restored once', async () => {
  const one = environment(newest, 'shared', { database: { authName: 'shared' } });
  expect((await prepareRendered(lab, one)).code).toBe(0);
  // As in many databases that are given: only its owner, a superuser, may comment on it.
  await lab.postgres.sql('shared', 'CREATE EXTENSION pg_freespacemap');
  const on = new Claim();
  await mustRun(lab, one, 'backup', on.folder);
  const [name = ''] = on.names();
  expect(readdirSync(join(on.path, name)).sort()).toEqual(['manifest.json', 'tracking.dump']);
  const manifest = JSON.parse(readFileSync(on.file(name, 'manifest.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({
    mlflow: newest,
    databases: { tracking: { schema: { alembic_version: 'f4a9b2c7d1e6', alembic_version_auth: 'f1a2b3c4d5e6' } } },
    files: { 'tracking.dump': { size: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  });
  const before = await lab.postgres.sql('shared', `SELECT count(*), ${literal('rows')} FROM users`);
  await lab.postgres.sql('shared', 'DELETE FROM users');
  expect((await restore(on.folder, {}, one)).code).toBe(0);
  expect(await lab.postgres.sql('shared', `SELECT count(*), ${literal('rows')} FROM users`)).toBe(before);

  // What a restore would not replace is neither backed up nor restored.
  await lab.postgres.sql('shared', 'ALTER SCHEMA public RENAME TO elsewhere');
  await lab.postgres.sql('postgres', 'ALTER DATABASE shared SET search_path = elsewhere');
  const said = ["database 'shared': the role's search_path is elsewhere", "support the schema 'public' only"];
  await endsWith(backup(on.folder, {}, one), 64, ...said);
  await endsWith(restore(on.folder, {}, one), 64, ...said);
  expect(on.names()).toEqual([name]);
});
