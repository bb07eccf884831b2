import { readFileSync } from 'node:fs';
import yargs, { type Argv, type CommandModule } from 'yargs';
import { InputError } from '../input/input-error';
import { packageFile } from '../input/package-file';
import { ENVIRONMENTS } from '../synth/environment-folder';
import { commandLine } from './command-line';
import { graphCommand } from './graph';
import { withHelp } from './help';
import { initCommand } from './init';
import { refuseFlagValues } from './options';
import { UsageError } from './report';
import { schemaCommand } from './schema';
import { sealCommand } from './seal';
import { synthCommand } from './synth';

/** All commands, in the order of the help. */
const COMMANDS = [
  synthCommand,
  initCommand,
  sealCommand,
  graphCommand,
  schemaCommand,
] as unknown as readonly CommandModule[];

/** A command as yargs writes it: its name and its words. */
const formOf = ({ command = '' }: CommandModule): string => [command].flat()[0] ?? '';

const nameOf = (command: CommandModule): string => formOf(command).split(' ')[0] ?? '';

/** How many environments a command takes that exist already: none, one, or any number, as its form says. */
export function environmentsTaken(name: string): number {
  const form = COMMANDS.map(formOf).find((each) => each.split(' ')[0] === name) ?? '';
  if (form.includes('[environment..]')) return Number.POSITIVE_INFINITY;
  return form.includes('<environment>') ? 1 : 0;
}

/** The names of all commands, in the order of the help. */
export const COMMAND_NAMES: readonly string[] = COMMANDS.map(nameOf);

/**
 * Reads command lines.
 *
 * @param given the arguments, without the name of the program
 * @param width the widest line of a help text. @default as the terminal has, but not too wide to read
 */
export const commandParser = (given: readonly string[], width?: number): Argv =>
  withHelp(
    yargs([...given])
      .scriptName('cdk8s-mlflow')
      .parserConfiguration({
        'duplicate-arguments-array': true,
        'greedy-arrays': false,
        'boolean-negation': false,
        'dot-notation': false,
      })
      .middleware((parsed) => refuseFlagValues(given, parsed), true)
      .command([...COMMANDS])
      .strict()
      .version('version', 'print the version of this program', version())
      // English, whatever the locale.
      .locale('en')
      .exitProcess(false)
      .fail((message, error) => {
        // Unless this throws, yargs runs the command anyway.
        throw error && error.name !== 'YError' ? error : usageError(message || error.message, given);
      }),
    width,
  );

/** The version of this package. */
const version = (): string => JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version;

/** What is wrong with a command line: in our words where it lacks something, in those of yargs otherwise. */
function usageError(message: string, [command = '']: readonly string[]): Error {
  if (message.startsWith('Not enough non-option arguments')) {
    return new InputError([
      `${command}: needs the name of an environment (for example ${commandLine(command, 'team', ENVIRONMENTS)})`,
    ]);
  }
  const option = /^Not enough arguments following: ([\w-]+)$/.exec(message)?.[1];
  if (option !== undefined) return new InputError([`--${option}: needs a value (write one after it)`]);
  const called = COMMAND_NAMES.find((name) => name === command);
  // What was typed may contain a value that should be secret.
  const mayHaveValue = called === undefined || called === nameOf(sealCommand as unknown as CommandModule);
  return new UsageError(mayHaveValue ? message.replace(REPEATED, '$1') : message, called);
}

/** What yargs repeats of the command line, after what is wrong with it. */
const REPEATED = /^(Unknown (?:argument|command)s?|Invalid values):.*$/s;
