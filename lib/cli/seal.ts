import { join } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule, Options } from 'yargs';
import type { SecretProvider } from '../components/shared/contributions/secret-keys';
import { InputError } from '../input/input-error';
import type { SealingCertificate } from '../sealed-secrets/certificate';
import { commandLine, fetchCommand } from './command-line';
import { type Example, examples } from './help';
import { environmentsOption, flag, refuseMisused, unconsumed, word } from './options';
import { print, printWarning } from './print';
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

/** Used instead of a value that is not known yet: as long as most. */
const DRAFT = Buffer.alloc(64);

type Given = ArgumentsCamelCase<SealArguments>;

/** The heading of options that say where a value comes from. */
const VALUE = 'Instead of prompting for the value of a key:';

const EXAMPLES: readonly Example[] = [
  { does: 'prompt for all missing values', environment: 'team' },
  { does: 'list what is sealed and what is missing', environment: 'team', more: ['--status'] },
  {
    does: 'change one value',
    environment: 'team',
    more: ['mlflow-db-credentials', 'password', '--from-file', 'password.txt'],
  },
];

const OPTIONS = {
  environments: environmentsOption,
  'from-stdin': { ...flag('read the value from standard input'), group: VALUE },
  'from-file': { ...word('read the value from a file'), group: VALUE },
  'from-env': { ...word('read the value from the environment variable of this name'), group: VALUE },
  'strip-newline': { ...flag('remove one trailing line break from the value'), group: VALUE },
  generate: { ...flag('generate random values, where no external system needs to know them'), group: VALUE },
  show: { ...flag('print generated values; a terminal is required'), group: VALUE },
  'allow-expired': flag('seal even if the certificate is not valid today'),
  status: flag('list what is sealed and what is missing, and write nothing'),
} as const satisfies Readonly<Record<string, Options>>;

/** `seal`: encrypts values into the sealed-secrets.yaml of an environment. Never reads one from the command line. */
export const sealCommand: CommandModule<object, SealArguments> = {
  command: 'seal <environment> [secret] [key]',
  describe: 'encrypt missing or named values into the sealed-secrets.yaml of an environment',
  builder: (yargs: Argv) =>
    yargs
      .positional('environment', { type: 'string', demandOption: true, describe: 'name of the environment' })
      .positional('secret', { type: 'string', describe: 'Secret to re-seal, as NAME or NAMESPACE/NAME' })
      .positional('key', { type: 'string', defaultDescription: 'all of the Secret', describe: 'key to re-seal' })
      .options(unconsumed('seal', OPTIONS))
      .example(examples('seal', EXAMPLES))
      // A fourth word would be refused with itself in the message, and it may be a value.
      .strict(false)
      .strictOptions(),
  handler: runSeal,
};

/** What to do with the values of another provider. */
const INSTEAD = {
  existing: 'create the Secrets that --explain secrets lists, or set it to sealed',
  external: 'put the values into the store; --explain secrets lists them',
  generated: 'Jobs in the cluster create them; to seal them, set it to sealed',
  sealed: 'set it for a Secret that the environment names',
} as const satisfies Readonly<Record<SecretProvider, string>>;

