import fc from 'fast-check';
import type { Environment, EnvironmentInput } from '../../lib/environment/model';
import { parseEnvironment } from '../../lib/environment/parse';
import { resolve } from '../../lib/environment/resolve';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { composeEnvironment } from '../../lib/synth/compose';
import type { Manifest, OutputFile } from '../../lib/synth/manifest';
import { randomEnvironment, randomEnvironmentOf } from '../arbitraries/environment';
import { RELEASES } from '../arbitraries/shared/releases';
import { EMBEDDED, OWN_STORES } from '../support/embedded-fixtures';
import { FULLEST, SEALED, written } from '../support/fixtures';
import { LARGE_SAMPLE } from '../support/sample-size';
import { sealedOf } from '../support/sealed-secrets';
import { CONTAINERS_OF_USERS } from '../support/server-fixtures';
import { type Container, type MadePod, PROGRAMS, podsOf, SMALLEST } from '../support/support';

/** Random environments, and the statements that hold for each of them. */

const TEXTS = [
  'class Failure: x = "#"\n',
  '"""Prepares."""\n\nif True:\n    print("x: # y")  \n',
  'GRANT = "* is\\ta: # star"\n',
  'exec = [1]\n',
  'up: str = "y"\n',
  '\n# stops\n',
  'key = "{}"\n',
  'LOCK = "a: b"\n',
  "'''test'''\n",
  "trap 'exit 143' TERM\n",
  "#!/bin/sh\nset -e\necho 'a: b' >/tmp/x\n",
];

/** In place of the real ones, whose text is long and the same everywhere; the committed output has those. */
export const SHORT_PROGRAMS = Object.fromEntries(
  Object.keys(PROGRAMS).map((path, index) => [path, TEXTS[index % TEXTS.length] ?? '']),
);

interface Issue {
  readonly path: readonly unknown[];
  readonly message: string;
}

/** What an input becomes, or what is wrong with it. */
export interface Composed {
  readonly input: EnvironmentInput;
  readonly issues: readonly Issue[];
  readonly given?: Environment;
  readonly environment?: ResolvedEnvironment;
  readonly files: readonly OutputFile[];
  readonly objects: Manifest[];
}

/** An input without an issue, with its pods at hand. */
export interface Valid extends Composed {
  readonly given: Environment;
  readonly environment: ResolvedEnvironment;
  readonly version: string;
  readonly pods: readonly MadePod[];
  /** Of synth; what a user adds to a pod is as the user writes it. */
  readonly containers: readonly Container[];
}

/** Composes an input; nothing is thrown for one with issues. */
export function composed(input: EnvironmentInput): Composed {
  const parsed = parseEnvironment(input);
  const resolution = parsed.environment ? resolve(parsed.environment) : undefined;
  const composition = resolution?.environment
    ? composeEnvironment(resolution.environment, SHORT_PROGRAMS, sealedOf(resolution.environment))
    : undefined;
  const files = composition?.files ?? [];
  return {
    input,
    issues: [...parsed.issues, ...(resolution?.issues ?? []), ...(composition?.issues ?? [])],
    given: parsed.environment,
    environment: resolution?.environment,
    files,
    objects: files.flatMap(({ objects }) => objects),
  };
}

function asValid({ given, environment, ...rest }: Composed): Valid | undefined {
  if (!given || !environment || rest.issues.length > 0) return undefined;
  const pods = podsOf(rest.objects).map(({ containers, ...pod }) => ({
    ...pod,
    containers: containers.filter(({ name }) => !CONTAINERS_OF_USERS.has(name)),
  }));
  const { version } = environment.release;
  return { ...rest, given, environment, version, pods, containers: pods.flatMap(({ containers }) => containers) };
}

/** Backups beside the artifacts, which is allowed. */
const IN_EMBEDDED_STORE = { bucket: 'copies', endpoint: 'http://mlflow-object-store:7070' };

/** What every sample has, whatever is drawn: all keys of the model, and several pods without an autoscaler. */
const FIXED: readonly EnvironmentInput[] = [
  ...[FULLEST, EMBEDDED, SEALED].map(written),
  { ...SMALLEST, server: { replicas: 3 }, database: { ...SMALLEST.database, maxConnections: 1000 } },
  { ...OWN_STORES, smokeTest: { enabled: true } },
  { ...OWN_STORES, backup: { destination: { s3: IN_EMBEDDED_STORE }, verification: {} } },
  { ...OWN_STORES, backup: { artifacts: true, destination: { s3: IN_EMBEDDED_STORE }, verification: {} } },
];

/** How many environments of each release the small sample has. */
const OF_EACH_RELEASE = 4;

/** The environments of the small sample. */
const smallInputs = () => [
  ...FIXED,
  ...RELEASES.flatMap((version, seed) =>
    fc.sample(randomEnvironmentOf(version), { numRuns: OF_EACH_RELEASE, seed: seed + 1 }),
  ),
];

