import { InputError } from '../input/input-error';
import { oneLine } from '../input/printable';
import { isSystemError, type SystemError, systemReason } from '../input/system-error';
import { helpLine } from './command-line';
import { ExitCode } from './exit-codes';
import { Interrupted } from './interrupted';
import { printError } from './print';

/** A command line that yargs does not understand. */
export class UsageError extends Error {
  /** @param command the command that was called, if any was recognized */
  constructor(
    message: string,
    readonly command?: string,
  ) {
    super(message);
  }
}

/** The name of a missing third-party package, and undefined for a missing file of ours. */
function missingPackage({ code, message }: NodeJS.ErrnoException): string | undefined {
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return /^Cannot find (?:module|package) '([^'./\\][^']*)'/.exec(message)?.[1];
}

/** What an error of the operating system is about. */
const subjectOf = ({ path, syscall }: SystemError): string =>
  path ?? (syscall === 'uv_cwd' ? 'working folder' : `operation ${syscall}`);

/** Prints a line that says what is wrong. */
const fail = (line: string): void => printError(line, 'red');

/** Prints what is wrong on standard error, and returns the exit code for it. */
export function report(error: unknown): number {
  if (error instanceof InputError) {
    for (const line of error.lines) fail(line);
    return ExitCode.INPUT;
  }
  if (error instanceof Interrupted) {
    fail('interrupted; nothing was written');
    return ExitCode.INTERRUPTED;
  }
  const failure = error as NodeJS.ErrnoException;
  if (failure instanceof UsageError || failure.name === 'YError') {
    const command = error instanceof UsageError ? error.command : undefined;
    fail(`${oneLine(failure.message)} (see ${helpLine(command)})`);
    return ExitCode.INPUT;
  }
  if (isSystemError(error)) {
    fail(oneLine(`${subjectOf(error)}: ${systemReason(error)}`));
    return ExitCode.INPUT;
  }
  const missing = missingPackage(failure);
  if (missing) {
    fail(`package ${missing} is not installed (run npm ci in the folder of package.json)`);
    return ExitCode.INPUT;
  }
  fail(`internal error, please report it: ${oneLine(failure.message ?? String(error))}`);
  if (process.env.CDK8S_MLFLOW_DEBUG) for (const line of String(failure.stack).split('\n')) printError(line);
  else printError('(set CDK8S_MLFLOW_DEBUG=1 for the stack trace)');
  return ExitCode.BUG;
}
