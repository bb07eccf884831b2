import type { Options } from 'yargs';
import { InputError } from '../input/input-error';
import { ENVIRONMENTS } from './command-line';

/** `--environments`, the same for every command that has it. */
export const environmentsOption = {
  type: 'string',
  requiresArg: true,
  default: ENVIRONMENTS,
  describe: 'folder of the environments',
} as const satisfies Options;

/**
 * Refuses options that npm consumed because no `--` was before them: without them the command would do something else,
 * such as write files instead of showing the difference.
 *
 * @throws InputError with a line for each.
 */
export function refuseConsumedByNpm(script: string, names: readonly string[]): void {
  if (process.env.npm_lifecycle_event !== script) return;
  const consumed = names.filter((name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
  if (consumed.length > 0) {
    throw new InputError(
      consumed.map((name) => `npm consumed --${name}; put options after --: npm run ${script} -- --${name}`),
    );
  }
}

/**
 * Refuses several values for an option that takes one, which yargs turns into a list.
 *
 * @throws InputError with a line for each.
 */
export function refuseRepeated<Name extends string>(
  given: Readonly<Record<Name, unknown>>,
  names: readonly Name[],
): void {
  const repeated = names.filter((name) => Array.isArray(given[name]));
  if (repeated.length > 0) throw new InputError(repeated.map((name) => `--${name}: is given twice (use one)`));
}