interface Drawn {
  readonly inputs: readonly EnvironmentInput[];
  readonly outcomes: readonly Composed[];
  readonly valid: readonly Valid[];
}

function drawn(inputs: readonly EnvironmentInput[]): Drawn {
  const outcomes = inputs.map(composed);
  return { inputs, outcomes, valid: outcomes.flatMap((outcome) => asValid(outcome) ?? []) };
}

/** Composed at the first use, and then shared by all test files of a process. */
let small: Drawn | undefined;

/**
 * Environments that statements are checked for. The small sample is the same for every seed, so that its environments are
 * composed once; of the large one, each seed has its own.
 */
export class Sample {
  private known: Drawn | undefined;

  /** @param large - how many random environments the large sample has */
  constructor(
    private readonly seed: number,
    private readonly large: number,
  ) {}

  /** The environments as a user would write them. */
  get inputs(): readonly EnvironmentInput[] {
    return this.all.inputs;
  }

  /** All of them, composed. */
  get outcomes(): readonly Composed[] {
    return this.all.outcomes;
  }

  /** Those without an issue. */
  get valid(): readonly Valid[] {
    return this.all.valid;
  }

  private get all(): Drawn {
    const { seed, large } = this;
    if (LARGE_SAMPLE) this.known ??= drawn([...FIXED, ...fc.sample(randomEnvironment, { numRuns: large, seed })]);
    else this.known ??= small ??= drawn(smallInputs());
    return this.known;
  }

  /** A statement about every valid environment. A violation is shown with the smallest environment that has it. */
  readonly holds = (statement: string, check: (environment: Valid) => void, every = 1): void => {
    test(statement, () => {
      let checked = 0;
      for (const environment of this.valid.filter((_, index) => index % every === 0)) {
        checked += 1;
        try {
          check(environment);
        } catch (error) {
          const property = fc.property(randomEnvironment, (input) => {
            const smaller = asValid(composed(input));
            if (smaller) check(smaller);
          });
          fc.assert(property, { seed: this.seed, numRuns: 200 });
          throw new Error(`${(error as Error).message}\nin ${JSON.stringify(environment.input)}`);
        }
      }
      expect(checked).toBeGreaterThan(0);
    });
  };
}

/** The sample of all property tests. */
export const sample = new Sample(1, 500);

/** A statement about every environment of the sample. */
export const { holds } = sample;

/**
 * What is left when all that is right was taken away; named, so that a failure says where. A run asks ninety thousand
 * times, and a comparison each would take seconds.
 */
export const none = (wrong: readonly unknown[]) => {
  if (wrong.length > 0) expect(wrong).toEqual([]);
};

/** A quantity as a number: read by another way than the product's. */
export function amount(quantity: string | number | undefined): number {
  const [, number, suffix = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  const factors: Record<string, number> = { '': 1, m: 0.001, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
  const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'].indexOf(suffix) + 1;
  return Number(number) * (binary > 0 ? 2 ** (10 * binary) : (factors[suffix] ?? Number.NaN));
}

/** The Secret with the login of a container of Azure, and its key. */
const loginOf = (
  container: Pick<NonNullable<Environment['artifacts']['azure']>, 'credentials'> | undefined,
  secret: string,
) =>
  container && {
    secret: container.credentials.secret ?? secret,
    key: container.credentials.sasTokenKey ?? container.credentials.accountKeyKey ?? 'AZURE_STORAGE_ACCESS_KEY',
  };

/** The Secrets that an environment names, and those that it leaves to its own name. */
export const secretsOf = ({ name, database, artifacts, auth, backup, monitoring }: Environment) => ({
  copies: backup?.destination.s3?.credentials.secret ?? `${name}-backup-s3-secret`,
  database: database.credentials.secret ?? `${name}-db-credentials`,
  store: artifacts.s3.credentials.secret ?? `${name}-s3-secret`,
  keyFiles: [
    artifacts.gcs?.credentials.secret ?? `${name}-gcs-key`,
    backup?.destination.gcs?.credentials.secret ?? `${name}-backup-gcs-key`,
  ],
  blobs: loginOf(artifacts.azure, `${name}-azure-secret`),
  blobCopies: loginOf(backup?.destination.azure, `${name}-backup-azure-secret`),
  login: auth.secret ?? `${name}-basic-auth`,
  users: auth.users.map((user) => user.secret ?? `${name}-user-${user.name}`),
  client: auth.oidc?.secret ?? `${name}-oidc`,
  proxy: auth.oidc?.proxySecret ?? `${name}-oauth2-proxy`,
  scraper: monitoring.metrics?.credentials.secret ?? `${name}-metrics`,
});
