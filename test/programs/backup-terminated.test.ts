import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, putObject, runJob } from './backups';
import { TwoDatabases } from './two-databases';

/** Backups under terminated connections: a new one is whole or is not there, and no good one is lost. */

let databases: TwoDatabases;

beforeAll(async () => {
  databases = await TwoDatabases.prepare('backed-up', {
    destination: { claim: {} },
    artifacts: true,
    retention: { count: 2 },
  });
  await putObject(databases.lab, 'backed-up', 'a/model.bin', 'a model');
});

afterAll(async () => {
  await databases?.stop();
});

/** The files of each complete backup by its name. */
function backups(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const top = join(databases.folder, 'mlflow');
  const names = readdirSync(top).filter((name) => existsSync(join(top, name, 'manifest.json')));
  const filesOf = (name: string) => {
    const files = readdirSync(join(top, name)).map((file) => [file, join(top, name, file)] as const);
    return Object.fromEntries(files.map(([file, path]) => [file, readFileSync(path, 'base64')]));
  };
  return new Map(names.sort().map((name) => [name, filesOf(name)]));
}

test('a backup that is cut off at any statement is whole or not there, and no good one is lost', async () => {
  await mustRun(databases.lab, databases.direct, 'backup', databases.folder);
  // PostgreSQL writes checks of columns otherwise when it has read them back.
  await mustRun(databases.lab, databases.direct, 'restore', databases.folder, { changes: { OVERWRITE: 'true' } });
  const contents = await databases.contents();
  let before = backups();
  const whole: string[] = [];
  await databases.cutEach(
    () => runJob(databases.lab, databases.cut, 'backup', databases.folder, { changes: { BACKUP_TIMEOUT: '10' } }),
    async ({ code, stdout }) => {
      const after = backups();
      const added = [...after.keys()].filter((name) => !before.has(name));
      expect({ stdout, added }).toEqual({
        stdout,
        added: /backup \S+ is complete/.test(stdout) ? [expect.any(String)] : [],
      });
      if (code === 0) expect(added).toHaveLength(1);
      whole.push(...added);
      // The newest two are kept, as they were.
      for (const name of [...before.keys(), ...added].slice(-2)) {
        expect(after.get(name)).toEqual(before.get(name) ?? after.get(name));
        expect(after.has(name)).toBe(true);
      }
      before = after;
      expect(await databases.contents()).toEqual(contents);
    },
  );
  expect(whole.length).toBeGreaterThan(1);
  // Each that was called complete can be restored, as far as it is kept.
  for (const name of backups().keys()) {
    await mustRun(databases.lab, databases.direct, 'restore', databases.folder, {
      changes: { OVERWRITE: 'true', BACKUP: name },
    });
    expect(await databases.contents()).toEqual(contents);
  }
}, 1_800_000);
