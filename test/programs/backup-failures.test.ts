import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackedUp, expectFailure } from './backed-up';
import { BackupPod, type JobOptions, mustRun, runJob } from './backups';
import { isRoot, literal } from './postgres';
import { run, waitFor } from './process';

/** What goes wrong with backups: what is said, what it ends with, and that nothing good is lost. */

let setting: BackedUp;

beforeAll(async () => {
  setting = await BackedUp.prepare();
});

afterAll(async () => {
  await setting?.lab.stop();
});

/** In the middle of the second dump: the first is whole, the second begun. */
const STUCK = {
  pg_dump: `case "$*$PGDATABASE" in *version*|*auth) exec "$REAL" "$@" ;; esac
for each; do case $each in --file=*) head -c 1000 /dev/urandom >"$(echo "$each" | cut -d= -f2-)" ;; esac; done
echo stuck >"$BACKUP_WORK/stuck"; exec sleep 60`,
};

test('a backup that is cut off leaves nothing that a restore takes, and the next one cleans up', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const [good = ''] = on.names();
  const pod = new BackupPod(setting.lab, setting.claim, 'backup', on.folder, { wrappers: STUCK });
  await waitFor('the second dump', () => existsSync(join(pod.work, 'stuck')));
  pod.service.signal('SIGKILL');
  await pod.end();
  const [, broken = ''] = on.names();
  expect(readdirSync(join(on.path, broken)).sort()).toEqual(['auth.dump', 'tracking.dump']);

  const list = await mustRun(setting.lab, setting.claim, 'restore', on.folder, { changes: { BACKUP: 'list' } });
  expect(list).toContain('1 complete backups');
  await expectFailure(setting.restore(on, { BACKUP: broken }), 60, `no complete backup '${broken}'`, good);
  expect((await setting.restore(on)).stdout).toContain(`done: ${good} is restored`);

  const said = await setting.mustBackUp(on);
  expect(said).toContain(`removed ${broken}, which was never completed`);
  expect(on.names()).toEqual([good, expect.stringMatching(/^\d{8}T\d{6}Z-3\.18\.0$/)]);
});

test('the same in a bucket, ended in the way of Kubernetes', async () => {
  await mustRun(setting.lab, setting.bucket, 'backup', '');
  const pod = new BackupPod(setting.lab, setting.bucket, 'backup', '', { wrappers: STUCK });
  await waitFor('the second dump', () => existsSync(join(pod.work, 'stuck')));
  pod.service.signal('SIGTERM');
  expect(await pod.end()).toMatchObject({ code: 143 });
  const list = await mustRun(setting.lab, setting.bucket, 'restore', '', { changes: { BACKUP: 'list' } });
  expect(list).toContain('1 complete backups');
});

test('a schema that is not of the release of the image is not backed up under its name', async () => {
  const on = setting.newClaim();
  const change = (database: string, table: string, to: string) =>
    setting.lab.postgres.sql(database, `UPDATE ${table} SET version_num = ${literal(to)}`);
  await change('failures', 'alembic_version', '6953534de441');
  await expectFailure(setting.backup(on), 23, 'the tracking schema is at revision 6953534de441', 'MLflow 3.18.0');
  await change('failures', 'alembic_version', 'f4a9b2c7d1e6');
  await change(setting.claim.database.authName, 'alembic_version_auth', '8606fa83a998');
  await expectFailure(setting.backup(on), 23, 'the auth schema is at revision 8606fa83a998');
  await change(setting.claim.database.authName, 'alembic_version_auth', 'f1a2b3c4d5e6');
  expect(on.names()).toEqual([]);
});

test('what holds a table for long does not keep a backup waiting with it', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const holder = await setting.lab.postgres.connect('failures', 'holder', 'LOCK TABLE runs');
  await expectFailure(setting.backup(on, { changes: { BACKUP_TIMEOUT: '2' } }), 13, 'lock timeout');
  await setting.lab.postgres.terminate('holder');
  await holder.stop();
});

/** Removes the dump that is complete while the other one is written. */
const REMOVES = `for each; do case $each in
  --file=*/tracking.dump) rm "$(dirname "\${each#--file=}")/auth.dump" ;;
esac; done; exec "$REAL" "$@"`;

test('a backup of which something removed a file does not count as one, and the others stay', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const names = on.names();
  await expectFailure(setting.backup(on, { wrappers: { pg_dump: REMOVES } }), 54, '/auth.dump is missing, and ');
  expect(on.names()).toEqual(names);
});

const mounts = isRoot() ? test : test.skip;
mounts('a full claim fails loudly, and the backups on it stay', async () => {
  const on = setting.newClaim();
  mkdirSync(on.folder);
  const mounted = await run(['mount', '-t', 'tmpfs', '-o', 'size=600k', 'claim', on.folder], {
    PATH: process.env.PATH,
  });
  if (mounted.code !== 0) throw new Error(mounted.stderr);
  try {
    await setting.mustBackUp(on);
    expect(() => writeFileSync(join(on.folder, 'filler'), Buffer.alloc(2 ** 20))).toThrow('ENOSPC');
    const names = on.names();
    expect(names).toHaveLength(1);
    await expectFailure(setting.backup(on), 50, 'no space', 'backup.retention');
    expect(on.names()).toEqual(names);
    expect((await setting.restore(on)).stdout).toContain(`done: ${names[0]} is restored`);
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
    { changes: { BACKUP_ARTIFACTS_AWS_SECRET_ACCESS_KEY: 'of somebody else' } },
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
  const on = setting.newClaim();
  const result = await setting.backup(on, options);
  expect(result).toMatchObject({ code });
  expect(result.message).toContain(text);
  expect(on.names()).toEqual([]);
});

test.each<[string, number, Record<string, string>, string]>([
  ['a bucket that is missing', 53, { BACKUP_BUCKET: 'none' }, "bucket 'none' does not exist"],
  ['a wrong key', 52, { BACKUP_AWS_SECRET_ACCESS_KEY: 'of somebody else' }, 'to this access key'],
  ['a store that is away', 51, { BACKUP_S3_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'Could not connect'],
  [
    'a store that ignores the encryption',
    54,
    { BACKUP_S3_ENCRYPTION: 'AES256' },
    'does not confirm serverSideEncryption AES256 (it says nothing)',
  ],
  ['the folder of another instance', 64, { BACKUP_INSTANCE: 'other/mlflow' }, 'backup.destination.prefix'],
])('a backup into %s ends with %s', async (_, code, changes, text) => {
  const { code: ended, message } = await runJob(setting.lab, setting.bucket, 'backup', '', { changes });
  expect({ code: ended, message }).toEqual({ code, message: expect.stringContaining(text) });
});
