import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { SynthSetting } from '../support/synth-setting';

/** An output folder that cannot be written, or holds what synth did not write, is the user's to change: never a bug of ours. */

const setting = new SynthSetting();
const { environment, synth, write } = setting;

/** Runs the real program, which can be given limits and can hang. */
function run(out: string, limit = 'true') {
  const synthesis = 'node "$1" synth --environments "$2" --out "$3"';
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `${limit}; exec ${synthesis}`, 'bash', builtCommand(), join(setting.folder, 'environments'), out],
    { encoding: 'utf8', timeout: 60_000 },
  );
  return { status, stdout, lines: stderr.split('\n').filter(Boolean) };
}

describe('an output folder', () => {
  beforeEach(() => {
    environment('a');
  });

  test('that cannot be created is an issue', () => {
    const { status, stdout, lines } = run('/proc/x');
    expect([status, stdout]).toEqual([1, '']);
    expect(lines).toEqual([expect.stringMatching(/^\/proc\S*: no such file or folder \(check the path\)$/)]);
  });

  test('in which a file does not fit is an issue, and nothing is written', () => {
    const out = join(setting.folder, 'dist');
    // A limit for one file, in KiB: the same failure as a full disk, without one.
    const { status, lines } = run(out, 'ulimit -f 2');
    expect(status).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(
        /deployment\.k8s\.yaml: file too large \(raise the limit, for example with ulimit -f unlimited\)$/,
      ),
    ]);
    expect(existsSync(out)).toBe(false);
  });
});

test.each([
  'foo: *nope\n',
  'kind: {a: b}\n',
  'apiVersion: v1\nkind: {a: b}\nmetadata: {name: x}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: {a: b}}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: {a: b}}\n',
  'apiVersion: 1\nkind: Service\nmetadata: {name: x}\n',
  'apiVersion: v1\nkind: Service\nmetadata: &a {name: x, labels: *a}\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mlflow, namespace: mlflow, labels: 1}\nspec: []\n',
  'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n',
  'a: [\n',
  '- 1\n',
  '1\n',
  '',
])('--diff against an output edited by hand shows what can be shown: %j', async (text) => {
  environment('a');
  await synth();
  for (const name of ['deployment', 'service'])
    writeFileSync(join(setting.folder, 'dist', 'a', `${name}.k8s.yaml`), `# Synthesized by cdk8s-mlflow\n${text}`);
  write('dist/a/backup.k8s.yaml', `# Synthesized by cdk8s-mlflow\n${text}`);
  const { code, stdout, stderr } = await synth('--diff');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^[+~] Service mlflow\/mlflow /m);
  expect(stdout).not.toContain('[object');
});
