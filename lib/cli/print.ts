import { printable } from '../input/printable';

/** Prints a line on standard output. Whatever it repeats of a file, a name or a message, a terminal shows and does not obey. */
export const print = (line: string): void => console.log(printable(line));

/** Prints a line on standard error, in the same way. */
export const printError = (line: string): void => console.error(printable(line));
