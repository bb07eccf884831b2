import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { issueLines, temporaryFolder } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

const setting = new SynthSetting();
const { environment, synth, dist } = setting;

test('the issues of all environments come together, whatever finds them', async () => {
  environment('a', 'patches: [{ kind: Deployment, name: nothing, operations: [{ op: remove, path: /spec }] }]\n');
  environment('b', 'nmae: x\n');
  environment('c', 'image: { tag: "2.0.0" }\n');
  expect(await synth()).toMatchObject({
    code: 1,
    issues: [
      expect.stringMatching(/b\/environment\.yaml:6:1 nmae/),
      expect.stringMatching(/c\/environment\.yaml:6:10 image\.tag/),
      expect.stringMatching(/a\/environment\.yaml:6:.* patches\[0\]/),
    ],
  });
  expect(dist()).toEqual({});
});

test.each(['a\nkind: b', 'A', 'a b', 'a.b', '-a', 'x'.repeat(64)])(
  'a folder is no environment with the name %j',
  async (name) => {
    environment(name);
    const { code, issues } = await synth();
    expect([code, issues]).toEqual([1, [expect.stringMatching(/: ".*": is not a valid environment name \(/)]]);
    expect(dist()).toEqual({});
  },
);

/** What root may read whatever its mode, it may not without capabilities. */
const isRoot = process.getuid?.() === 0;
const SETPRIV = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] as const;
const canBeRefused = !isRoot || spawnSync(SETPRIV[0], [...SETPRIV.slice(1), 'true']).status === 0;
if (!canBeRefused) console.warn('SKIPPED: root can read every file, and setpriv cannot take that from it here');

(canBeRefused ? test : test.skip)('an environment file that cannot be read is refused', async () => {
  environment('a');
  chmodSync(join(setting.folder, 'environments/a/environment.yaml'), 0);
  const refused = { code: 1, issues: [expect.stringMatching(/a\/environment\.yaml.*permission denied/)] };
  expect(isRoot ? synthWithoutCapabilities() : await synth()).toMatchObject(refused);
});

/** The command, in a process that has no capability. */
function synthWithoutCapabilities() {
  const { folder } = setting;
  const folders = ['--environments', join(folder, 'environments'), '--out', join(folder, 'dist')];
  const command = [process.execPath, builtCommand(), 'synth', ...folders];
  const { status, stderr } = spawnSync(SETPRIV[0], [...SETPRIV.slice(1), ...command], { encoding: 'utf8' });
  return { code: status, issues: issueLines(stderr) };
}

test('the same environments give the same output in another folder', async () => {
  environment('a', 'labels: { team: x }\n');
  await synth();
  const first = dist();
  const copy = temporaryFolder();
  cpSync(join(setting.folder, 'environments'), join(copy, 'environments'), { recursive: true });
  setting.folder = copy;
  await synth();
  expect(dist()).toEqual(first);
});
