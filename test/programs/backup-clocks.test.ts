import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { emptyBucket, mustRun } from './backups';
import { Lab } from './lab';
import { labEnvironment, prepareRendered } from './rendered-server';
import { programs } from './tools';

/** Backups while clocks are wrong: each run succeeds, no good backup is lost, and what is wrong is said. */

const DAY = 86_400;
const WRONG = 370;

let lab: Lab;
let environment: ResolvedEnvironment;

beforeAll(async () => {
  lab = await Lab.start();
  environment = labEnvironment(lab, '3.18.0', 'clocks', {
    auth: { enabled: false },
    backup: { destination: { claim: {} }, retention: { count: 14, days: 60 } },
  });
  const { code, stderr } = await prepareRendered(lab, environment);
  if (code !== 0) throw new Error(stderr);
  await lab.postgres.sql('clocks', 'ALTER DATABASE "clocks" SET search_path = public, pg_catalog');
});

afterAll(async () => {
  await lab?.stop();
});

/** A program that Python runs first: the clock of this process is some days ahead. */
function clockAhead(days: number): string {
  const folder = lab.path('clock');
  mkdirSync(folder);
  const program = `
import datetime, time
ahead, real, now = ${days * DAY}, datetime.datetime, time.time
class Clock(real):
    @classmethod
    def now(cls, tz=None):
        return real.fromtimestamp(now() + ahead, tz)
datetime.datetime = Clock
time.time = lambda: now() + ahead
`;
  writeFileSync(join(folder, 'sitecustomize.py'), program);
  return folder;
}

const databaseAhead = (days: number) =>
  lab.postgres.sql(
    'clocks',
    `CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
     $$ SELECT pg_catalog.clock_timestamp() + interval '${days} days' $$`,
  );

/** A claim, and runs on it under wrong clocks: what is said. */
class Claim {
  readonly folder = lab.path('claim');
  readonly path = join(this.folder, 'mlflow');

  names(): string[] {
    return existsSync(this.path) ? readdirSync(this.path).sort() : [];
  }

  async run(days: { readonly pod?: number; readonly database?: number } = {}, changes: Record<string, string> = {}) {
    await databaseAhead(days.database ?? 0);
    const PYTHONPATH = `${clockAhead(days.pod ?? 0)}:${programs}`;
    return mustRun(lab, environment, 'backup', this.folder, { changes: { PYTHONPATH, ...changes } });
  }

  /** Good backups of the last days, as a schedule leaves them. */
  async fill(days: number): Promise<string[]> {
    for (let day = days; day > 0; day -= 1) {
      await this.run();
      const name = this.names().at(-1) ?? '';
      const time = new Date(Date.now() - day * DAY * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
      renameSync(join(this.path, name), join(this.path, `${time}-3.18.0`));
    }
    return this.names();
  }

  async latest(): Promise<string> {
    const said = await mustRun(lab, environment, 'restore', this.folder, { changes: { OVERWRITE: 'true' } });
    return /restoring (\S+) from/.exec(said)?.[1] ?? said;
  }
}

const addedTo = (before: readonly string[], after: readonly string[]) => after.filter((name) => !before.includes(name));
const year = (name = '') => Number(name.slice(0, 4));
const now = new Date().getUTCFullYear();

test.each<[what: string, pod: number, database: number, warning: string]>([
  ['of the pod is a year ahead', WRONG, 0, 'goes by the database'],
  ['of the pod is a year behind', -WRONG, 0, 'goes by the database'],
  ['of the database is a year ahead', 0, WRONG, 'goes by this pod'],
  ['of the database is a year behind', 0, -WRONG, 'goes by this pod'],
])('the right clock decides if that %s', async (_, pod, database, warning) => {
  const on = new Claim();
  const good = await on.fill(3);
  const said = await on.run({ pod, database });
  expect(said).toContain('warning: a clock is wrong: ');
  expect(said).toContain(warning);
  const [added = '', ...others] = addedTo(good, on.names());
  expect([others, year(added)]).toEqual([[], now]);
  expect(on.names()).toEqual([...good, added].sort());
  expect(await on.run()).not.toContain('warning');
  expect(on.names()).toHaveLength(5);
});

test('the clock of a bucket is one of those that are compared', async () => {
  await emptyBucket(lab, 'copies');
  const bucket = labEnvironment(lab, '3.18.0', 'clocks', {
    auth: { enabled: false },
    backup: { destination: { s3: { bucket: 'copies', endpoint: lab.store.url, addressingStyle: 'path' } } },
  });
  await databaseAhead(WRONG);
  const said = await mustRun(lab, bucket, 'backup', '');
  expect(said).toMatch(/the database says \S+Z, the store says \S+Z; this backup goes by (this pod|the store)/);
  expect(said).toContain(`backup ${now}`);
});

test.each([WRONG, -WRONG])('a whole cluster whose clock is wrong by %s days keeps its backups', async (days) => {
  const on = new Claim();
  const good = await on.fill(3);
  const first = await on.run({ pod: days, database: days });
  if (days > 0) expect(first).toContain('backups were paused, or a clock jumped');
  else expect(first).toContain('3 backups are named in the future');
  await on.run({ pod: days, database: days });
  const wrong = addedTo(good, on.names());
  expect(wrong).toHaveLength(2);
  expect(await on.latest()).toBe(wrong[1]);

  const said = await on.run();
  if (days > 0) expect(said).toContain(`warning: 2 backups are named in the future (${wrong.join(', ')})`);
  const [right = ''] = addedTo([...good, ...wrong], on.names());
  expect(on.names()).toEqual([...good, ...wrong, right].sort());
  // By what came last, not by its name.
  expect(await on.latest()).toBe(right);
  await on.run();
  expect(on.names()).toHaveLength(7);
});

test('backups of the future displace no good one, and leave when as many are newer', async () => {
  const on = new Claim();
  const good = await on.fill(2);
  for (const days of [100, 200, 300]) await on.run({ pod: days, database: days });
  const wrong = addedTo(good, on.names());
  const keepTwo = { BACKUP_RETENTION_COUNT: '2' };
  await on.run({}, keepTwo);
  expect(on.names()).toEqual(expect.arrayContaining([good[1], ...wrong]));
  await on.run({}, keepTwo);
  expect(addedTo([...good, ...wrong], on.names())).toHaveLength(2);
});

test('a folder that is named as no time is none of ours', async () => {
  const on = new Claim();
  await on.run();
  mkdirSync(join(on.path, '20261399T000000Z-3.18.0'));
  expect(await on.run()).toContain('2 backups are kept');
  expect(on.names()).toContain('20261399T000000Z-3.18.0');
  rmSync(join(on.path, '20261399T000000Z-3.18.0'), { recursive: true });
});
