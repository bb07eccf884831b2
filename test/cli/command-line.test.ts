import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/support';
import { SynthSetting, YAML } from '../support/synth-setting';

const setting = new SynthSetting();
const { write, environment, synth, dist } = setting;

describe('a wrong command line is refused with one line', () => {
  const cases: readonly (readonly [string, string[], RegExp])[] = [
    ['an unknown file', ['--only', 'servcie'], /servcie.*service/],
    ['an unknown environment', ['homelap'], /homelap.*homelab/],
    ['an environment of no name that is near', ['zzzzzzzzzz'], /zzzzzzzzzz.*homelab/],
    ['an environment outside of the folder', ['../homelab'], /is not an environment/],
    ['an unknown flag', ['--chekc'], /chekc/],
    ['a flag without its value', ['--only'], /only/],
    ['a flag with an empty value', ['--only', ''], /not an output file/],
    ['an output folder given twice', ['--out', 'x'], /--out/],
  ];
  test.each(cases)('%s', async (_, given, message) => {
    write('environments/homelab/environment.yaml', YAML);
    const { code, issues, stdout } = await synth(...given);
    expect(code).toBe(1);
    expect(issues).toEqual([expect.stringMatching(message)]);
    expect(stdout).toBe('');
    expect(dist()).toEqual({});
  });

  test('in English, whatever the language of the machine', async () => {
    const before = process.env.LC_ALL;
    try {
      process.env.LC_ALL = 'de_DE.UTF-8';
      expect((await synth('--chekc')).issues).toEqual([expect.stringContaining('Unknown argument: chekc')]);
    } finally {
      if (before === undefined) delete process.env.LC_ALL;
      else process.env.LC_ALL = before;
    }
  });

  test('a folder without environments', async () => {
    const { code, issues } = await synth();
    expect([code, issues.length]).toEqual([1, 1]);
    expect(issues[0]).toContain('environment');
  });

  test('an output folder that is a file', async () => {
    environment('a');
    write('dist', 'a file\n');
    const { code, issues } = await synth();
    expect([code, issues.length]).toEqual([1, 1]);
    expect(readFileSync(join(setting.folder, 'dist'), 'utf8')).toBe('a file\n');
  });

  test.each([[['--help']], [['synth', '--help']]])('but %s is answered', async (given) => {
    const { code, stdout, stderr } = await command(...given);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('--only');
  });
});
