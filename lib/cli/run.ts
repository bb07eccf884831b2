import { readFileSync } from 'node:fs';
import yargs, { type CommandModule } from 'yargs';
import { InputError } from '../input/input-error';
import { packageFile } from '../input/package-file';
import { commandLine, ENVIRONMENTS } from './command-line';
import { withCompletion } from './completion';
import { withHelp } from './help';
import { initCommand } from './init';
import { refuseFlagValues } from './options';
import { report, UsageError } from './report';
import { schemaCommand } from './schema';
import { sealCommand } from './seal';
import { synthCommand } from './synth';

/** All commands, in the order of the help. */
const COMMANDS = [synthCommand, initCommand, sealCommand, schemaCommand] as unknown as readonly CommandModule[];

/** The name of the command that is called; undefined if none is recognized. */
const commandOf = ([first = '']: readonly string[]): string | undefined =>
  COMMANDS.some(({ command }) => [command].flat()[0]?.split(' ')[0] === first) ? first : undefined;

/**
 * Runs one command line.
 *
 * @param given the arguments, without the name of the program
 * @returns the exit code. Issues are printed as lines on standard error, never as a stack trace.
 */
export async function run(given: readonly string[]): Promise<number> {
  try {
    const parser = yargs([...given])
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
      });
    await (await withCompletion(withHelp(parser), given)).parseAsync();
    return 0;
  } catch (error) {
    return report(error);
  }
}

/** The version of this package. */
const version = (): string => JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version;

/** What is wrong with a command line: in our words where it lacks something, in those of yargs otherwise. */
function usageError(message: string, given: readonly string[]): Error {
  const [command = ''] = given;
  if (message.startsWith('Not enough non-option arguments')) {
    return new InputError([
      `${command}: needs the name of an environment (for example ${commandLine(command, 'team', ENVIRONMENTS)})`,
    ]);
  }
  const option = /^Not enough arguments following: ([\w-]+)$/.exec(message)?.[1];
  if (option !== undefined) return new InputError([`--${option}: needs a value (write one after it)`]);
  const named = commandOf(given);
  // What was typed may contain a value that should be secret.
  const mayHaveValue = named === undefined || named === 'seal';
  return new UsageError(mayHaveValue ? message.replace(REPEATED, '$1') : message, named);
}

/** What yargs repeats of the command line, after what is wrong with it. */
const REPEATED = /^(Unknown (?:argument|command)s?|Invalid values):.*$/s;
