import yargs from 'yargs';
import { InputError } from '../input/input-error';
import { commandLine, ENVIRONMENTS } from './command-line';
import { graphCommand } from './graph';
import { initCommand } from './init';
import { refuseFlagValues } from './options';
import { report, UsageError } from './report';
import { schemaCommand } from './schema';
import { sealCommand } from './seal';
import { synthCommand } from './synth';

/**
 * Runs one command line.
 *
 * @param given the arguments, without the name of the program
 * @returns the exit code. Issues are printed as lines on standard error, never as a stack trace.
 */
export async function run(given: readonly string[]): Promise<number> {
  try {
    await yargs([...given])
      .scriptName('cdk8s-mlflow')
      .parserConfiguration({
        'duplicate-arguments-array': true,
        'greedy-arrays': false,
        'boolean-negation': false,
        'dot-notation': false,
      })
      .middleware((parsed) => refuseFlagValues(given, parsed), true)
      .command(synthCommand)
      .command(initCommand)
      .command(sealCommand)
      .command(graphCommand)
      .command(schemaCommand)
      .strict()
      .help()
      .version(false)
      // English, whatever the locale.
      .locale('en')
      .exitProcess(false)
      .fail((message, error) => {
        // Unless this throws, yargs runs the command anyway.
        throw error && error.name !== 'YError' ? error : usageError(message || error.message, given);
      })
      .parseAsync();
    return 0;
  } catch (error) {
    return report(error);
  }
}

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
  return new UsageError(isTakingValues(given) ? message.replace(REPEATED, '$1') : message);
}

/** What yargs repeats of the command line, after what is wrong with it. */
const REPEATED = /^(Unknown (?:argument|command)s?|Invalid values):.*$/s;

/** Whether what was typed may contain a value that should be secret: for `seal`, or a command that is not recognized. */
const isTakingValues = ([command = '']: readonly string[]): boolean =>
  !['synth', 'init', 'graph', 'schema'].includes(command);
