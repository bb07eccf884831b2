import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackedUp, type Claim, expectFailure } from './backed-up';
import { type JobOptions, mustRun, runJob } from './backups';
import { isRoot } from './postgres';
import { run } from './process';

/** The verification of backups, by both programs of its pod: what passes, and how each kind of damage is found. */

let setting: BackedUp;
/** A backup, and its name. */
let on: Claim;
let name: string;

beforeAll(async () => {
  setting = await BackedUp.prepare();
  await setting.lab.postgres.sql(
    'failures',
    // Names that only quoting takes, rows of a table that nobody looks for, and an extension with a table of its own.
    `CREATE TABLE "their | ""own""; table" (x int); INSERT INTO "their | ""own""; table" SELECT generate_series(1, 7)`,
    'ALTER TABLE "their | ""own""; table" OWNER TO mlflow',
  );
  on = setting.newClaim();
  await setting.mustBackUp(on);
  [name = ''] = on.names();
});

afterAll(async () => {
  await setting?.lab.stop();
});

test('a good backup passes, from a claim and from a bucket, and nothing but the pod is touched', async () => {
  const before = await setting.lab.postgres.dump('failures');
  const files = () => new Map(readdirSync(on.path, { recursive: true }).map((path) => [path, bytesOf(`${path}`)]));
  const stored = files();
  const { code, stdout, message } = await setting.verify(on, {
    // What is not there in the pod cannot be used.
    changes: { PGHOST: '127.0.0.1', PGPORT: '1', PGPASSWORD: '', MLFLOW_S3_ENDPOINT_URL: 'http://127.0.0.1:1' },
  });
  expect([code, message]).toEqual([0, '']);
  expect(stdout).toMatch(/tracking database: restored; 7\d tables with \d+ rows, as the manifest says/);
  expect(stdout).toContain('artifacts: 1 exist with their sizes; 1 of them (0.0 MiB) were read');
  expect(stdout).toContain(`done: ${name} can be restored`);
  expect(files()).toEqual(stored);
  expect(await setting.lab.postgres.dump('failures')).toBe(before);

  await mustRun(setting.lab, setting.bucket, 'backup', '');
  const inBucket = await runJob(setting.lab, setting.bucket, 'verification', '');
  expect([inBucket.code, inBucket.message]).toEqual([0, '']);
});

const bytesOf = (path: string) => {
  const full = join(on.path, path);
  return statSync(full).isFile() ? sha256(readFileSync(full)) : '';
};
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

interface Manifest {
  databases: Record<
    'auth' | 'tracking',
    { rows: Record<string, number>; tables?: Record<string, number>; schema: object }
  >;
  files: Record<string, { size: number; sha256: string }>;
  [key: string]: unknown;
}

