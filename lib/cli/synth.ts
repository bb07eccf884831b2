import { join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule, Options } from 'yargs';
import { InputError } from '../input/input-error';
import { ENVIRONMENTS } from '../synth/environment-folder';
import type { NamedEnvironment } from '../synth/environments';
import type { EnvironmentOutput, FileChange } from '../synth/output/writer';
import { commandLine } from './command-line';
import { TOPIC_NAMES, TOPICS, type TopicName } from './explain';
import { type Example, examples } from './help';
import { environmentsOption, FOLDERS, flag, refuseMisused, unconsumed, word } from './options';
import { print, printWarning, type Style } from './print';

/** The output folder by default. Environments of another folder do not change its other files. */
const OUTPUT = 'dist';

interface SynthArguments {
  readonly environment?: readonly string[];
  readonly only?: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly out: string;
  readonly environments: string;
  readonly explain: TopicName | undefined;
}

/** The heading of options with which `synth` writes no file. */
const WITHOUT_WRITING = 'Instead of writing files:';

const OPTIONS = {
  environments: environmentsOption,
  out: {
    ...word('folder for the manifests'),
    default: process.env.CDK8S_OUTDIR || OUTPUT,
    // Whatever the variable was when the documentation was generated.
    defaultDescription: JSON.stringify(OUTPUT),
    group: FOLDERS,
  },
  only: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'comma-separated output files to write, such as deployment,service',
  },
  check: { ...flag('exit with 1 if the output is stale'), group: WITHOUT_WRITING },
  diff: { ...flag('show what would change'), group: WITHOUT_WRITING },
  explain: {
    ...word(['print one of these:', ...TOPIC_NAMES.map((name) => `- ${name}: ${TOPICS[name].what}`)].join('\n')),
    choices: TOPIC_NAMES,
    group: WITHOUT_WRITING,
  },
} as const satisfies Readonly<Record<string, Options>>;

const EXAMPLES: readonly Example[] = [
  { does: 'write the manifests of all environments' },
  { does: 'write only some files of one environment', environment: 'team', more: ['--only', 'deployment,service'] },
  { does: 'show what changing the environment file would do', environment: 'team', more: ['--diff'] },
  { does: 'in continuous integration: fail if the output is stale', more: ['--check'] },
  {
    does: 'list the required Secrets, and what creates each of them',
    environment: 'team',
    more: ['--explain', 'secrets'],
  },
];

/** `synth`: environments to manifests. Writes nothing if there is any issue. */
export const synthCommand: CommandModule<object, SynthArguments> = {
  command: ['synth [environment..]', '$0'],
  describe: 'write the Kubernetes manifests of environments',
  builder: (yargs: Argv) =>
    yargs
      .positional('environment', {
        type: 'string',
        array: true,
        defaultDescription: 'all',
        describe: 'names of environments',
      })
      // Once more, because the help of the program would otherwise show another type than that of the command.
      .options({ ...unconsumed('synth', OPTIONS), environment: { type: 'string', array: true } })
      .example(examples('synth', EXAMPLES)),
  handler: runSynth,
};

async function runSynth(given: ArgumentsCamelCase<SynthArguments>): Promise<void> {
  // Loading is most of a synth, so nothing of this is loaded for other commands or for --help.
  const { readEnvironments } = await import('../synth/environments');
  const { synthesize } = await import('../synth/synthesize');
  const { planOutput, writeOutput } = await import('../synth/output/writer');

  refuseMisused(given, OPTIONS);
  if (given.explain) refuseBesideExplain(given);
  const only = await readOnly(given.only);
  const named = given.environment ?? [];
  const readings = readEnvironments(
    given.environments,
    named,
    (name, named) => commandLine('seal', name, given.environments, named),
    // Not the name itself if no command was recognized: what follows a misspelled seal may be a value.
    given._.includes('synth') ? undefined : (_, index) => `argument ${index + 1}`,
  );
  const { environments } = readings;
  const outputs = synthesize(readings);
  // What is only explained does nothing to another environment.
  const sharing = given.explain ? [] : environments.flatMap((environment) => environment.sharing);
  for (const warning of [...environments, ...outputs].flatMap(({ warnings }) => warnings)) printWarning(warning);
  for (const warning of sharing) printWarning(warning);

  if (given.explain) {
    for (const line of await TOPICS[given.explain].lines(environments, outputs)) print(line);
    return;
  }
  const changes = planOutput(given.out, outputs, {
    only,
    all: named.length === 0 && (given.environments === ENVIRONMENTS || given.out !== OUTPUT),
  });
  if (given.diff) await printDiff(changes, environments);
  if (given.check) {
    const stale = changes.filter(({ action }) => action !== 'keep');
    if (stale.length > 0) {
      throw new InputError(
        stale.map(({ path, action }) => `${join(given.out, path)}: is stale (synth would ${action} it)`),
      );
    }
  }
  if (given.diff || given.check) return;
  writeOutput(given.out, changes);
  printSummary(given.out, outputs, changes);
}

/** What `--explain` prints is no output of synth: options for that have no effect on it. */
function refuseBesideExplain({ only, check, diff, out }: SynthArguments): void {
  const given = { only: only !== undefined, check, diff, out: out !== OPTIONS.out.default };
  const names = Object.entries(given).flatMap(([name, isGiven]) => (isGiven ? [`--${name}`] : []));
  if (names.length > 0) throw new InputError([`--explain: cannot be combined with ${names.join(', ')} (remove one)`]);
}

/** The files of `--only`, or undefined for all. */
async function readOnly(given: readonly string[] | undefined): Promise<readonly string[] | undefined> {
  if (given === undefined) return undefined;
  const wanted = given
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (wanted.length === 0)
    throw new InputError(['--only: is empty (name output files, as in --only deployment,service)']);
  const { OUTPUT_FILES } = await import('./output-files');
  const { nearest } = await import('../input/did-you-mean');
  const unknown = wanted.filter((name) => !OUTPUT_FILES.includes(name));
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((name) => {
        const meant = nearest(name, OUTPUT_FILES);
        return `--only ${name}: is not an output file (${meant ? `did you mean ${meant}?` : `available: ${OUTPUT_FILES.join(', ')}`})`;
      }),
    );
  }
  return wanted;
}

/** How a line of a difference is shown, by its sign. */
const CHANGES: Readonly<Record<string, Style>> = { '+': 'green', '-': 'red', '~': 'yellow' };

async function printDiff(changes: readonly FileChange[], environments: readonly NamedEnvironment[]): Promise<void> {
  const { describeChanges } = await import('../synth/output/diff');
  const { describeUpgrades } = await import('../synth/upgrades');
  const lines = describeChanges(changes);
  for (const line of lines.length > 0 ? lines : ['no object changes']) print(line, CHANGES[line.trimStart().charAt(0)]);
  for (const line of describeUpgrades(changes, environments)) print(`! ${line}`, 'bold');
}

function printSummary(out: string, outputs: readonly EnvironmentOutput[], changes: readonly FileChange[]): void {
  const done = { create: 'created', update: 'updated', remove: 'removed' } as const;
  for (const { path, action } of changes) if (action !== 'keep') print(`${done[action]} ${join(out, path)}`);
  const kept = changes.filter(({ action }) => action === 'keep').length;
  const names = outputs.map(({ name }) => name).join(', ');
  print(`${names}: ${changes.length - kept} changed, ${kept} unchanged`);
}
