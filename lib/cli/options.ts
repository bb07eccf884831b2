import type { Options } from 'yargs';
import { InputError } from '../input/input-error';
import { ENVIRONMENTS } from '../synth/environment-folder';

/** The heading of options that name folders. */
export const FOLDERS = 'Folders:';

/** `--environments`, the same for every command that has it. */
export const environmentsOption = {
  type: 'string',
  requiresArg: true,
  default: ENVIRONMENTS,
  describe: 'folder of the environments',
  group: FOLDERS,
} as const satisfies Options;

/** An option without a value. */
export const flag = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;

/** An option with one value. */
export const word = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;

/**
 * The options of a command, refused if npm consumed some because no `--` was before them: the command would do something
 * else without them, such as write files instead of showing the difference, or take the value of an option as a name.
 *
 * @param script the npm script of the command
 * @param options all options of the command
 * @throws InputError with a line for each.
 */
export function unconsumed<O extends Readonly<Record<string, Options>>>(script: string, options: O): O {
  if (process.env.npm_lifecycle_event !== script) return options;
  const consumed = Object.keys(options).filter(
    (name) => process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
  );
  if (consumed.length === 0) return options;
  throw new InputError(
    consumed.map((name) => `npm consumed --${name}; put options after --: npm run ${script} -- --${name}`),
  );
}

/**
 * Refuses several values for an option that takes one, which yargs turns into a list, and empty values.
 *
 * @param options all options of the command
 * @throws InputError with a line for each.
 */
export function refuseMisused(
  given: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, Options>>,
): void {
  const lines = Object.keys(options).flatMap((name) => {
    if (options[name]?.array) return [];
    if (Array.isArray(given[name])) return [`--${name}: is given twice (use one)`];
    return given[name] === '' ? [`--${name}: is empty (give a value)`] : [];
  });
  if (lines.length > 0) throw new InputError(lines);
}

/**
 * Refuses values of flags other than true and false: yargs takes any of them for false, so `--check=1` would write files.
 *
 * @param given the arguments as they were written
 * @param parsed what yargs made of them
 * @throws InputError with a line for each.
 */
export function refuseFlagValues(given: readonly string[], parsed: Readonly<Record<string, unknown>>): void {
  const end = given.indexOf('--');
  const lines = given.slice(0, end < 0 ? given.length : end).flatMap((argument) => {
    const [, name = '', value = ''] = /^--([\w-]+)=(.*)$/s.exec(argument) ?? [];
    // Of an unknown option some may be text, and its name part of a value.
    const isFlag = [parsed[name]].flat().every((each) => typeof each === 'boolean');
    return isFlag && !/^(true|false)$/.test(value) ? [`--${name}: takes no value (write --${name} alone)`] : [];
  });
  if (lines.length > 0) throw new InputError(lines);
}
