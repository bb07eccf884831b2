import { builtCommand } from '../support/built-command';
import { SynthSetting } from '../support/synth-setting';
import { atTerminal, has } from './seal/program';

const setting = new SynthSetting();

/** What a terminal shows of a command line that is run in the folder of the test. */
async function shown(variables: readonly string[], ...given: string[]): Promise<string> {
  const argv = ['env', ...variables, process.execPath, builtCommand(), ...given];
  return (await atTerminal(setting, argv, [])).shown;
}

(has('python3') ? describe : describe.skip)('at a terminal', () => {
  const TERM = 'TERM=xterm-256color';
  test.each<[what: string, given: string[], more: string, coloured: string]>([
    ['an issue is red', [], 'databse: {}\n', '\u001b[31menvironments/a/environment.yaml:'],
    ['an unknown option is red', ['--bogus'], '', '\u001b[31mUnknown argument'],
    ['a file that cannot be written is red', ['--out', '/proc/none'], '', '\u001b[31m/proc'],
    ['a warning begins in yellow', [], 'image:\n  tag: v3.99.0-full\n', '\u001b[33mwarning:\u001b[39m'],
    ['what is new is green', ['--diff'], '', '\u001b[32m+ '],
  ])('%s, and without colours where none are wanted', async (_, given, more, coloured) => {
    setting.environment('a', more);
    expect(await shown([TERM], 'synth', ...given)).toContain(coloured);
    for (const variables of [[TERM, 'NO_COLOR=1'], ['TERM=dumb']]) {
      expect(await shown(variables, 'synth', ...given)).not.toContain('\u001b');
    }
  });
});
