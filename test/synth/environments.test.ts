import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../lib/input/input-error';
import { readEnvironments } from '../../lib/synth/environments';
import { temporaryFolder } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

const setting = new SynthSetting();
const { environment, synth, dist } = setting;

test('readEnvironments reports the issues of all environments together', () => {
  environment('a', 'nmae: x\n');
  environment('b', 'image: { tag: "2.0.0" }\n');
  const read = () => readEnvironments(join(setting.folder, 'environments'), []);
  expect(read).toThrow(InputError);
  expect(read).toThrow(/a\/environment\.yaml:6:1 nmae.*\n.*b\/environment\.yaml:6:10 image\.tag/);
});

test('an environment file that cannot be read is refused', async () => {
  environment('a');
  if (process.getuid?.() === 0) return;
  chmodSync(join(setting.folder, 'environments/a/environment.yaml'), 0);
  expect(await synth()).toMatchObject({ code: 1, issues: [expect.stringContaining('no permission')] });
});

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
