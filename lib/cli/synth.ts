import { join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { InputError } from '../input/input-error';
import type { NamedEnvironment } from '../synth/environments';
import type { EnvironmentOutput, FileChange } from '../synth/output/writer';
import { commandLine, ENVIRONMENTS } from './command-line';
import { environmentsOption, refuseConsumedByNpm, refuseRepeated } from './options';

/** The output folder by default. Environments of another folder do not change its other files. */
const OUTPUT = 'dist';

interface SynthArguments {
  readonly names: readonly string[];
  readonly only: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly out: string;
  readonly environments: string;
  readonly explain: string | undefined;
}

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
      .option('only', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [],
        describe: 'comma-separated files to write, such as deployment,service',
      })
      .option('check', { type: 'boolean', default: false, describe: 'write nothing; exit 1 when the output is stale' })
      .option('diff', { type: 'boolean', default: false, describe: 'write nothing; show what would change' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        default: process.env.CDK8S_OUTDIR || OUTPUT,
        describe: 'output folder',
      })
      .option('explain', {
        type: 'string',
        requiresArg: true,
        choices: ['monitoring'],
        describe: 'write nothing; print the configuration for a Prometheus without the operator',
      })
      .option('environments', environmentsOption),
  handler: runSynth,
};

async function runSynth(given: ArgumentsCamelCase<SynthArguments>): Promise<void> {
  // Loading is most of a synth, so nothing of this is loaded for other commands or for --help.
  const { readEnvironments } = await import('../synth/environments');
  const { synthesize } = await import('../synth/synthesize');
  const { planOutput, writeOutput } = await import('../synth/output/writer');

  refuseConsumedByNpm('synth', ['only', 'check', 'diff', 'out', 'environments', 'explain']);
  refuseRepeated(given, ['out', 'environments', 'explain']);
  const only = await readOnly(given.only);
  const environments = readEnvironments(given.environments, given.names, (name, named) =>
    commandLine('seal', name, given.environments, named),
  );
  const outputs = synthesize(environments);
  for (const warning of environments.flatMap(({ warnings }) => warnings)) console.error(`warning: ${warning}`);

  if (given.explain) {
    if (given.check || given.diff)
      throw new InputError(['--explain: cannot be combined with --check or --diff (remove them)']);
    const { explainMonitoring } = await import('../synth/explain-monitoring');
    console.log(environments.flatMap(explainMonitoring).join('\n---\n'));
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

/** The files of `--only`, or undefined for all. */
async function readOnly(given: readonly string[]): Promise<readonly string[] | undefined> {
  const wanted = given.flatMap((text) => text.split(',')).map((name) => name.trim());
  if (given.length === 0) return undefined;
  const { FILES } = await import('../environment/mlflow-chart');
  const { nearest } = await import('../input/did-you-mean');
  const unknown = wanted.filter((name) => !FILES.includes(name));
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((name) => {
        const meant = nearest(name, FILES);
        return `--only ${name}: is not an output file (${meant ? `did you mean ${meant}?` : `available: ${FILES.join(', ')}`})`;
      }),
    );
  }
  return wanted;
}

async function printDiff(changes: readonly FileChange[], environments: readonly NamedEnvironment[]): Promise<void> {
  const { describeChanges } = await import('../synth/output/diff');
  const { describeUpgrades } = await import('../synth/upgrades');
  const lines = describeChanges(changes);
  for (const line of lines.length > 0 ? lines : ['no object changes']) console.log(line);
  for (const line of describeUpgrades(changes, environments)) console.log(`! ${line}`);
}

function printSummary(out: string, outputs: readonly EnvironmentOutput[], changes: readonly FileChange[]): void {
  const done = { create: 'created', update: 'updated', remove: 'removed' } as const;
  for (const { path, action } of changes) if (action !== 'keep') console.log(`${done[action]} ${join(out, path)}`);
  const kept = changes.filter(({ action }) => action === 'keep').length;
  const names = outputs.map(({ name }) => name).join(', ');
  console.log(`${names}: ${changes.length - kept} changed, ${kept} unchanged`);
}
