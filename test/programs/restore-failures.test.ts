import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackedUp, expectFailure, newest } from './backed-up';
import { literal } from './postgres';
import { prepareRendered } from './rendered-server';

/** What restores refuse, and what they leave when they fail. */

let setting: BackedUp;

beforeAll(async () => {
  setting = await BackedUp.prepare();
});

afterAll(async () => {
  await setting?.lab.stop();
});

test('a damaged dump, a dump of another size and a damaged artifact are refused before anything is changed', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const [name = ''] = on.names();
  const before = await setting.lab.postgres.dump('failures');
  const dump = on.file(name, 'tracking.dump');
  const bytes = readFileSync(dump);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(2000) ^ 1, 2000);
  writeFileSync(dump, changed);
  await expectFailure(setting.restore(on), 61, 'tracking.dump: SHA-256 is');
  truncateSync(dump, bytes.length - 1);
  await expectFailure(setting.restore(on), 61, `${bytes.length - 1} bytes, and its manifest says ${bytes.length}`);
  writeFileSync(dump, bytes);

  const index = on.file(name, 'artifacts.jsonl.gz');
  const list = readFileSync(index);
  writeFileSync(index, list.subarray(0, -1));
  await expectFailure(setting.restore(on), 61, 'artifacts.jsonl.gz');
  writeFileSync(index, list);
  const objects = join(on.path, 'artifacts');
  const [part = ''] = readdirSync(objects);
  const object = join(objects, part, readdirSync(join(objects, part))[0] ?? '');
  writeFileSync(object, 'y'.repeat(100));
  // The object in the bucket is as it was, so this one is only read when it is needed.
  await setting.removeArtifacts();
  await expectFailure(setting.restore(on), 61, "artifact 'a/model.bin'", 'SHA-256 is');
  truncateSync(object, 99);
  await expectFailure(setting.restore(on), 61, '1 objects of artifacts are missing or of another size');
  expect(await setting.lab.postgres.dump('failures')).toBe(before);
  await setting.putArtifact();
});

test('a restore that fails halfway leaves the database as it was', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const before = await setting.lab.postgres.dump('failures');
  const halfway = { pg_restore: '"$REAL" "$@" | head -n 300; exit 1' };
  await expectFailure(setting.restore(on, {}, setting.claim, { wrappers: halfway }), 44, 'is as it was');
  const refused = { pg_restore: '"$REAL" "$@"; echo "SELECT 1/0;"' };
  await expectFailure(setting.restore(on, {}, setting.claim, { wrappers: refused }), 44, 'division by zero');
  expect(await setting.lab.postgres.dump('failures')).toBe(before);
});

/** In the middle of what pg_restore writes. */
const among = (statements: string) => ({
  pg_restore: `"$REAL" "$@" | awk '{ print } !done && /^CREATE TABLE/ { begun = 1 } begun && !done && /;$/ { print "${statements}"; done = 1 }'`,
});

test.each([
  'COMMIT; BEGIN;',
  'commit and chain;',
  'END; SELECT 1/0;',
  '/* x */ COMMIT',
  'SELECT 1\\\\; COMMIT\\\\; BEGIN;',
  'ROLLBACK; BEGIN; CREATE TABLE public.other (); COMMIT; SELECT 1/0;',
])(
  'a restore of a dump that ends its transaction does not say that the database is as it was: %s',
  async (statements) => {
    const on = setting.newClaim();
    await setting.mustBackUp(on);
    await expectFailure(
      setting.restore(on, {}, setting.claim, { wrappers: among(statements) }),
      45,
      "tracking database 'failures' may be replaced",
      'another backup',
    );
    await setting.lab.postgres.sql('failures', 'DROP TABLE IF EXISTS public.other');
    // With what pg_dump wrote all is well again.
    expect((await setting.restore(on)).code).toBe(0);
  },
);

test('large objects of others end no transaction', async () => {
  await setting.lab.postgres.sql(
    'failures',
    "SELECT lo_from_bytea(4711, 'theirs'); ALTER LARGE OBJECT 4711 OWNER TO mlflow",
  );
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  expect(await setting.restore(on)).toMatchObject({ code: 0 });
  const found = "SELECT convert_from(lo_get(4711), 'UTF8')";
  expect(await setting.lab.postgres.sql('failures', found)).toBe('theirs');
  await setting.lab.postgres.sql('failures', 'SELECT lo_unlink(4711)');
  expect(await setting.restore(on)).toMatchObject({ code: 0 });
});

