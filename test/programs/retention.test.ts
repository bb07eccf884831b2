import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { BackedUp } from './backed-up';
import { isRoot } from './postgres';

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

type Manifest = Record<string, unknown> & { readonly databases: { readonly tracking: object } };

/** What can be where a manifest should be, in a folder that is named as a backup. */
const ODD: Readonly<Record<string, (file: string, good: Manifest) => void>> = {
  'no databases': (file) => writeFileSync(file, JSON.stringify({ format: 1, files: { x: 1 } })),
  'a list of databases': (file, good) => writeFileSync(file, JSON.stringify({ ...good, databases: [] })),
  'no rows': (file, good) =>
    writeFileSync(
      file,
      JSON.stringify({ ...good, databases: { tracking: { ...good.databases.tracking, rows: null } } }),
    ),
  'a text for a number of rows': (file, good) =>
    writeFileSync(
      file,
      JSON.stringify({ ...good, databases: { tracking: { ...good.databases.tracking, rows: { runs: 'many' } } } }),
    ),
  'no instance': (file, good) => writeFileSync(file, JSON.stringify({ ...good, instance: undefined })),
  'another instance': (file, good) => writeFileSync(file, JSON.stringify({ ...good, instance: 'other/mlflow' })),
  'no release': (file, good) => writeFileSync(file, JSON.stringify({ ...good, mlflow: 'not a version' })),
  'files elsewhere': (file, good) =>
    writeFileSync(file, JSON.stringify({ ...good, files: { '../../passwd': { size: 1, sha256: '' } } })),
  'a list': (file) => writeFileSync(file, '[]'),
  'very deep': (file) => writeFileSync(file, '['.repeat(200_000)),
  'no text': (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0])),
  'a folder': (file) => mkdirSync(file),
  'a link to itself': (file) => symlinkSync('manifest.json', file),
  'a link to nothing': (file) => symlinkSync('nowhere', file),
  'a pipe': (file) => execFileSync('mkfifo', [file]),
};

test.each(['2020', '2090'])('what is no manifest stops nothing, and stays: in %s', async (year) => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const [first = ''] = on.names();
  const good = JSON.parse(readFileSync(on.file(first, 'manifest.json'), 'utf8')) as Manifest;
  const odd = Object.values(ODD).map((make, index) => {
    const name = `${year}0101T0000${`${index}`.padStart(2, '0')}Z-3.18.0`;
    mkdirSync(join(on.path, name));
    make(on.file(name, 'manifest.json'), good);
    return name;
  });
  for (let number = 0; number < 2; number += 1) {
    const said = await setting.mustBackUp(on, { BACKUP_RETENTION_COUNT: '1' });
    for (const name of odd) expect(said).toMatch(new RegExp(`warning: ${name}.*; the folder stays, and counts as no `));
    expect(said).toContain('1 backups are kept');
    expect(on.names().filter((name) => odd.includes(name))).toEqual(odd);
    expect(on.names()).toHaveLength(odd.length + 1);
  }
  const last = on.names().find((name) => !odd.includes(name));
  const list = await setting.restore(on, { BACKUP: 'list' });
  expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining('1 complete backups') });
  expect((await setting.restore(on)).stdout).toContain(`done: ${last} is restored`);
});

const mounts = isRoot() ? test : test.skip;
mounts('a removal that fails is tried again by the next backup, and ends none', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const [first = ''] = on.names();
  // A folder with a manifest alone, and one that cannot be removed.
  unlinkSync(on.file(first, 'tracking.dump'));
  unlinkSync(on.file(first, 'auth.dump'));
  unlinkSync(on.file(first, 'artifacts.jsonl.gz'));
  expect(await setting.mustBackUp(on, { BACKUP_RETENTION_COUNT: '1' })).toContain(
    `removed ${first}, by backup.retention`,
  );
  const [second = ''] = on.names();
  const begun = '20200101T000000Z-3.18.0';
  for (const name of [second, begun]) {
    mkdirSync(on.file(name, 'held'), { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'held', on.file(name, 'held')]);
  }
  try {
    const said = await setting.mustBackUp(on, { BACKUP_RETENTION_COUNT: '1' });
    for (const name of [second, begun]) expect(said).toContain(`warning: ${name} cannot be removed now`);
    expect(said).toContain('backup: done');
  } finally {
    for (const name of [second, begun]) execFileSync('umount', [on.file(name, 'held')]);
  }
  const said = await setting.mustBackUp(on, { BACKUP_RETENTION_COUNT: '1' });
  for (const name of [second, begun]) expect(said).toContain(`removed ${name}, which was never completed`);
  expect(on.names()).toHaveLength(1);
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
