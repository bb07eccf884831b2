import type { Argv } from 'yargs';
import { print } from './print';

/** The argument with which the script in a shell asks what may come next; the words of the line follow it. */
export const ASKED = '--get-yargs-completions';

/**
 * The script for bash. Unlike that of yargs it expands nothing that it is offered, and it knows that bash makes a word of
 * the `=` after an option.
 */
const BASH = `_cdk8s_mlflow_completions() {
  local word=\${COMP_WORDS[COMP_CWORD]} offered
  [[ $word == '=' ]] && word=
  COMPREPLY=()
  while IFS= read -r offered; do
    [[ $offered == "$word"* ]] && COMPREPLY+=("$offered")
  done < <(cdk8s-mlflow ${ASKED} "\${COMP_WORDS[@]:0:COMP_CWORD+1}")
}
complete -o bashdefault -o default -F _cdk8s_mlflow_completions cdk8s-mlflow`;

/** Prints the script for the shell of the user, by $SHELL: zsh, or else bash. */
export function printScript(yargs: Argv): void {
  if (process.env.SHELL?.endsWith('zsh')) yargs.showCompletionScript();
  else for (const line of BASH.split('\n')) print(line);
}

/** The words of a command line, as the script in a shell passes them. */
export interface AskedWords {
  /** All arguments, with an option and its value as two words. */
  readonly given: readonly string[];
  /** What the shell expects before each offered word, because it is part of the word that is typed. */
  readonly prefix: string;
}

/** Separates options from their values: bash passes `--only=a` as three words, and zsh as one. */
export function askedWords(given: readonly string[]): AskedWords {
  if (given[0] !== ASKED) return { given, prefix: '' };
  const separated = given.flatMap((word, index) => {
    if (word === '=' && given[index - 1]?.startsWith('--')) return index === given.length - 1 ? [''] : [];
    return split(word);
  });
  const [option, value] = split(given.at(-1) ?? '');
  return { given: separated, prefix: value === undefined ? '' : `${option}=` };
}

/** An option and its value, or the word itself. */
function split(word: string): string[] {
  const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  return option === undefined || value === undefined ? [word] : [option, value];
}
