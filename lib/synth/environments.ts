import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../environment/load';
import { resolve } from '../environment/resolve';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import { nearest } from '../input/did-you-mean';
import { InputError } from '../input/input-error';
import { type Issue, oneLine } from '../input/issue';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { readSealed, type SealCommand } from './sealed-secrets';

/** An environment as its file describes it, resolved. */
export interface ReadEnvironment {
  /** The name of its folder. */
  readonly name: string;
  readonly environment: ResolvedEnvironment;
  /** Finished lines that are worth reading but stop nothing. */
  readonly warnings: readonly string[];
  /** An issue of this environment, as one finished line with its position. */
  locate(issue: Issue): string;
}

/** An environment that is ready to be composed. */
export interface NamedEnvironment extends ReadEnvironment {
  /** What the environment has sealed; none unless its provider is `sealed`. */
  readonly sealedSecrets: readonly SealedSecret[];
}

/** An environment, or its issues as finished lines. */
type Reading<T extends ReadEnvironment> = T | { readonly issues: readonly string[] };

/** The file of an environment within its folder. */
const FILE = 'environment.yaml';

/** The names of all environments below a folder, sorted. */
function listEnvironments(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, FILE)))
    .sort();
}

/**
 * Reads, validates and resolves environments, with what they have sealed.
 *
 * @param names which; all of the folder when none is given
 * @param seal the command that messages name where a value must be sealed; @default `cdk8s-mlflow seal ENVIRONMENT SECRET KEY`
 * @throws InputError with every issue of every environment.
 */
export const readEnvironments = (
  folder: string,
  names: readonly string[],
  seal: SealCommand = (environment, named) => ['cdk8s-mlflow seal', environment, ...named].join(' '),
): NamedEnvironment[] => readEach(folder, names, (name) => withSealed(folder, readEnvironment(folder, name), seal));

/**
 * Reads, validates and resolves environments, but not what they have sealed, which is about to change.
 *
 * @param names which; all of the folder when none is given
 * @throws InputError with every issue of every environment.
 */
export const readUnsealedEnvironments = (folder: string, names: readonly string[]): ReadEnvironment[] =>
  readEach(folder, names, (name) => readEnvironment(folder, name));

function readEach<T extends ReadEnvironment>(
  folder: string,
  names: readonly string[],
  read: (name: string) => Reading<T>,
): T[] {
  const misnamed = misnamedFiles(folder);
  if (misnamed.length > 0) throw new InputError(misnamed.map((file) => `${file}: is not read (rename it to ${FILE})`));
  const known = listEnvironments(folder);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new InputError(unknown.map((name) => unknownEnvironment(name, known, folder)));
  if (known.length === 0) {
    throw new InputError([
      `${folder}: contains no environment (create ${join(folder, 'NAME', FILE)}, for example with init)`,
    ]);
  }
  const readings = (names.length > 0 ? [...new Set(names)] : known).map(read);
  const lines = readings.flatMap((reading) => ('issues' in reading ? reading.issues : []));
  if (lines.length > 0) throw new InputError(lines);
  return readings.flatMap((reading) => ('issues' in reading ? [] : [reading]));
}

/** Files that were surely meant as an environment. If they were not read, their output would be removed as stale. */
function misnamedFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    ['environment.yml', 'environment.json']
      .map((file) => join(folder, name, file))
      .filter((file) => existsSync(file) && !existsSync(join(folder, name, FILE))),
  );
}

function readEnvironment(folder: string, name: string): Reading<ReadEnvironment> {
  const loaded = loadEnvironment(join(folder, name, FILE), (given) => resolve(given).issues);
  if (!loaded.environment) return { issues: loaded.issues };
  const { environment, issues, warnings } = resolve(loaded.environment);
  const locate = (issue: Issue) => loaded.locate(issue);
  if (!environment) return { issues: issues.map(locate) };
  return { name, environment, warnings: warnings.map(locate), locate };
}

function withSealed(folder: string, reading: Reading<ReadEnvironment>, seal: SealCommand): Reading<NamedEnvironment> {
  if ('issues' in reading) return reading;
  const sealed = readSealed(folder, reading.name, reading.environment, seal);
  if (sealed.issues.length > 0) return { issues: sealed.issues };
  const warnings = [...reading.warnings, ...sealed.warnings.map((issue) => reading.locate(issue))];
  return { ...reading, sealedSecrets: sealed.secrets, warnings };
}

function unknownEnvironment(name: string, known: readonly string[], folder: string): string {
  const meant = nearest(name, known);
  const hint = meant ? `did you mean ${meant}?` : `known in ${folder}: ${known.join(', ') || 'none'}`;
  return `${oneLine(name)}: is not an environment (${hint})`;
}
