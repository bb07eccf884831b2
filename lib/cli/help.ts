import type { Argv } from 'yargs';
import { ENVIRONMENTS } from '../synth/environment-folder';
import { commandLine } from './command-line';
import { exitCodes } from './exit-codes';

/** The widest line of a help text. */
export const WIDEST = 100;

/** An example of a command. */
export interface Example {
  readonly does: string;
  /** The environment that it names. @default none */
  readonly environment?: string;
  /** What follows the environment. @default nothing */
  readonly more?: readonly string[];
}

/** Examples of a command, each as the user types it and with what it does. */
export const examples = (command: string, of: readonly Example[]): [string, string][] =>
  of.map(({ does, environment = '', more }) => [commandLine(command, environment, ENVIRONMENTS, more), does]);

/** Gives all help texts their form. */
export const withHelp = <T>(yargs: Argv<T>, width = Math.min(WIDEST, yargs.terminalWidth() || WIDEST)): Argv<T> =>
  yargs
    .help('help', 'show this help')
    .wrap(width)
    .epilogue(
      `Exit codes: ${exitCodes()
        .map(([code, means]) => `${code} ${means}`)
        .join('; ')}.`,
    );
