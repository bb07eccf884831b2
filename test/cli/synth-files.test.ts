import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironments } from '../../lib/synth/environments';
import { planOutput, writeOutput } from '../../lib/synth/output/writer';
import { synthesize } from '../../lib/synth/synthesize';
import { builtCommand } from '../support/built-command';
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

describe('synth', () => {
  test('writes every file, and nothing the second time', async () => {
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

  test('replaces a file as a whole: what was open or half read stays what it was', async () => {
    environment('a');
    await synth();
    const file = join(setting.folder, 'dist/a/service.k8s.yaml');
    const before = statSync(file).ino;
    environment('a', 'service: { port: 80 }\n');
    await synth();
    expect(statSync(file).ino).not.toBe(before);
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

  test('--only writes and removes only the named files', async () => {
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

  test('leaves the output of other environments alone when it is given another folder of environments', async () => {
    environment('a');
    await synth();
    write('other/b/environment.yaml', YAML);
    // Which folder is the usual one depends on the working directory.
    const argv = [builtCommand(), 'synth', '--environments', 'other'];
    expect(spawnSync(process.execPath, argv, { cwd: setting.folder }).status).toBe(0);
    expect([...new Set(Object.keys(dist()).map((path) => dirname(path)))].sort()).toEqual(['a', 'b']);
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
