import { cpSync, readdirSync, readFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackedUp } from './backed-up';

/** Which backups are kept, and which artifacts with them. */

let setting: BackedUp;

beforeAll(async () => {
  setting = await BackedUp.prepare();
});

afterAll(async () => {
  await setting?.lab.stop();
});

const FAILS = 'case $* in *version*) exec "$REAL" "$@" ;; esac; echo "the disk is on fire" >&2; exit 1';

test('retention counts and ages, goes by whole backups, and keeps the newest whatever its age', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const [first = ''] = on.names();
  await setting.putArtifact('a/later.bin', 'later');
  await setting.mustBackUp(on);
  // Kept once: the second backup copies what is new alone.
  const third = await setting.mustBackUp(on);
  expect(third).toContain('artifacts: 0 of 2 objects copied');
  expect(third).toContain(`removed ${first}, by backup.retention`);
  expect(on.names()).toHaveLength(2);
  const [second = '', last = ''] = on.names();

  const aged = { BACKUP_RETENTION_COUNT: '10', BACKUP_RETENTION_SECONDS: '86400' };
  renameSync(join(on.path, second), join(on.path, '20200101T000000Z-3.18.0'));
  cpSync(join(on.path, last), join(on.path, '20200102T000000Z-3.18.0'), { recursive: true });
  await setting.removeArtifacts();
  await setting.putArtifact();
  const said = await setting.mustBackUp(on, aged);
  expect(said).toContain('2 backups are kept');
  expect(on.names()).toEqual([last, expect.any(String)]);
  await setting.mustBackUp(on, { BACKUP_RETENTION_COUNT: '1' });
  expect(on.names()).toHaveLength(1);
  // What no backup holds any more has gone with it.
  expect(readdirSync(join(on.path, 'artifacts'))).toHaveLength(1);

  // A backup that fails removes nothing.
  const dead = await setting.backup(on, { changes: { BACKUP_RETENTION_COUNT: '1' }, wrappers: { pg_dump: FAILS } });
  expect(dead).toMatchObject({ code: 40, message: expect.stringContaining('is on fire') });
  expect(on.names()).toHaveLength(1);
});

test('what was complete once is never removed as a broken off backup, and its artifacts stay', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  await setting.mustBackUp(on);
  const [empty = '', newer = ''] = on.names();
  writeFileSync(on.file(empty, 'manifest.json'), '');
  const manifest = readFileSync(on.file(newer, 'manifest.json'), 'utf8');
  writeFileSync(on.file(newer, 'manifest.json'), manifest.replace('"format": 1', '"format": 2'));
  // Of no backup that can be read is there an index of artifacts; the second is no measure for the third.
  const said = await setting.mustBackUp(on);
  for (const name of [empty, newer]) expect(said).toContain(`warning: ${name}/manifest.json cannot be read`);
  expect(said).toContain('1 backups are kept');
  unlinkSync(on.file(newer, 'artifacts.jsonl.gz'));
  await setting.removeArtifacts();
  const later = await setting.mustBackUp(on, { BACKUP_RETENTION_COUNT: '1' });
  expect(later).toContain(`${newer}/artifacts.jsonl.gz is missing or cannot be read; no artifact is removed`);
  expect(on.names().slice(0, 2)).toEqual([empty, newer]);
  expect(readdirSync(join(on.path, 'artifacts'))).toHaveLength(1);
  await setting.putArtifact();
});

test('a damaged index of artifacts costs the reading of what is kept, and no backup', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const [first = ''] = on.names();
  truncateSync(on.file(first, 'artifacts.jsonl.gz'), 20);
  const said = await setting.mustBackUp(on);
  expect(said).toContain(
    `${first}/artifacts.jsonl.gz is missing or cannot be read; artifacts that are stored already are read again`,
  );
  expect(said).toContain('artifacts: 0 of 1 objects copied');
  await setting.removeArtifacts();
  expect((await setting.restore(on)).stdout).toContain('artifacts: 1 of 1 objects put into');
});

test('backups of databases that were lost and recreated do not displace the good ones', async () => {
  const on = setting.newClaim();
  const rows = "SELECT 'r' || n, 'active' FROM generate_series(1, 12) n";
  await setting.lab.postgres.sql('failures', `INSERT INTO runs (run_uuid, lifecycle_stage) ${rows}`);
  await setting.mustBackUp(on);
  const [good = ''] = on.names();
  await setting.lab.postgres.sql('failures', 'DELETE FROM runs');
  for (const _ of [1, 2, 3]) {
    const said = await setting.mustBackUp(on);
    expect(said).toContain('nothing is removed by backup.retention');
  }
  expect(on.names()).toHaveLength(4);
  // Somebody says that it is meant to be so: from then on this one is the measure.
  expect(await setting.mustBackUp(on, { ACCEPT_FEWER: 'true' })).toContain(`removed ${good}`);
  expect(await setting.mustBackUp(on)).toContain('2 backups are kept');
});
