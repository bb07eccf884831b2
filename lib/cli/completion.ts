import type { Argv, FallbackCompletionFunction } from 'yargs';
import { ENVIRONMENTS } from '../synth/environment-folder';
import { ASKED, type AskedWords, printScript } from './completion-script';
import { COMMAND_NAMES, environmentsTaken } from './parser';

const COMMAND = 'completion';

/**
 * Adds the command that prints a script for the shell, and answers what the script asks: commands, options and their
 * choices as yargs knows them, names of environments and of the files of `--only`.
 */
export async function withCompletion<T>(yargs: Argv<T>, { given, prefix }: AskedWords): Promise<Argv<T>> {
  const command = [COMMAND, 'print a completion script for bash or zsh'] as const;
  // Not by yargs' own way, which goes on to another command unless it may end the process.
  if (given[0] !== ASKED) return yargs.command(...command, {}, () => printScript(yargs));
  const { environmentNames } = await import('../synth/environments');
  const { OUTPUT_FILES } = await import('./output-files');
  const [, name = ''] = given.slice(1);
  const complete: FallbackCompletionFunction = (current, options, filter, done) =>
    filter((_, known = []) => {
      const offer = (words: readonly string[]) => done(words.map((word) => `${prefix}${word}`));
      const previous = given.at(-2) ?? '';
      if (previous === '--only') {
        const others = current.slice(0, current.lastIndexOf(',') + 1);
        return offer(OUTPUT_FILES.map((file) => `${others}${file}`));
      }
      // An option that takes a value: one of its choices, or whatever the shell completes by itself, such as a file.
      const isFlag = !previous.startsWith('--') || options[previous.slice(2)] === true;
      if (!isFlag) return offer(known.filter((word) => !word.startsWith('-')));
      const isCalled = given.length > 3 && isCommand(name);
      const own = isCalled ? known.filter((word) => !isCommand(word)) : known;
      // The words of the command, the name of the program and the command itself.
      const isNamed = isCalled && options._.length - 2 <= environmentsTaken(name) && !current.startsWith('-');
      offer(isNamed ? [...own, ...environmentNames(String(options.environments ?? ENVIRONMENTS))] : own);
    });
  // The answer ends the process at once: if it did not, yargs would then run the command that is being typed.
  return yargs
    .exitProcess(true)
    .strict(false)
    .completion(...command, complete);
}

/** Whether yargs offers a command, in zsh with its description. */
const isCommand = (word: string): boolean => [...COMMAND_NAMES, COMMAND].includes(word.split(':')[0] ?? '');
