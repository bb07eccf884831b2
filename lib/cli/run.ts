import yargs from 'yargs';
import { schemaCommand } from './schema';
import { synthCommand } from './synth';

/** Exit codes: done; the user's input (or a stale output); a bug of ours. */
const [INPUT, BUG] = [1, 2];

/**
 * Runs one command line.
 *
 * @param given the arguments, without the program's own name
 * @returns the exit code. Faults are printed as lines on standard error, never as a stack trace.
 */
export async function run(given: readonly string[]): Promise<number> {
  let code = 0;
  await yargs([...given])
    .scriptName('cdk8s-mlflow')
    .parserConfiguration({ 'duplicate-arguments-array': true, 'greedy-arrays': false })
    .command(synthCommand)
    .command(schemaCommand)
    .strict()
    .help()
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      code = report(message, error);
    })
    .parseAsync()
    .catch((error: unknown) => {
      code = report(undefined, error);
    });
  return code;
}

function report(message: string | undefined, error: unknown): number {
  if (!error) {
    console.error(`${message} (see cdk8s-mlflow --help)`);
    return INPUT;
  }
  if (isInputError(error)) {
    for (const line of error.lines) console.error(line);
    return INPUT;
  }
  const failure = error as NodeJS.ErrnoException;
  if (failure.syscall && failure.path) {
    console.error(`${failure.path}: cannot ${failure.syscall} it (${failure.code})`);
    return INPUT;
  }
  console.error(`cdk8s-mlflow: a fault of its own, please report it: ${failure.message ?? String(error)}`);
  if (process.env.CDK8S_MLFLOW_DEBUG) console.error(failure.stack);
  else console.error('(CDK8S_MLFLOW_DEBUG=1 shows where)');
  return BUG;
}

// By name: its module is loaded only by the commands that need it.
const isInputError = (error: unknown): error is Error & { readonly lines: readonly string[] } =>
  error instanceof Error && error.name === 'InputError';
