import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironments } from '../../lib/synth/environments';
import { describeChanges } from '../../lib/synth/output/diff';
import { planOutput } from '../../lib/synth/output/writer';
import { synthesize } from '../../lib/synth/synthesize';
import { filesOf, type Outcome, ROOT, SMALLEST } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

const setting = new SynthSetting();
const { write, environment, synth, dist } = setting;

test('the committed output is what synth makes now', () => {
  const outputs = synthesize(readEnvironments(join(ROOT, 'environments'), []));
  const changes = planOutput(join(ROOT, 'dist'), outputs, { all: true });
  expect(changes.length).toBeGreaterThan(4);
  expect(describeChanges(changes)).toEqual([]);
  expect(changes.filter(({ action }) => action !== 'keep').map(({ path }) => path)).toEqual([]);
});

/** A synth in which our own code, and not that of yargs, comes upon an error. */
function failing(error: () => Error): Promise<Outcome> {
  const stringify = JSON.stringify;
  const spy = jest.spyOn(JSON, 'stringify').mockImplementation((...given: unknown[]) => {
    if (/\/lib\/(synth|components|kubernetes)\//.test(new Error().stack ?? '')) throw error();
    return stringify(...(given as Parameters<typeof stringify>));
  });
  return synth().finally(() => spy.mockRestore());
}

describe('synth', () => {
  test('writes a file for each store of its own and one for the Secrets that are generated', async () => {
    write(
      'environments/a/environment.yaml',
      'database: { embedded: {} }\nartifacts: { embedded: {} }\nsecrets: { provider: generated }\n',
    );
    expect(await synth('--only', 'secrets,database')).toMatchObject({ code: 0, stderr: '' });
    expect(Object.keys(dist())).toEqual(['a/database.k8s.yaml', 'a/secrets.k8s.yaml']);
    expect(await synth()).toMatchObject({ code: 0, stderr: '' });
    expect(Object.keys(dist())).toEqual([
      'a/00-namespace.k8s.yaml',
      'a/database.k8s.yaml',
      'a/deployment.k8s.yaml',
      'a/network-policy.k8s.yaml',
      'a/object-store.k8s.yaml',
      'a/programs.k8s.yaml',
      'a/secrets.k8s.yaml',
      'a/service.k8s.yaml',
      'a/storage.k8s.yaml',
    ]);
  });

  test('prints warnings, and goes on', async () => {
    environment('a', 'image: { repository: own/mlflow, tag: 3.1.0 }\n');
    const { code, stderr } = await synth();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: .*environment\.yaml:\d+:\d+ image\.tag: .*vulnerabilities/);
  });

  test('an environment under another name is an issue, not one that is gone', async () => {
    environment('a');
    await synth();
    const first = dist();
    renameSync(
      join(setting.folder, 'environments/a/environment.yaml'),
      join(setting.folder, 'environments/a/environment.yml'),
    );
    const { code, issues } = await synth();
    expect({ code, issues }).toEqual({
      code: 1,
      issues: [expect.stringMatching(/environment\.yml: .*environment\.yaml/)],
    });
    expect(dist()).toEqual(first);
    rmSync(join(setting.folder, 'environments/a/environment.yml'));
  });

  test('an issue of its own ends with 2 and no stack trace', async () => {
    environment('a');
    const { code, stderr } = await failing(() => new Error('something that nobody foresaw'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/please report it: something that nobody foresaw/);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  test('a package that is not installed is named, with what to do', async () => {
    environment('a');
    const missing = (message: string) => failing(() => Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' }));
    // What Node.js says, in its own words.
    expect(() => require('@example/none/common')).toThrow(/^Cannot find module '@example\/none\/common'/);
    const of = "Cannot find module '@example/none/common'\nRequire stack:\n- /somewhere";
    expect(await missing(of)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^package @example\/none\/common is not installed \(run npm ci in the folder of package\.json\)\n?$/,
      ),
    });
  });
});

describe('the order of readers', () => {
  test('an environment has its own output folder and one namespace file that sorts first', () => {
    const files = filesOf(SMALLEST);
    const changes = planOutput(join(setting.folder, 'none'), [{ name: 'a', files }], { all: true });
    expect(changes.map(({ path }) => path)[0]).toBe('a/00-namespace.k8s.yaml');
    expect(changes.every(({ action }) => action === 'create')).toBe(true);
  });
});
