import { readdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, runJob } from './backups';
import type { Lab, Prepared } from './lab';
import { isRoot } from './postgres';
import { run } from './process';
import { TwoDatabases } from './two-databases';

/** A restore among what is not MLflow's: a volume that others fill, and objects of others in the databases. */

const NAME = 'surroundings';

let databases: TwoDatabases;
let lab: Lab;
let backup: readonly string[];

beforeAll(async () => {
  databases = await TwoDatabases.prepare(NAME, { destination: { claim: {} } });
  ({ lab } = databases);
  await mustRun(lab, databases.direct, 'backup', databases.folder);
  await restore();
  backup = await databases.contents();
});

afterAll(async () => {
  await databases?.stop();
});

const restore = (work?: string): Promise<Prepared> =>
  runJob(lab, databases.direct, 'restore', databases.folder, {
    changes: { OVERWRITE: 'true' },
    ...(work ? { work } : {}),
  });

const mounts = isRoot() ? test.each : test.skip.each;
mounts([
  ['before the first commit', 2, /[.]ready$/],
  ['at the first commit', 1, /[.]decision$/],
])('a volume that gets full %s leaves no mixture', async (_, count, file) => {
  await databases.change();
  const before = await databases.contents();
  const work = lab.path('work');
  const path = { PATH: process.env.PATH };
  await run(['mkdir', work], path);
  expect(await run(['mount', '-t', 'tmpfs', '-o', 'size=4m', 'work', work], path)).toMatchObject({ code: 0 });
  let isFull = false;
  const watcher = watch(work, () => {
    if (isFull || readdirSync(work).filter((name) => file.test(name)).length < count) return;
    isFull = true;
    expect(() => writeFileSync(join(work, 'filler'), Buffer.alloc(2 ** 23))).toThrow('ENOSPC');
  });
  try {
    const { code, message } = await restore(work);
    expect(isFull).toBe(true);
    expect(await databases.contents()).toEqual(code === 0 ? backup : before);
    if (code !== 0) {
      expect(message).toContain('backup.temporaryStorage');
      expect(message).toContain(databases.unchanged.join('; '));
    }
  } finally {
    watcher.close();
    await run(['umount', work], path);
  }
  await restore();
});

test.each([
  ['a view', 'CREATE VIEW reports.runs AS SELECT count(*) FROM public.runs', 'view reports.runs'],
  [
    'a materialized view',
    'CREATE MATERIALIZED VIEW reports.runs AS SELECT count(*) FROM public.runs',
    'materialized view reports.runs',
  ],
  [
    'a foreign key',
    'CREATE TABLE reports.notes (run varchar(32) REFERENCES public.runs)',
    'table constraint notes_run_fkey on reports.notes',
  ],
  [
    'a function',
    "CREATE FUNCTION reports.name(public.runs) RETURNS text LANGUAGE sql AS 'SELECT $1.name'",
    'function reports.name(public.runs)',
  ],
  [
    'a publication',
    'CREATE PUBLICATION replicated FOR TABLE public.runs',
    'publication relation public.runs in publication replicated',
  ],
])('%s of others that depends on a table is not dropped', async (_, statement, object) => {
  await databases.change();
  await lab.postgres.sql(NAME, 'CREATE SCHEMA reports', statement);
  const before = await databases.contents();
  const { code, message } = await restore();
  expect(code).toBe(44);
  expect(message).toContain(
    `drop what depends on the tables of MLflow: ${object} (drop it, restore, and create it again)`,
  );
  expect(await databases.contents()).toEqual(before);
  await lab.postgres.sql(NAME, 'DROP SCHEMA reports CASCADE', 'DROP PUBLICATION IF EXISTS replicated');
  await restore();
  expect(await databases.contents()).toEqual(backup);
});

test('what depends on nothing of MLflow stays, and all in its schema is replaced', async () => {
  await lab.postgres.sql(
    NAME,
    'CREATE SCHEMA reports',
    'CREATE TABLE reports.own (id serial PRIMARY KEY, name text)',
    'CREATE VIEW reports.names AS SELECT name FROM reports.own',
  );
  const before = await databases.contents();
  await lab.postgres.sql(
    NAME,
    'CREATE TYPE public.numbers AS RANGE (subtype = int4)',
    'CREATE TYPE public.pair AS (a int, b int)',
    "CREATE FUNCTION public.name(public.runs) RETURNS text LANGUAGE sql AS 'SELECT $1.name'",
    'CREATE VIEW public.named AS SELECT name FROM public.runs',
  );
  const { code, message } = await restore();
  expect([code, message]).toEqual([0, '']);
  expect(await databases.contents()).toEqual(before);
});