test('a restore refuses what would do harm', async () => {
  const on = setting.newClaim();
  await setting.mustBackUp(on);
  const [name = ''] = on.names();
  await expectFailure(
    setting.restore(on, { OVERWRITE: 'false' }),
    62,
    'auth database',
    'tracking database',
    'OVERWRITE=true',
    '1 users',
  );
  await setting.putArtifact('a/model.bin', 'another model');
  await expectFailure(setting.restore(on, { OVERWRITE: 'false' }), 62);
  const server = await setting.lab.postgres.connect('failures', `mlflow-server/${newest}`);
  await expectFailure(setting.restore(on), 16, `mlflow-server/${newest}`, '--replicas=0');
  await setting.lab.postgres.terminate(`mlflow-server/${newest}`);
  await server.stop();
  const lock = "SELECT pg_advisory_lock(hashtextextended('mlflow-maintenance', 0))";
  const collector = await setting.lab.postgres.connect('failures', 'mlflow-gc', lock);
  await expectFailure(setting.restore(on), 19, 'garbage collection');
  await expectFailure(setting.backup(on, { changes: { BACKUP_LOCK_TIMEOUT: '2' } }), 19, 'garbage collection');
  await setting.lab.postgres.terminate('mlflow-gc');
  await collector.stop();
  await expectFailure(setting.restore(on, { BACKUP: '../../etc' }), 60, "no complete backup '../../etc'", name);
  await expectFailure(setting.restore(setting.newClaim()), 60, 'there is none');
  const older = setting.environment('3.1.0', 'failures', { backup: { destination: { claim: {} } } });
  await expectFailure(setting.restore(on, {}, older), 24, 'the backup is of MLflow 3.18.0, and this image has 3.1.0');
  const open = setting.environment(newest, 'failures', { auth: { enabled: false } });
  await expectFailure(setting.restore(on, {}, open), 64, 'auth and tracking');
  // With the word of the person the object is the backup's again.
  expect((await setting.restore(on)).stdout).toContain('artifacts: 1 of 1 objects put into');
});

test('one database with both schemas is dumped and restored once', async () => {
  const one = setting.environment(newest, 'shared', { database: { authName: 'shared' } });
  expect((await prepareRendered(setting.lab, one)).code).toBe(0);
  // As in many databases that are given: only its owner, a superuser, may comment on it.
  await setting.lab.postgres.sql('shared', 'CREATE EXTENSION pg_freespacemap');
  const on = setting.newClaim();
  await setting.mustBackUp(on, {}, one);
  const [name = ''] = on.names();
  expect(readdirSync(join(on.path, name)).sort()).toEqual(['manifest.json', 'tracking.dump']);
  const manifest = JSON.parse(readFileSync(on.file(name, 'manifest.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({
    mlflow: newest,
    databases: { tracking: { schema: { alembic_version: 'f4a9b2c7d1e6', alembic_version_auth: 'f1a2b3c4d5e6' } } },
    files: { 'tracking.dump': { size: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  });
  const before = await setting.lab.postgres.sql('shared', `SELECT count(*), ${literal('rows')} FROM users`);
  await setting.lab.postgres.sql('shared', 'DELETE FROM users');
  expect((await setting.restore(on, {}, one)).code).toBe(0);
  expect(await setting.lab.postgres.sql('shared', `SELECT count(*), ${literal('rows')} FROM users`)).toBe(before);

  // What a restore would not replace is neither backed up nor restored.
  await setting.lab.postgres.sql('shared', 'ALTER SCHEMA public RENAME TO elsewhere');
  await setting.lab.postgres.sql('postgres', 'ALTER DATABASE shared SET search_path = elsewhere');
  const said = ["database 'shared': the role's search_path is elsewhere", "support the schema 'public' only"];
  await expectFailure(setting.backup(on, {}, one), 64, ...said);
  await expectFailure(setting.restore(on, {}, one), 64, ...said);
  expect(on.names()).toEqual([name]);
});
