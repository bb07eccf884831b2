import { quoted } from '../input/printable';
import { shellWord } from '../input/shell-word';
import { matches } from '../kubernetes/grammar';
import { DNS_LABEL } from '../kubernetes/names';

/** The folder of the environments, for which commands need no option. */
export const ENVIRONMENTS = 'environments';

/** What a command line needs for the environments of a folder. */
export const folderWords = (environments: string): string[] =>
  environments === ENVIRONMENTS ? [] : ['--environments', shellWord(environments)];

/** What is wrong with the name of an environment, which is that of its folder and is part of paths, headers and commands. */
export const nameIssue = (name: string, what = 'environment name'): string | undefined =>
  matches(DNS_LABEL, name)
    ? undefined
    : `${quoted(name)}: is not a valid ${what} (use lowercase letters, digits and -, for example team-a)`;
