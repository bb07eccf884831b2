import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { nearest } from '../input/did-you-mean';
import { InputError } from '../input/input-error';
import { oneLine } from '../input/issue';
import { matches } from '../kubernetes/grammar';
import { DNS_LABEL } from '../kubernetes/names';
import { commandLine } from '../synth/command-line';
import { writeWholeFile } from '../synth/output/atomic-write';
import { environmentsOption, refuseKeptByNpm, refuseRepeated } from './options';

/** What a new environment can begin with: environments of this repository, which are synthesized and tested there. */
const PRESETS = ['quickstart', 'homelab', 'production'] as const;

interface InitArguments {
  readonly name: string;
  readonly preset: string;
  readonly environments: string;
}

/** `init`: a commented environment file to begin with. Never replaces one. */
export const initCommand: CommandModule<object, InitArguments> = {
  command: 'init <name>',
  describe: 'write a first, commented environment file',
  builder: (yargs: Argv) =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'name of the environment: lower case letters, digits and -',
      })
      .option('preset', {
        type: 'string',
        requiresArg: true,
        default: PRESETS[0],
        describe: `what to begin with: ${PRESETS.join(', ')}`,
      })
      .option('environments', environmentsOption),
  handler: runInit,
};

function runInit(given: ArgumentsCamelCase<InitArguments>): void {
  refuseKeptByNpm('init', ['preset', 'environments']);
  refuseRepeated(given, ['preset', 'environments']);
  const { name, preset, environments } = given;
  checkName(name);
  checkPreset(preset);
  const file = join(environments, name, 'environment.yaml');
  // A link that leads nowhere is in the way too: it would be replaced.
  if (lstatSync(file, { throwIfNoEntry: false })) {
    throw new InputError([`${file}: is there already (take another name, or move it away)`]);
  }
  const namespace = name.startsWith('mlflow') ? name : `mlflow-${name}`;
  const text = withNamespace(withoutDeadPaths(readPreset(preset), file), namespace);
  writeWholeFile(file, text);
  console.log(`wrote ${file} (preset ${preset}, namespace ${namespace})`);
  // A preset that is sealed comes without values: the example's can be opened by anybody.
  const seal = /^ {2}provider: sealed$/m.test(text) ? `${commandLine('seal', name, environments)}, then: ` : '';
  console.log(`next: edit it, then: ${seal}${commandLine('synth', name, environments)}`);
}

function checkName(name: string): void {
  if (matches(DNS_LABEL, name)) return;
  throw new InputError([
    `${oneLine(JSON.stringify(name))}: is no name of an environment (use lower case letters, digits and -, such as team-a)`,
  ]);
}

function checkPreset(preset: string): void {
  if ((PRESETS as readonly string[]).includes(preset)) return;
  const meant = nearest(preset, PRESETS);
  const hint = meant ? `did you mean ${meant}?` : `there are: ${PRESETS.join(', ')}`;
  throw new InputError([`--preset ${oneLine(preset)}: is no preset (${hint})`]);
}

/** The text of a preset. In the repository and in the package it is two folders above, as the schema is. */
const readPreset = (preset: string): string =>
  readFileSync(join(__dirname, '..', '..', 'environments', preset, 'environment.yaml'), 'utf8');

/**
 * Leaves out each comment that ends in a path which leads nowhere from the new file, such as that of the schema outside
 * of this repository.
 */
function withoutDeadPaths(text: string, file: string): string {
  const isDead = (line: string) => {
    const path = /^#.*?((\.\.\/)+\S+)$/.exec(line)?.[1];
    return path !== undefined && !existsSync(join(dirname(file), path));
  };
  const lines = text.split('\n').filter((line) => !isDead(line));
  return lines.join('\n').replace(/^(#\n)+/, '');
}

/** Gives the environment a namespace of its own: in the preset's it would take the place of what is there. */
function withNamespace(text: string, namespace: string): string {
  const named = /^(namespace:\n {2}name: )\S+/m;
  if (named.test(text)) return text.replace(named, `$1${namespace}`);
  return text.replace(/^(?=[a-z])/m, `namespace:\n  name: ${namespace}\n\n`);
}
