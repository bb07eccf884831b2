import type { Argv, FallbackCompletionFunction } from 'yargs';
import { ENVIRONMENTS } from './command-line';

/** The argument with which the script in a shell asks what may come next; the words of the line follow it. */
const ASKED = '--get-yargs-completions';

/** Commands whose words are environments that exist. */
const NAMING = ['synth', 'seal', 'graph'];

/**
 * Adds the command that prints a script for the shell, and answers what the script asks: commands, options and their
 * choices as yargs knows them, names of environments and of the files of `--only`.
 */
export async function withCompletion<T>(yargs: Argv<T>, given: readonly string[]): Promise<Argv<T>> {
  const command = ['completion', 'print a script that completes commands, options and names in bash or zsh'] as const;
  // Not by yargs' own way, which goes on to another command unless it may end the process.
  if (!given.includes(ASKED)) return yargs.command(...command, {}, () => void yargs.showCompletionScript());
  const { listEnvironments } = await import('../synth/environments');
  const { OUTPUT_FILES } = await import('./output-files');
  const [, name = ''] = given.slice(given.indexOf(ASKED) + 1);
  const complete: FallbackCompletionFunction = (current, options, filter, done) =>
    filter((_, known = []) => {
      const previous = given.at(-2) ?? '';
      if (previous === '--only') return done([...OUTPUT_FILES]);
      // An option that takes a value: one of its choices, or whatever the shell completes by itself, such as a file.
      const isFlag = !previous.startsWith('--') || options[previous.slice(2)] === true;
      if (!isFlag) return done(known.filter((word) => !word.startsWith('-')));
      const folder = String(options.environments ?? ENVIRONMENTS);
      done(NAMING.includes(name) && !current.startsWith('-') ? [...known, ...listEnvironments(folder)] : known);
    });
  // The answer ends the process at once: if it did not, yargs would then run the command that is being typed.
  return yargs
    .exitProcess(true)
    .strict(false)
    .completion(...command, complete);
}
