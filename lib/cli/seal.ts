import { join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { InputError } from '../input/input-error';
import type { SealingCertificate } from '../sealed-secrets/certificate';
import { commandLine } from '../synth/command-line';
import { environmentsOption, refuseKeptByNpm, refuseRepeated } from './options';
import type { CollectedValue } from './seal/collect-values';

interface SealArguments {
  readonly environment: string;
  readonly secret?: string;
  readonly key?: string;
  readonly 'from-stdin': boolean;
  readonly 'from-file'?: string;
  readonly 'from-env'?: string;
  readonly 'strip-newline': boolean;
  readonly generate: boolean;
  readonly show: boolean;
  readonly 'allow-expired': boolean;
  readonly status: boolean;
  readonly environments: string;
}

type Given = ArgumentsCamelCase<SealArguments>;

const flag = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;
const word = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;

/** `seal`: values into the sealed-secrets.yaml of an environment. Never takes one from the command line. */
export const sealCommand: CommandModule<object, SealArguments> = {
  command: 'seal <environment> [secret] [key]',
  describe: 'encrypt what is missing in the sealed-secrets.yaml of an environment, or what is named',
  builder: (yargs: Argv) =>
    yargs
      .positional('environment', { type: 'string', demandOption: true, describe: 'name of the environment' })
      .positional('secret', { type: 'string', describe: 'Secret to seal anew, as NAME or NAMESPACE/NAME' })
      .positional('key', { type: 'string', describe: 'key to seal anew; all of the Secret when none is named' })
      .option('from-stdin', flag('take the value of one key from standard input'))
      .option('from-file', word('take it from a file'))
      .option('from-env', word('take it from the environment variable of this name'))
      .option('strip-newline', flag('take one line break off its end'))
      .option('generate', flag('make random values where nobody else must know them'))
      .option('show', flag('print what was generated, to a terminal alone'))
      .option('allow-expired', flag('seal with a certificate that is not valid today'))
      .option('status', flag('list what is sealed and what is missing, and write nothing'))
      .option('environments', environmentsOption)
      // A fourth word would be refused with itself in the message, and it may be a value.
      .strict(false)
      .strictOptions(),
  handler: runSeal,
};

const OPTIONS = ['from-stdin', 'from-file', 'from-env', 'strip-newline', 'generate', 'show', 'allow-expired', 'status'];

async function runSeal(given: Given): Promise<void> {
  const { readUnsealedEnvironments } = await import('../synth/environments');
  const { SEALED_SECRETS_FILE } = await import('../synth/sealed-secrets');
  const { scopeOf, withSealed } = await import('./seal/encrypt');
  const { collectValues } = await import('./seal/collect-values');
  const { readCertificateFile, readSealedFile, replaceSealedFile } = await import('./seal/files');
  const { certificateLines, isMissing, statusLines } = await import('./seal/status');
  const { wantedValues } = await import('./seal/selection');

  refuseKeptByNpm('seal', [...OPTIONS, 'environments']);
  refuseRepeated(given, [...OPTIONS, 'environments']);
  refuseMixtures(given);
  for (const { name, environment, locate } of readUnsealedEnvironments(given.environments, [given.environment])) {
    const { provider, sealed: settings } = environment.secrets;
    if (provider !== 'sealed') {
      const message = `is ${provider}, for which nothing is sealed (write sealed)`;
      throw new InputError([locate({ path: ['secrets', 'provider'], message })]);
    }
    const certificateFile = join(given.environments, name, settings.certificate);
    const certificates = readCertificateFile(certificateFile);
    const sealed = readSealedFile(join(given.environments, name, SEALED_SECRETS_FILE), certificates);
    if (given.status) {
      console.log(statusLines(environment, sealed, certificates, certificateFile).join('\n'));
      return;
    }
    const certificate = await usable(certificates, certificateFile, given.allowExpired);
    const sealing = { certificate, scope: scopeOf(environment) };
    const wanted = wantedValues(environment, given, isMissing(sealed));
    if (wanted.length === 0) {
      console.log(`${sealed.file}: nothing is missing (name a SECRET to seal it anew)`);
      return;
    }
    // What cannot be written is said before anybody has typed a thing.
    withSealed(sealed, new Map(wanted.map(({ places }) => [places, Buffer.alloc(1)])), sealing);
    console.log(certificateLines([certificate], certificateFile).join('\n'));
    const isNamed = given.secret !== undefined && wanted.length === 1;
    const values = await collectValues(wanted, environment, given, isNamed);
    replaceSealedFile(
      sealed,
      withSealed(sealed, new Map(values.map((each) => [each.wanted.places, each.value])), sealing),
    );
    await report(values, sealed.file, given);
    for (const { value } of values) value.fill(0);
    console.log(`next: ${commandLine('synth', name, given.environments)}`);
  }
}

/** Refuses what cannot be meant together. */
function refuseMixtures(given: Given): void {
  const { fromStdin, fromFile, fromEnv, stripNewline, generate, show } = given;
  const sources = [fromStdin, fromFile !== undefined, fromEnv !== undefined, generate].filter(Boolean).length;
  const rules: readonly (readonly [isBroken: boolean, line: string])[] = [
    [
      given._.length > 1,
      'seal: takes no value from the command line, which others can read (be asked, or give --from-stdin, --from-file or --from-env)',
    ],
    [sources > 1, '--from-stdin, --from-file, --from-env, --generate: only one of them (give one)'],
    [
      stripNewline && (generate || sources === 0),
      '--strip-newline: is for --from-stdin, --from-file and --from-env (give one of them)',
    ],
    [show && !generate, '--show: shows what --generate made (give both)'],
    [
      show && process.stdout.isTTY !== true,
      '--show: would print secrets into a file or a pipe (leave it out, or print to a terminal)',
    ],
  ];
  const lines = rules.flatMap(([isBroken, line]) => (isBroken ? [line] : []));
  if (lines.length > 0) throw new InputError(lines);
}

/** The certificate to seal with. */
async function usable(
  certificates: readonly SealingCertificate[],
  file: string,
  allowExpired: boolean,
): Promise<SealingCertificate> {
  const { validityIssue } = await import('../sealed-secrets/certificate');
  const { fetchHint } = await import('./seal/status');
  const [certificate] = certificates;
  if (!certificate) throw new InputError([`${file}: is missing (${fetchHint(file)})`]);
  const issue = validityIssue(certificate, new Date());
  if (issue === undefined) return certificate;
  if (!allowExpired) throw new InputError([`${file}: ${issue}`]);
  console.error(`warning: ${file}: ${issue.replace(/ \(.*/, '')}`);
  return certificate;
}

async function report(values: readonly CollectedValue[], file: string, { show }: Given): Promise<void> {
  const { placeText } = await import('./seal/selection');
  for (const { wanted, made } of values) {
    for (const place of wanted.places) console.log(`sealed ${placeText(place)}${made ? ` (${made.how})` : ''}`);
  }
  console.log(`wrote ${file}`);
  if (!show) return;
  for (const { wanted, value, made } of values) {
    if (made?.random) console.log(`${placeText(wanted.origin)}: ${value}`);
  }
}
