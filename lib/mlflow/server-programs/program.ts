import { nearest } from '../../input/did-you-mean';
import { type Advice, messageOf } from '../../input/issue';
import { wordsOf } from './words';

/** Options of a server program that are accepted or refused for the same reason. */
export interface FlagGroup {
  /** Those with a value. @default none */
  readonly values?: readonly string[];
  /** Those without one. @default none */
  readonly switches?: readonly string[];
  /** What they would do, as in "makes the server expect TLS", and what to do instead. @default they are accepted */
  readonly refused?: Advice;
}

/** A program that serves MLflow's application. */
export interface ServerProgram {
  readonly name: string;
  /** Every option of its command, once. */
  readonly groups: readonly FlagGroup[];
  /** Whether it takes the beginning of an option for the option. */
  readonly abbreviates: boolean;
}

/** An option in a text, with its value; none for an option without one. */
export interface GivenFlag {
  readonly name: string;
  readonly value?: string;
}

/** Options of a program, with their group, and whether they have a value. */
interface Flag {
  readonly name: string;
  readonly hasValue: boolean;
  readonly refused?: Advice;
}

const flagsOf = ({ groups }: ServerProgram): Flag[] =>
  groups.flatMap(({ values = [], switches = [], refused }) => [
    ...values.map((name) => ({ name, hasValue: true, refused })),
    ...switches.map((name) => ({ name, hasValue: false, refused })),
  ]);

/** The names of all options of a program. */
export const flagNames = (program: ServerProgram): string[] => flagsOf(program).map(({ name }) => name);

/** The option of a program with this name, or with the one name that begins so, if it abbreviates. */
function flagNamed(program: ServerProgram, name: string): Flag | undefined {
  const all = flagsOf(program);
  const exact = all.find((flag) => flag.name === name);
  if (exact || !program.abbreviates || !name.startsWith('--')) return exact;
  const begun = all.filter((flag) => flag.name.startsWith(name));
  return begun.length === 1 ? begun[0] : undefined;
}

/** Why an option is refused; undefined if it is accepted, or if the program has no such option. */
export const refusedFlag = (program: ServerProgram, name: string): Advice | undefined =>
  flagNamed(program, name)?.refused;

/** What a text of options for a server program would break, in the user's terms; nothing for most. */
export function flagIssues(program: ServerProgram, text: string): string[] {
  const words = wordsOf(text);
  if (!words) return ['has a quotation that does not end, so the server does not start (close it)'];
  const issues: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, name = word, value] = /^(--[^=]+)(?:=([\s\S]*))?$/.exec(word) ?? /^(-[^-])([\s\S]+)?$/.exec(word) ?? [];
    const flag = flagNamed(program, name);
    if (!flag) issues.push(unknown(program, name));
    else if (flag.refused) issues.push(refusal(name, flag.refused));
    else if (!flag.hasValue && value !== undefined)
      issues.push(`contains ${name} with a value, which it does not take (remove the value)`);
    if (flag?.hasValue && value === undefined) {
      index += 1;
      if (words[index] === undefined && !flag.refused) issues.push(`contains ${name} without a value (add one)`);
    }
  }
  return [...new Set(issues)];
}

const refusal = (name: string, { what, fix }: Advice) => messageOf({ what: `contains ${name}, which ${what}`, fix });

function unknown(program: ServerProgram, name: string): string {
  if (!name.startsWith('-')) return `contains a word that is no option of ${program.name} (write each as --name=value)`;
  const meant = nearest(name, flagNames(program));
  return `contains ${name}, which is not an option of ${program.name} (${meant ? `did you mean ${meant}?` : 'remove it'})`;
}
