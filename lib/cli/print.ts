import { inspect } from 'node:util';
import { printable } from '../input/printable';

/** How a part of a line is shown. */
export type Style = 'bold' | 'green' | 'red' | 'yellow';

/**
 * Prints a line on standard output. Whatever it repeats of a file, a name or a message, a terminal shows and does not
 * obey.
 *
 * @param style of the line, where a terminal has colours. @default none
 */
export const print = (line: string, style?: Style): void =>
  console.log(style ? styled(printable(line), style, process.stdout) : printable(line));

/** Prints a line on standard error, in the same way. */
export const printError = (line: string, style?: Style): void =>
  console.error(style ? styled(printable(line), style, process.stderr) : printable(line));

/** Prints a warning on standard error. */
export const printWarning = (line: string): void =>
  console.error(`${styled('warning:', 'yellow', process.stderr)} ${printable(line)}`);

/** A printable text with colour, unless the stream is no terminal, or its terminal has none or is to show none (NO_COLOR). */
function styled(text: string, style: Style, stream: NodeJS.WriteStream): string {
  if (!stream.isTTY || !stream.hasColors()) return text;
  const [on, off] = inspect.colors[style] ?? [];
  return on === undefined ? text : `\u001b[${on}m${text}\u001b[${off}m`;
}
