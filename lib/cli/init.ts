import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule, Options } from 'yargs';
import { ENVIRONMENT_FILE } from '../environment/environment-file';
import { nearest } from '../input/did-you-mean';
import { InputError } from '../input/input-error';
import { packageFile } from '../input/package-file';
import { matches } from '../kubernetes/grammar';
import { DNS_LABEL } from '../kubernetes/names';
import { CERTIFICATE_FILE } from '../sealed-secrets/certificate';
import { nameIssue } from '../synth/environment-folder';
import { writeFiles } from '../synth/output/atomic-write';
import { attempt, removeAbandoned } from '../synth/output/partial-files';
import { commandLine, fetchCommand } from './command-line';
import { type Example, examples } from './help';
import { fromPreset } from './init-preset';
import { environmentsOption, refuseMisused, unconsumed, word } from './options';
import { print } from './print';

/**
 * What a new environment can be copied from: environments of this repository, which are synthesized and tested there.
 */
const PRESETS = ['quickstart', 'homelab', 'production'] as const;

interface InitArguments {
  readonly name: string;
  readonly preset: string;
  readonly environments: string;
}

const EXAMPLES: readonly Example[] = [
  { does: 'start from the quickstart, which needs only a cluster', environment: 'team' },
  { does: 'start from the production preset', environment: 'team', more: ['--preset', 'production'] },
];

const OPTIONS = {
  preset: { ...word(`environment to copy: ${PRESETS.join(', ')}`), default: PRESETS[0] },
  environments: environmentsOption,
} as const satisfies Readonly<Record<string, Options>>;

/** `init`: creates an environment file with comments from a preset. Never replaces one. */
export const initCommand: CommandModule<object, InitArguments> = {
  command: 'init <name>',
  describe: 'create an environment file with comments',
  builder: (yargs: Argv) =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'name of the new environment: lowercase letters, digits and -',
      })
      .options(unconsumed('init', OPTIONS))
      .example(examples('init', EXAMPLES)),
  handler: runInit,
};

function runInit(given: ArgumentsCamelCase<InitArguments>): void {
  refuseMisused(given, OPTIONS);
  const { name, preset, environments } = given;
  checkName(name);
  checkPreset(preset);
  const file = join(environments, name, ENVIRONMENT_FILE);
  // A link whose target does not exist counts too: it would be replaced.
  if (lstatSync(file, { throwIfNoEntry: false })) {
    throw new InputError([`${file}: already exists (choose another name, or move it)`]);
  }
  const folder = dirname(file);
  // It would be written to where the link leads, and seal refuses such a folder.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new InputError([`${folder}: is a symbolic link (choose another name, or remove it)`]);
  }
  const namespace = namespaceOf(name);
  const { text, isSealed, examples: left } = fromPreset(readPreset(preset), file, namespace);
  attempt(() => removeAbandoned(folder));
  writeFiles([{ file, text }]);
  print(`wrote ${file} (preset ${preset}, namespace ${namespace})`);
  if (left.length > 0) print('replace the values of the example:');
  for (const line of left) print(`  ${line}`);
  const steps = [
    'edit it',
    ...(isSealed ? [fetchCommand(join(folder, CERTIFICATE_FILE)), commandLine('seal', name, environments)] : []),
    commandLine('synth', name, environments),
  ];
  print(`next: ${steps.join(', then: ')}`);
}

/** The namespace of a new environment. In the preset's own it would replace what is there. */
const namespaceOf = (name: string): string => (name.startsWith('mlflow') ? name : `mlflow-${name}`);

function checkName(name: string): void {
  const issue = nameIssue(name);
  if (issue !== undefined) throw new InputError([issue]);
  const namespace = namespaceOf(name);
  if (matches(DNS_LABEL, namespace)) return;
  const tooMany = namespace.length - (DNS_LABEL.maximum ?? 0);
  throw new InputError([`${name}: is too long for its namespace ${namespace} (use ${tooMany} fewer characters)`]);
}

function checkPreset(preset: string): void {
  if ((PRESETS as readonly string[]).includes(preset)) return;
  const meant = nearest(preset, PRESETS);
  const hint = meant ? `did you mean ${meant}?` : `use ${PRESETS.join(', ')}`;
  throw new InputError([`--preset ${preset}: is not a preset (${hint})`]);
}

/** The text of a preset. In the repository and in the package it is two folders above, as the schema is. */
const readPreset = (preset: string): string =>
  readFileSync(packageFile('environments', preset, ENVIRONMENT_FILE), 'utf8');
