import { lstatSync } from 'node:fs';
import type { ArgumentsCamelCase, Argv, CommandModule, Options } from 'yargs';
import { InputError } from '../input/input-error';
import { readRegularFile } from '../input/read-file';
import { FORMATS, type Format } from '../synth/graph/formats';
import { commandLine } from './command-line';
import { type Example, examples } from './help';
import { environmentsOption, refuseMisused, unconsumed, word } from './options';
import { print, printWarning } from './print';

interface GraphArguments {
  readonly environment: string;
  readonly format: Format | undefined;
  readonly out: string | undefined;
  readonly environments: string;
}

const EXAMPLES: readonly Example[] = [
  { does: 'for a README, an issue or a wiki', environment: 'team' },
  { does: 'for a page or a browser', environment: 'team', more: ['--out', 'team.svg'] },
];

const OPTIONS = {
  format: {
    ...word(`output format (default: ${FORMATS[0]}, or svg if --out ends in .svg)`),
    choices: FORMATS,
  },
  out: word('file to write instead of standard output'),
  environments: environmentsOption,
} as const satisfies Readonly<Record<string, Options>>;

/** More bytes than any picture has. */
const LARGEST = 64 * 1024 * 1024;

/** `graph`: draws what an environment deploys and what may connect to what. Writes nothing if there is any issue. */
export const graphCommand: CommandModule<object, GraphArguments> = {
  command: 'graph <environment>',
  describe: 'draw what an environment deploys, and what may connect to what',
  builder: (yargs: Argv) =>
    yargs
      .positional('environment', { type: 'string', demandOption: true, describe: 'name of the environment' })
      .options(unconsumed('graph', OPTIONS))
      .example(examples('graph', EXAMPLES)),
  handler: runGraph,
};

async function runGraph(given: ArgumentsCamelCase<GraphArguments>): Promise<void> {
  // Not loaded for other commands or for --help.
  const { readEnvironments } = await import('../synth/environments');
  const { synthesize } = await import('../synth/synthesize');
  const { draw, isDrawing } = await import('../synth/graph/draw');
  const { writeFiles } = await import('../synth/output/atomic-write');

  refuseMisused(given, OPTIONS);
  const { environment: name, out, environments: folder } = given;
  const readings = readEnvironments(folder, [name], (environment, named) =>
    commandLine('seal', environment, folder, named),
  );
  const outputs = synthesize(readings);
  for (const { warnings } of [...readings.environments, ...outputs]) {
    for (const warning of warnings) printWarning(warning);
  }
  const [environment] = readings.environments;
  const [output] = outputs;
  if (!environment || !output) throw new Error(`no output of ${name}`);
  const text = await draw(environment, output, given.format ?? (out?.endsWith('.svg') ? 'svg' : FORMATS[0]));
  if (out === undefined) {
    for (const line of text.trimEnd().split('\n')) print(line);
    return;
  }
  const existing = readRegularFile(out, LARGEST);
  const isOurs = 'bytes' in existing ? isDrawing(existing.bytes.toString()) : existing.reason === 'missing';
  // Not followed, because the file would replace the link.
  if (!isOurs || lstatSync(out, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new InputError([`${out}: was not written by graph and would be overwritten (move or remove it)`]);
  }
  writeFiles([{ file: out, text }]);
  print(`wrote ${out}`);
}