async function runSeal(given: Given): Promise<void> {
  const { readUnsealedEnvironments } = await import('../synth/environments');
  const { SEALED_SECRETS_FILE } = await import('../synth/sealed-secrets');
  const { usesProvider } = await import('../components/secrets/provider');
  const { sealInto } = await import('./seal/encrypt');
  const { collectValues } = await import('./seal/collect-values');
  const { certificatesOf, checkSealedFile, refuseLinks, replaceSealedFile, sealedFileOf } = await import(
    './seal/files'
  );
  const { certificateLines, isMissing, statusLines } = await import('./seal/status');
  const { valuesToSeal } = await import('./seal/selection');

  refuseMisused(given, OPTIONS);
  refuseMixtures(given);
  for (const { name, environment, locate } of readUnsealedEnvironments(
    given.environments,
    [given.environment],
    // Not the name itself: without one, what you typed may be the value.
    () => 'ENVIRONMENT',
  )) {
    const { provider, sealed: settings } = environment.secrets;
    if (!usesProvider(environment.secrets, 'sealed')) {
      const message = `is ${provider}, which needs no sealed values (${INSTEAD[provider]})`;
      throw new InputError([locate({ path: ['secrets', 'provider'], message })]);
    }
    const certificateFile = join(given.environments, name, settings.certificate);
    const certificates = certificatesOf(certificateFile);
    const file = join(given.environments, name, SEALED_SECRETS_FILE);
    if (!given.status) refuseLinks(file);
    const sealed = sealedFileOf(file, certificates);
    if (given.status) {
      for (const line of statusLines(environment, sealed, certificates, certificateFile)) print(line);
      return;
    }
    const certificate = await usable(certificates, certificateFile, given.allowExpired);
    const sealing = { certificate, scope: settings.scope };
    const wanted = valuesToSeal(environment, given, isMissing(sealed));
    if (wanted.length === 0) {
      print(`${sealed.file}: all values are sealed (name a SECRET to re-seal it)`);
      return;
    }
    // What cannot be written is reported before you type anything.
    checkSealedFile(sealed, sealInto(sealed, new Map(wanted.map(({ targets }) => [targets, DRAFT])), sealing));
    for (const line of certificateLines([certificate], certificateFile)) print(line);
    const isNamed = given.secret !== undefined && wanted.length === 1;
    const values = await collectValues(wanted, environment, given, isNamed);
    const text = sealInto(sealed, new Map(values.map((each) => [each.wanted.targets, each.value])), sealing);
    for (const warning of replaceSealedFile(sealed, text)) printWarning(warning);
    await report(values, sealed.file, given);
    for (const { value } of values) value.fill(0);
    print(`next: ${commandLine('synth', name, given.environments)}`);
  }
}

/** Refuses options that cannot be combined. */
function refuseMixtures(given: Given): void {
  const { fromStdin, fromFile, fromEnv, stripNewline, generate, show } = given;
  const sources = [fromStdin, fromFile !== undefined, fromEnv !== undefined, generate].filter(Boolean).length;
  const rules: readonly (readonly [isViolated: boolean, line: string])[] = [
    [
      given._.length > 1,
      'seal: values cannot be passed on the command line, where other users can read them (answer the prompt, or use --from-stdin, --from-file or --from-env)',
    ],
    [sources > 1, '--from-stdin, --from-file, --from-env, --generate: cannot be combined (use one)'],
    [
      stripNewline && (generate || sources === 0),
      '--strip-newline: needs --from-stdin, --from-file or --from-env (add one of them)',
    ],
    [show && !generate, '--show: needs --generate (add it)'],
    [
      show && process.stdout.isTTY !== true,
      '--show: would print secrets into a file or a pipe (remove it, or print to a terminal)',
    ],
  ];
  const lines = rules.flatMap(([isViolated, line]) => (isViolated ? [line] : []));
  if (lines.length > 0) throw new InputError(lines);
}

/** The certificate to seal with. */
async function usable(
  certificates: readonly SealingCertificate[],
  file: string,
  allowExpired: boolean,
): Promise<SealingCertificate> {
  const { validityIssue } = await import('../sealed-secrets/certificate');
  const [certificate] = certificates;
  if (!certificate) throw new InputError([`${file}: is missing (${fetchCommand(file)})`]);
  const issue = validityIssue(certificate, new Date());
  if (issue === undefined) return certificate;
  if (!allowExpired) throw new InputError([`${file}: ${issue}`]);
  printWarning(`${file}: ${issue.replace(/ \(.*/, '')}`);
  return certificate;
}

async function report(values: readonly CollectedValue[], file: string, { show }: Given): Promise<void> {
  const { describeKey } = await import('./seal/selection');
  for (const { wanted, source } of values) {
    for (const target of wanted.targets) print(`sealed ${describeKey(target)}${source ? ` (${source.note})` : ''}`);
  }
  print(`wrote ${file}`);
  if (!show) return;
  for (const { wanted, value, source } of values) {
    if (source?.isRandom) print(`${describeKey(wanted.origin)}: ${value}`);
  }
}
