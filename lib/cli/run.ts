import { withCompletion } from './completion';
import { askedWords } from './completion-script';
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
    const asked = askedWords(given);
    const parser = await withCompletion(commandParser(asked.given), asked);
    await parser.parseAsync();
    return 0;
  } catch (error) {
    return report(error);
  }
}
