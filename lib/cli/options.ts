import type { Options } from 'yargs';
import { InputError } from '../input/input-error';
import { ENVIRONMENTS } from '../synth/command-line';

/** `--environments`, the same for every command that has it. */
export const environmentsOption = {
  type: 'string',
  requiresArg: true,
  default: ENVIRONMENTS,
  describe: 'folder of the environments',
} as const satisfies Options;

/**
 * Refuses options that npm kept for itself, because no `--` stood before them: without them the command would do
 * something else, such as write where it was only to show.
 *
 * @throws InputError with a line for each.
 */
export function refuseKeptByNpm(script: string, names: readonly string[]): void {
  if (process.env.npm_lifecycle_event !== script) return;
  const kept = names.filter((name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
  if (kept.length > 0) {
    throw new InputError(kept.map((name) => `--${name}: npm kept it (write npm run ${script} -- --${name})`));
  }
}

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
