import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { SynthSetting } from '../support/synth-setting';

const setting = new SynthSetting();

beforeEach(() => {
  for (const name of ['homelab', 'team']) setting.environment(name);
  setting.write('elsewhere/other/environment.yaml', '');
  const program = join(setting.folder, 'cdk8s-mlflow');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${builtCommand()}' "$@"\n`);
  chmodSync(program, 0o755);
});

/** What bash offers after a line, with the script that the command prints. */
function offered(words: readonly string[]): string[] {
  const script = [
    'eval "$(cdk8s-mlflow completion)"',
    'COMP_WORDS=(cdk8s-mlflow "$@")',
    'COMP_CWORD=$#',
    // The function that bash itself would call.
    '"$(complete -p cdk8s-mlflow | sed -E "s/.* -F ([^ ]+) .*/\\1/")"',
    `printf '%s\\n' "\${COMPREPLY[@]}"`,
  ];
  const { stdout, stderr } = spawnSync('bash', ['-c', script.join('\n'), 'bash', ...words], {
    cwd: setting.folder,
    env: { PATH: `${setting.folder}:${process.env.PATH}`, HOME: setting.folder, SHELL: '/bin/bash' },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

test.each<[line: string, words: string[], expected: unknown]>([
  ['a command', ['sy'], ['synth']],
  ['every command', [''], ['synth', 'init', 'seal', 'graph', 'schema', 'completion']],
  ['an environment', ['synth', 't'], ['team']],
  ['an environment after another', ['synth', 'homelab', 't'], ['team']],
  ['an environment to seal', ['seal', 'h'], ['homelab']],
  ['an environment to draw', ['graph', 'h'], ['homelab']],
  ['an environment of another folder', ['synth', '--environments', 'elsewhere', 'o'], ['other']],
  ['no environment for a new one', ['init', 't'], []],
  ['an option', ['synth', '--exp'], ['--explain']],
  ['a choice', ['synth', '--explain', 'im'], ['images']],
  ['an output file', ['synth', '--only', 'dep'], ['deployment']],
  ['nothing for a path, which the shell completes', ['synth', '--out', ''], []],
  ['nothing for a file with a value', ['seal', 'team', '--from-file', ''], []],
  [
    'an environment once to seal, and then what the shell completes',
    ['seal', 'team', ''],
    expect.not.arrayContaining(['team', 'homelab']),
  ],
  ['an environment to seal after an option with a value', ['seal', '--environments', 'environments', 't'], ['team']],
  ['nothing after a command without words', ['completion', ''], expect.not.arrayContaining(['synth'])],
  ['nothing after another', ['schema', 's'], []],
  ['the second of several output files', ['synth', '--only', 'deployment,serv'], ['deployment,service']],
  ['an output file after =, which bash makes a word', ['synth', '--only', '=', 'dep'], ['deployment']],
  ['a further one after =', ['synth', '--only', '=', 'service,dep'], ['service,deployment']],
  ['an output file after = in one word', ['synth', '--only=dep'], ['--only=deployment']],
  ['every choice after =', ['synth', '--explain', '='], ['monitoring', 'hosts', 'clients', 'images', 'secrets']],
  ['a choice after =', ['synth', '--explain', '=', 'im'], ['images']],
  ['an environment of a folder after =', ['synth', '--environments', '=', 'elsewhere', 'o'], ['other']],
  ['an environment after a flag', ['synth', '--diff', 't'], ['team']],
])('completes %s', (_, words, expected) => {
  const before = readdirSync(setting.folder);
  expect(offered(words)).toEqual(expected);
  expect(readdirSync(setting.folder)).toEqual(before);
});

test('offers no folder whose name is not that of an environment, and runs none', () => {
  const hostile = ['$(>PWNED)', '`>PWNED`', 'two words', 'a;b', '*', '-x', 'Team', '~'];
  for (const name of hostile) setting.environment(name);
  const before = readdirSync(setting.folder);
  expect(offered(['synth', '']).filter((word) => !word.startsWith('--'))).toEqual(['homelab', 'team']);
  expect(readdirSync(setting.folder)).toEqual(before);
});
