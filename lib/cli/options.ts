import type { Options } from 'yargs';
import { InputError } from '../environment/input-error';

/** The folder of the environments by default. */
export const ENVIRONMENTS = 'environments';

/** `--environments`, the same for every command that has it. */
export const environmentsOption = {
  type: 'string',
  requiresArg: true,
  default: ENVIRONMENTS,
  describe: 'folder of the environments',
} as const satisfies Options;

/**
 * Refuses what takes one value and was given several, which yargs makes a list of.
 *
 * @throws InputError with a line for each.
 */
export function refuseRepeated<Name extends string>(
  given: Readonly<Record<Name, unknown>>,
  names: readonly Name[],
): void {
  const repeated = names.filter((name) => Array.isArray(given[name]));
  if (repeated.length > 0) throw new InputError(repeated.map((name) => `--${name}: is given twice (give one)`));
}
