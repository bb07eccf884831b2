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
    ['a flag without its value', ['--only'], /^--only: needs a value/],
    ['a list with nothing in it', ['--only', ''], /^--only: is empty/],
    ['a list of commas', ['--only', ','], /^--only: is empty/],
    ['a flag with a number', ['--check=1'], /^--check: takes no value \(write --check alone\)$/],
    ['a flag with a word', ['--diff=nope'], /^--diff: takes no value/],
    ['a flag with nothing', ['--check='], /^--check: takes no value/],
    ['the flag for help with a word', ['--help=no'], /^--help: takes no value/],
    ['an output folder given twice', ['--out', 'x'], /--out/],
  ];
  test('a flag may be true or false', async () => {
    environment('a');
    expect(await synth('--check=true')).toMatchObject({ code: 1 });
    expect(dist()).toEqual({});
    expect(await synth('--check=false')).toMatchObject({ code: 0 });
    expect(Object.keys(dist()).length).toBeGreaterThan(0);
  });

  test.each(cases)('%s', async (_, given, message) => {
    write('environments/homelab/environment.yaml', YAML);
    const { code, issues, stdout } = await synth(...given);
    expect(code).toBe(1);
    expect(issues).toEqual([expect.stringMatching(message)]);
    expect(stdout).toBe('');
    expect(dist()).toEqual({});
  });

  test.each(['init', 'seal'])('%s without a name says how it is called', async (name) => {
    const { code, issues } = await command(name);
    expect([code, issues]).toEqual([
      1,
      [`${name}: needs the name of an environment (for example cdk8s-mlflow ${name} team)`],
    ]);
  });

  test.each([
    ['synth', '--only'],
    ['synth', '--out'],
    ['init', 'team', '--preset'],
  ])('an option without its value: %s %s %s', async (...given) => {
    const { code, issues } = await command(...given);
    expect([code, issues]).toEqual([1, [`${given.at(-1)}: needs a value (write one after it)`]]);
  });

  test.each([
    ['synth', '--out'],
    ['synth', '--environments'],
    ['synth', '--out='],
    ['init', '--environments', 'name'],
    ['init', '--preset', 'name'],
    ['seal', '--environments', 'name'],
    ['seal', '--from-file', 'name'],
  ])('an empty value: %s %s', async (name, option, ...more) => {
    const empty = option.endsWith('=') ? [option] : [option, ''];
    const { code, issues } = await command(name, ...more, ...empty);
    expect([code, issues]).toEqual([1, [`${option.replace('=', '')}: is empty (give a value)`]]);
  });

  test.each(['generate', 'status', 'show', 'from-stdin', 'allow-expired', 'strip-newline'])(
    'a flag of seal with a value: --%s=1',
    async (name) => {
      const { code, issues } = await command('seal', 'name', `--${name}=1`);
      expect([code, issues]).toEqual([1, [`--${name}: takes no value (write --${name} alone)`]]);
    },
  );

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
