import { SCRIPTS } from '../lib/cli/command-line';
import { exitCodes } from '../lib/cli/exit-codes';
import { WIDEST } from '../lib/cli/help';
import { COMMAND_NAMES, commandParser } from '../lib/cli/parser';
import { markdownTable } from './markdown-table';

/** The help of a command, as wide as a page. */
function helpOf(name: string): string {
  let help = '';
  commandParser([name], WIDEST).showHelp((text) => {
    help = text;
  });
  return help.trim();
}

/** The reference page of the command line: the help of every command, and the exit codes. */
export function commandsPage(): string {
  return [
    '# Commands',
    '',
    'Generated from `lib/cli`; change it there and run `npm run generate`.',
    '',
    `In a clone of the repository, ${SCRIPTS.map((name) => `\`${name}\``).join(', ')} are npm scripts, and options follow \`--\`: \`npm run -s synth -- team --diff\`. With the package installed, they are commands of \`cdk8s-mlflow\`: \`npx cdk8s-mlflow synth team --diff\`. Each prints its help with \`--help\`.`,
    '',
    ...COMMAND_NAMES.flatMap((name) => [`## ${name}`, '', '```text', helpOf(name), '```', '']),
    '## completion',
    '',
    'Prints a script by which a shell completes commands, options, environments and output files. It is for the shell that `$SHELL` names: zsh, or else bash. Install the command, so that the shell finds it:',
    '',
    '```sh',
    'npm install --global cdk8s-mlflow',
    '```',
    '',
    'In `~/.bashrc`:',
    '',
    '```sh',
    'eval "$(cdk8s-mlflow completion)"',
    '```',
    '',
    'In `~/.zshrc`:',
    '',
    '```sh',
    'autoload -U compinit && compinit',
    'eval "$(cdk8s-mlflow completion)"',
    '```',
    '',
    '## Exit codes',
    '',
    ...markdownTable(
      ['code', 'means'],
      exitCodes().map(([code, means]) => [String(code), means]),
    ),
    '',
    'The programs in the pods have [codes of their own](exit-codes.md).',
    '',
  ].join('\n');
}
