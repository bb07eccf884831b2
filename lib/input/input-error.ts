import { printable } from './printable';

/** Invalid input of a user: one formatted line for each issue. */
export class InputError extends Error {
  /** One for each issue. */
  declare readonly lines: readonly string[];

  /**
   * Creates an error whose message has a line for each issue.
   *
   * @param lines - one for each issue
   */
  constructor(lines: readonly string[]) {
    const shown = lines.map(printable);
    super(shown.join('\n'));
    // Not enumerable: Node would print them below the message, which has them already.
    Object.defineProperty(this, 'lines', { value: shown });
    this.name = 'InputError';
  }
}
