import { join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule, Options } from 'yargs';
import { InputError } from '../input/input-error';
import type { NamedEnvironment } from '../synth/environments';
import type { EnvironmentOutput, FileChange } from '../synth/output/writer';
import { commandLine, ENVIRONMENTS } from './command-line';
import { TOPIC_NAMES, TOPICS, type TopicName } from './explain';
import { environmentsOption, flag, refuseMisused, word } from './options';
import { print, printError } from './print';

/** The output folder by default. Environments of another folder do not change its other files. */
const OUTPUT = 'dist';

interface SynthArguments {
  readonly names: readonly string[];
  readonly only: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly out: string;
  readonly environments: string;
  readonly explain: TopicName | undefined;
}

const OPTIONS = {
  only: {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [],
    describe: 'comma-separated files to write, such as deployment,service',
  },
  check: flag('write nothing; exit 1 when the output is stale'),
  diff: flag('write nothing; show what would change'),
  out: { ...word('output folder'), default: process.env.CDK8S_OUTDIR || OUTPUT },
  explain: {
    ...word(`write nothing; print ${TOPIC_NAMES.map((name) => `${TOPICS[name].what} (${name})`).join(', ')}`),
    choices: TOPIC_NAMES,
  },
  environments: environmentsOption,
} as const satisfies Readonly<Record<string, Options>>;

/** `synth`: environments to manifests. Writes nothing if there is any issue. */
export const synthCommand: CommandModule<object, SynthArguments> = {
  command: ['synth [names..]', '$0'],
  describe: 'write the Kubernetes manifests of environments',
  builder: (yargs: Argv) =>
    yargs
      .positional('names', {
        type: 'string',
        array: true,
        default: [],
        describe: 'environments; all when none is named',
      })
      .options(OPTIONS),
  handler: runSynth,
};

async function runSynth(given: ArgumentsCamelCase<SynthArguments>): Promise<void> {
  // Loading is most of a synth, so nothing of this is loaded for other commands or for --help.
  const { readEnvironments } = await import('../synth/environments');
  const { synthesize } = await import('../synth/synthesize');
  const { planOutput, writeOutput } = await import('../synth/output/writer');

  refuseMisused('synth', given, OPTIONS);
  if (given.explain) refuseBesideExplain(given);
  const only = await readOnly(given.only);
  const readings = readEnvironments(
    given.environments,
    given.names,
    (name, named) => commandLine('seal', name, given.environments, named),
    // Not the name itself if no command was recognized: what follows a misspelled seal may be a value.
    given._.includes('synth') ? undefined : (_, index) => `argument ${index + 1}`,
  );
  const { environments } = readings;
  const outputs = synthesize(readings);
  for (const { warnings } of [...environments, ...outputs]) {
    for (const warning of warnings) printError(`warning: ${warning}`);
  }

  if (given.explain) {
    for (const line of await TOPICS[given.explain].lines(environments, outputs)) print(line);
    return;
  }
  const changes = planOutput(given.out, outputs, {
    only,
    all: given.names.length === 0 && (given.environments === ENVIRONMENTS || given.out !== OUTPUT),
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
  const given = { only: only.length > 0, check, diff, out: out !== OPTIONS.out.default };
  const names = Object.entries(given).flatMap(([name, isGiven]) => (isGiven ? [`--${name}`] : []));
  if (names.length > 0) throw new InputError([`--explain: cannot be combined with ${names.join(', ')} (remove one)`]);
}

/** The files of `--only`, or undefined for all. */
async function readOnly(given: readonly string[]): Promise<readonly string[] | undefined> {
  if (given.length === 0) return undefined;
  const wanted = given
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (wanted.length === 0)
    throw new InputError(['--only: is empty (name output files, as in --only deployment,service)']);
  const { FILES } = await import('../environment/create-components');
  const { OBJECTS_FILE } = await import('../synth/user-objects/add');
  const { nearest } = await import('../input/did-you-mean');
  const files = [...FILES, OBJECTS_FILE];
  const unknown = wanted.filter((name) => !files.includes(name));
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((name) => {
        const meant = nearest(name, files);
        return `--only ${name}: is not an output file (${meant ? `did you mean ${meant}?` : `available: ${files.join(', ')}`})`;
      }),
    );
  }
  return wanted;
}

async function printDiff(changes: readonly FileChange[], environments: readonly NamedEnvironment[]): Promise<void> {
  const { describeChanges } = await import('../synth/output/diff');
  const { describeUpgrades } = await import('../synth/upgrades');
  const lines = describeChanges(changes);
  for (const line of lines.length > 0 ? lines : ['no object changes']) print(line);
  for (const line of describeUpgrades(changes, environments)) print(`! ${line}`);
}

function printSummary(out: string, outputs: readonly EnvironmentOutput[], changes: readonly FileChange[]): void {
  const done = { create: 'created', update: 'updated', remove: 'removed' } as const;
  for (const { path, action } of changes) if (action !== 'keep') print(`${done[action]} ${join(out, path)}`);
  const kept = changes.filter(({ action }) => action === 'keep').length;
  const names = outputs.map(({ name }) => name).join(', ');
  print(`${names}: ${changes.length - kept} changed, ${kept} unchanged`);
}