/** Changes the manifest; with a dump, also that file and what the manifest says of it. */
function lie(change: (manifest: Manifest) => void, file?: string, bytes?: Buffer): void {
  if (file && bytes) writeFileSync(on.file(name, file), bytes);
  const path = on.file(name, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  if (file && bytes) manifest.files[file] = { size: bytes.length, sha256: sha256(bytes) };
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

const dump = () => readFileSync(on.file(name, 'tracking.dump'));
const replaceDump = (bytes: Buffer) => lie(() => undefined, 'tracking.dump', bytes);

/** What was done to the backup, how the Job is run then, its code, and what it says. */
type Damage = readonly [what: string, damage: () => void, code: number, said: readonly string[], options?: JobOptions];

const DAMAGES: readonly Damage[] = [
  ['a dump that is cut short', () => truncateSync(on.file(name, 'auth.dump'), 2000), 61, ['auth.dump has 2000 bytes']],
  [
    'a dump with a flipped bit',
    () => {
      const bytes = dump();
      bytes.writeUInt8(bytes.readUInt8(3000) ^ 1, 3000);
      writeFileSync(on.file(name, 'tracking.dump'), bytes);
    },
    61,
    ['tracking.dump: SHA-256 is'],
  ],
  [
    'an artifact that is missing',
    () => rmSync(join(on.path, 'artifacts'), { recursive: true }),
    61,
    ["1 objects of artifacts are missing or of another size ('a/model.bin' is one)"],
  ],
  [
    'an artifact with other content',
    () => writeFileSync(artifact(), 'y'.repeat(100)),
    61,
    ["1 of the 1 artifacts that were read are damaged; one is 'a/model.bin'", 'SHA-256 is'],
  ],
  [
    'a dump that was cut short before its checksum was taken',
    () => replaceDump(dump().subarray(0, dump().length - 4000)),
    44,
    ['tracking database'],
  ],
  [
    'a manifest that says other rows of a table that nobody looks for',
    () => lie(({ databases }) => Object.assign(databases.tracking.tables ?? {}, { 'their | "own"; table': 8 })),
    44,
    ['would contain 7 their | "own"; table, and the backup has 8'],
  ],
  [
    'a manifest by an older release that says other rows',
    () =>
      lie(({ databases: { tracking } }) => {
        delete tracking.tables;
        tracking.rows.runs = 1;
      }),
    44,
    ['would contain 0 runs, and the backup has 1 runs'],
  ],
  [
    'a manifest that says another revision',
    () => lie(({ databases }) => Object.assign(databases.tracking.schema, { alembic_version: 'x' })),
    44,
    ["would be at revisions {'alembic_version': 'f4a9b2c7d1e6'}"],
  ],
  ['a dump of another database', () => replaceDump(readFileSync(on.file(name, 'auth.dump'))), 44, ['does not exist']],
  [
    'a dump of a newer PostgreSQL',
    () => lie((manifest) => Object.assign(manifest, { program: 'pg_dump (PostgreSQL) 99.1 (Debian 99.1-1)' })),
    41,
    ['was made by pg_dump (PostgreSQL) 99.1', 'image of 99 or newer'],
  ],
  [
    'a dump in a newer format',
    () => replaceDump(Buffer.concat([Buffer.from('PGDMP\x01\x63', 'latin1'), dump().subarray(7)])),
    41,
    ['unsupported version', 'set backup.image'],
  ],
  [
    'too little temporary storage',
    () => undefined,
    46,
    ['more than 20.0 MiB are needed; the database had', 'raise backup.verification.temporaryStorage'],
    { changes: { BACKUP_ROOM: '20' } },
  ],
  [
    'an image without a server',
    () => undefined,
    42,
    ['no PostgreSQL starts in the pod', 'initdb'],
    { wrappers: { initdb: 'echo "initdb: not found" >&2; exit 127' } },
  ],
  [
    'a dump that ends the transaction',
    () => undefined,
    44,
    ["auth database 'auth'"],
    {
      wrappers: {
        pg_restore:
          '"$REAL" "$@" | awk \'{ print } !done && /^CREATE TABLE/ { begun = 1 } begun && !done && /;$/ { print "COMMIT; BEGIN;"; done = 1 }\'',
      },
    },
  ],
  [
    'an older release of MLflow',
    () => lie((manifest) => Object.assign(manifest, { mlflow: '99.0.0' })),
    24,
    ['the backup is of MLflow 99.0.0'],
  ],
];

const artifact = () => {
  const folder = join(on.path, 'artifacts');
  const [part = ''] = readdirSync(folder);
  return join(folder, part, readdirSync(join(folder, part))[0] ?? '');
};

/** Keeps the backup as it was. */
async function unharmed(action: () => Promise<void>): Promise<void> {
  const kept = `${on.path}.kept`;
  await run(['cp', '-a', on.path, kept], { PATH: process.env.PATH });
  try {
    await action();
  } finally {
    rmSync(on.path, { recursive: true });
    renameSync(kept, on.path);
  }
}

const damages = DAMAGES.map(([what, damage, code, said, options]) => ({ what, damage, code, said, options }));
test.each(damages)('$what is found', ({ damage, code, said, options }) =>
  unharmed(async () => {
    damage();
    await expectFailure(setting.verify(on, options), code, ...said);
  }),
);

test('a backup by an older release passes, by what its manifest says', () =>
  unharmed(async () => {
    lie(({ databases }) => {
      for (const each of Object.values(databases)) delete each.tables;
    });
    const { code, stdout } = await setting.verify(on);
    expect(code).toBe(0);
    expect(stdout).toContain('by an older release, which noted the rows of experiments, runs, registered_models alone');
  }));

test('no backup at all is a failure', () =>
  expectFailure(setting.verify(setting.newClaim()), 60, 'no complete backup'));

const mounts = isRoot() ? test : test.skip;
mounts('a full disk is said to be one', async () => {
  const work = setting.lab.path('work');
  await run(['mkdir', work], { PATH: process.env.PATH });
  const mounted = await run(['mount', '-t', 'tmpfs', '-o', 'size=60M', 'work', work], { PATH: process.env.PATH });
  if (mounted.code !== 0) throw new Error(mounted.stderr);
  try {
    await expectFailure(setting.verify(on, { work }), 46, 'raise backup.verification.temporaryStorage');
  } finally {
    await run(['umount', '--lazy', work], { PATH: process.env.PATH });
  }
});
