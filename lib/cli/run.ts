import { withCompletion } from './completion';
import { commandParser } from './parser';
import { report } from './report';

/**
 * Runs one command line.
 *
 * @param given the arguments, without the name of the program
 * @returns the exit code. Issues are printed as lines on standard error, never as a stack trace.
 */
export async function run(given: readonly string[]): Promise<number> {
  try {
    const parser = await withCompletion(commandParser(given), given);
    await parser.parseAsync();
    return 0;
  } catch (error) {
    return report(error);
  }
}
