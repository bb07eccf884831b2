import yargs from 'yargs';
import { InputError } from '../input/input-error';
import { oneLine } from '../input/printable';
import { initCommand } from './init';
import { Interrupted } from './interrupted';
import { refuseFlagValues } from './options';
import { printError } from './print';
import { schemaCommand } from './schema';
import { sealCommand } from './seal';
import { synthCommand } from './synth';

/** Exit codes: invalid input or stale output; a bug; a cancelled prompt, the same as a shell's after Ctrl-C. */
const [INPUT, BUG, INTERRUPTED] = [1, 2, 130];

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
      .command(schemaCommand)
      .strict()
      .help()
      .version(false)
      // English, whatever the locale.
      .locale('en')
      .exitProcess(false)
      .fail((message, error) => {
        // Unless this throws, yargs runs the command anyway.
        throw error ?? new UsageError(message);
      })
      .parseAsync();
    return 0;
  } catch (error) {
    return report(error);
  }
}

/** A command line that yargs does not understand. */
class UsageError extends Error {}

/** The name of a missing third-party package, and undefined for a missing file of ours. */
function missingPackage({ code, message }: NodeJS.ErrnoException): string | undefined {
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return /^Cannot find (?:module|package) '([^'./\\][^']*)'/.exec(message)?.[1];
}

/** As in `ENOSPC: no space left on device`. */
const reasonOf = ({ code, message, syscall }: NodeJS.ErrnoException): string =>
  message.startsWith(`${code}: `) ? (message.split(`, ${syscall}`)[0] ?? message) : String(code);

function report(error: unknown): number {
  if (error instanceof InputError) {
    for (const line of error.lines) printError(line);
    return INPUT;
  }
  if (error instanceof Interrupted) {
    printError('interrupted; nothing was written');
    return INTERRUPTED;
  }
  const failure = error as NodeJS.ErrnoException;
  if (failure instanceof UsageError || failure.name === 'YError') {
    printError(`${oneLine(failure.message)} (see cdk8s-mlflow --help)`);
    return INPUT;
  }
  if (failure.syscall && failure.path) {
    printError(oneLine(`${failure.path}: ${failure.syscall} failed (${reasonOf(failure)})`));
    return INPUT;
  }
  const missing = missingPackage(failure);
  if (missing) {
    printError(`package ${missing} is not installed (run npm ci in the folder of package.json)`);
    return INPUT;
  }
  printError(`internal error, please report it: ${oneLine(failure.message ?? String(error))}`);
  if (process.env.CDK8S_MLFLOW_DEBUG) for (const line of String(failure.stack).split('\n')) printError(line);
  else printError('(set CDK8S_MLFLOW_DEBUG=1 for the stack trace)');
  return BUG;
}
