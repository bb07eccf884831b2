import { printable } from './printable';

/** Invalid input of a user: one formatted line for each issue. */
export class InputError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    const shown = lines.map(printable);
    super(shown.join('\n'));
    this.lines = shown;
    this.name = 'InputError';
  }
}
