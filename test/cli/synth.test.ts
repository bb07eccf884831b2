import { existsSync, mkdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironments } from '../../lib/synth/environments';
import { describeChanges } from '../../lib/synth/output/diff';
import { planOutput, writeOutput } from '../../lib/synth/output/writer';
import { synthesize } from '../../lib/synth/synthesize';
import { command, componentsOf, type Outcome, ROOT, SMALLEST } from '../support/support';
import { SynthSetting, YAML } from '../support/synth-setting';

const setting = new SynthSetting();
const { write, environment, synth, dist } = setting;

/** Sets all files back in time, and tells which were written since. */
function watch(): () => string[] {
  const then = new Date('2020-01-01');
  const files = Object.keys(dist()).map((path) => join(setting.folder, 'dist', path));
  for (const file of files) utimesSync(file, then, then);
  return () =>
    files
      .filter((file) => statSync(file).mtimeMs !== then.getTime())
      .map((file) => file.split('/').slice(-2).join('/'));
}

const orderIn = (text: string, line: string) => text.indexOf(line);

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
  test('writes a file for each component, and nothing the second time', async () => {
    environment('a');
    expect(await synth()).toMatchObject({ code: 0, stderr: '' });
    const first = dist();
    expect(Object.keys(first)).toEqual([
      'a/00-namespace.k8s.yaml',
      'a/deployment.k8s.yaml',
      'a/network-policy.k8s.yaml',
      'a/programs.k8s.yaml',
      'a/service.k8s.yaml',
    ]);
    const written = watch();
    const { stdout } = await synth();
    expect(stdout.trim()).toBe('a: 0 changed, 5 unchanged');
    expect(written()).toEqual([]);
    expect(dist()).toEqual(first);
  });

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

  test('replaces a file as a whole: what was open or half read stays what it was', async () => {
    environment('a');
    await synth();
    const file = join(setting.folder, 'dist/a/service.k8s.yaml');
    const before = statSync(file).ino;
    environment('a', 'service: { port: 80 }\n');
    await synth();
    expect(statSync(file).ino).not.toBe(before);
  });

  test('prints warnings, and goes on', async () => {
    environment('a', 'image: { repository: own/mlflow, tag: 3.1.0 }\n');
    const { code, stderr } = await synth();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: .*environment\.yaml:\d+:\d+ image\.tag: .*vulnerabilities/);
  });

  test('leaves the output of other environments alone when it is given another folder of environments', async () => {
    environment('a');
    await synth();
    write('other/b/environment.yaml', YAML);
    const cwd = process.cwd();
    process.chdir(setting.folder);
    try {
      expect(await command('synth', '--environments', 'other')).toMatchObject({ code: 0 });
    } finally {
      process.chdir(cwd);
    }
    expect([...new Set(Object.keys(dist()).map((path) => dirname(path)))].sort()).toEqual(['a', 'b']);
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
        /^package @example\/none\/common is not installed \(run npm ci where package\.json is\)\n?$/,
      ),
    });
  });

  test('writes only what changed', async () => {
    environment('a');
    environment('b');
    await synth();
    const written = watch();
    environment('a', 'service: { port: 80 }\n');
    const { stdout } = await synth();
    expect(written()).toEqual(['a/service.k8s.yaml']);
    expect(stdout).toContain(`updated ${join(setting.folder, 'dist/a/service.k8s.yaml')}`);
  });

  test('removes its own files that nothing makes any more, and no other', async () => {
    environment('a');
    environment('gone');
    await synth();
    write('dist/a/foreign.k8s.yaml', 'kind: Mine\n');
    write('dist/a/notes.txt', '# Synthesized by cdk8s-mlflow\n');
    write('dist/other/deployment.k8s.yaml', 'kind: Theirs\n');
    const namespace = dist()['a/00-namespace.k8s.yaml'] ?? '';
    write('dist/a/backup.k8s.yaml', namespace);
    rmSync(join(setting.folder, 'environments', 'gone'), { recursive: true });
    environment('a', 'networkPolicy: { enabled: false }\nnamespace: { create: false }\n');
    expect(await synth()).toMatchObject({ code: 0 });
    expect(Object.keys(dist())).toEqual([
      'a/deployment.k8s.yaml',
      'a/foreign.k8s.yaml',
      'a/notes.txt',
      'a/programs.k8s.yaml',
      'a/service.k8s.yaml',
      'other/deployment.k8s.yaml',
    ]);
    expect(existsSync(join(setting.folder, 'dist', 'gone'))).toBe(false);
  });

  test('of named environments leaves the others alone', async () => {
    environment('a');
    environment('b');
    await synth();
    rmSync(join(setting.folder, 'environments', 'b'), { recursive: true });
    environment('a', 'service: { port: 80 }\n');
    const before = dist();
    expect(await synth('a')).toMatchObject({ code: 0 });
    const { 'a/service.k8s.yaml': service, ...rest } = dist();
    expect(before).toMatchObject(rest);
    expect(service).toContain('port: 80\n');
  });

  test('--only writes and removes nothing but its components', async () => {
    environment('a');
    await synth();
    const before = dist();
    environment('a', 'networkPolicy: { enabled: false }\nservice: { port: 80 }\nlabels: { team: x }\n');
    await synth('--only', 'service,namespace');
    const after = dist();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(after).filter((path) => after[path] !== before[path])).toEqual([
      'a/00-namespace.k8s.yaml',
      'a/service.k8s.yaml',
    ]);
    await synth('--only', 'network-policy', '--only', 'storage');
    expect(Object.keys(dist())).toEqual(Object.keys(before).filter((path) => !path.includes('network')));
  });

  test('writes nothing at all when one of many environments has an issue', async () => {
    environment('a');
    environment('b');
    await synth();
    const before = dist();
    environment('a', 'service: { port: 80 }\n');
    environment('b', 'service: { port: 0 }\n');
    environment('c', 'nmae: c\n');
    const { code, issues } = await synth();
    expect(code).toBe(1);
    expect(issues.map((line) => line.split('/').at(-2))).toEqual(['b', 'c']);
    expect(dist()).toEqual(before);
  });

  test('refuses to replace a file that it did not write', async () => {
    environment('a');
    write('dist/a/service.k8s.yaml', 'kind: Service\n');
    const before = dist();
    const { code, issues } = await synth();
    expect([code, issues.length]).toEqual([1, 1]);
    expect(issues[0]).toContain('dist/a/service.k8s.yaml: was not written by synth and would be overwritten');
    expect(dist()).toEqual(before);
  });

  test('--check tells what is stale, and writes nothing', async () => {
    environment('a');
    expect(await synth('--check')).toMatchObject({ code: 1 });
    expect(dist()).toEqual({});
    await synth();
    expect(await synth('--check')).toMatchObject({ code: 0, stderr: '', stdout: '' });
    const before = dist();
    environment('a', 'service: { port: 80 }\nnetworkPolicy: { enabled: false }\n');
    const { code, issues } = await synth('--check');
    expect(code).toBe(1);
    expect(issues).toEqual([
      expect.stringMatching(/dist\/a\/network-policy\.k8s\.yaml: is stale .*remove/),
      expect.stringMatching(/dist\/a\/service\.k8s\.yaml: is stale .*update/),
    ]);
    expect(dist()).toEqual(before);
  });

  test('--diff shows what would change, object by object and field by field, and writes nothing', async () => {
    environment('a');
    await synth();
    expect((await synth('--diff')).stdout).toBe('no object changes\n');
    const before = dist();
    environment(
      'a',
      'service: { port: 80 }\nnetworkPolicy: { enabled: false }\nstorage: { data: {} }\nserver: { env: { A: b }, logLevel: DEBUG }\n',
    );
    const { code, stdout } = await synth('--diff');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(
      [
        '+ PersistentVolumeClaim mlflow/mlflow-data (a/storage.k8s.yaml)',
        '~ Deployment mlflow/mlflow (a/deployment.k8s.yaml)',
        '    ~ spec.template.spec.containers[server].env[MLFLOW_LOGGING_LEVEL].value: "INFO" -> "DEBUG"',
        '    ~ spec.template.spec.containers[server].env[UVICORN_LOG_LEVEL].value: "info" -> "debug"',
        '    + spec.template.spec.containers[server].env[A]: {"name":"A","value":"b"}',
        '    + spec.template.spec.initContainers[prepare].env[A]: {"name":"A","value":"b"}',
        '- NetworkPolicy mlflow/mlflow (a/network-policy.k8s.yaml)',
        '~ Service mlflow/mlflow (a/service.k8s.yaml)',
        '    ~ spec.ports[http].port: 5000 -> 80',
      ].toSorted((x, y) => orderIn(stdout, x) - orderIn(stdout, y)),
    );
    expect(dist()).toEqual(before);
  });

  test('--diff says what a change of the release does to the databases, and what to do about it', async () => {
    const image = (tag: string, more = '') =>
      environment('a', `image: { repository: own/mlflow, tag: ${tag} }\n${more}`);
    const notes = async () => {
      const { code, stdout } = await synth('--diff');
      expect(code).toBe(0);
      return stdout.split('\n').filter((line) => line.startsWith('! '));
    };
    image('3.1.0');
    await synth();
    expect(await notes()).toEqual([]);
    image('3.18.0');
    expect(await notes()).toEqual([
      '! a: MLflow 3.1.0 -> 3.18.0 migrates the tracking schema (6953534de441 -> f4a9b2c7d1e6) and the auth schema (8606fa83a998 -> f1a2b3c4d5e6); the only way back is a backup, so take one first',
      '! a: server.rollout is RollingUpdate: the new pods will refuse to migrate under running servers (prepare ends with 16), and the old ones go on serving',
      '! a: set server.rollout: Recreate for the upgrade, or scale the Deployment to 0 before you apply (docs/upgrade.md)',
    ]);
    image('3.18.0', 'server: { rollout: Recreate }\n');
    expect((await notes()).at(-1)).toMatch(/^! a: server\.rollout is Recreate: all old pods end/);
    // Another build of the same release, and other variables: no other release.
    image('3.1.0-5', 'server: { logLevel: DEBUG }\n');
    expect(await notes()).toEqual([]);
  });

  test('leaves whole files and no partial one when it cannot write', async () => {
    environment('a');
    await synth();
    const before = dist();
    environment('a', 'labels: { team: x }\n');
    const changes = planOutput(
      join(setting.folder, 'dist'),
      synthesize(readEnvironments(join(setting.folder, 'environments'), [])),
      {
        all: true,
      },
    );
    // A folder where a file should be: renaming onto it fails for every user, root too.
    rmSync(join(setting.folder, 'dist/a/deployment.k8s.yaml'));
    mkdirSync(join(setting.folder, 'dist/a/deployment.k8s.yaml'));
    expect(() => writeOutput(join(setting.folder, 'dist'), changes)).toThrow();
    expect(Object.keys(dist())).toEqual(Object.keys(before).filter((path) => !path.includes('deployment')));
  });
});

describe('the order of readers', () => {
  test('an environment has its own output folder and one namespace file that sorts first', () => {
    const components = componentsOf(SMALLEST);
    const changes = planOutput(join(setting.folder, 'none'), [{ name: 'a', components }], { all: true });
    expect(changes.map(({ path }) => path)[0]).toBe('a/00-namespace.k8s.yaml');
    expect(changes.every(({ action }) => action === 'create')).toBe(true);
  });
});
