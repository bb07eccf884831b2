import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT_FILE } from '../environment/environment-file';
import { type LoadedEnvironment, loadEnvironment } from '../environment/load';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import { nearest } from '../input/did-you-mean';
import { exists } from '../input/exists';
import { InputError } from '../input/input-error';
import type { Issue } from '../input/issue';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { nameIssue } from './environment-folder';
import { readSealed, type SealCommand } from './sealed-secrets';
import { readSopsSecrets } from './sops-secrets';
import { objectLines } from './user-objects/checks';
import { readObjects } from './user-objects/read';
import type { AppliedSecret, UserObject } from './user-objects/user-object';

/** An environment as its file describes it, resolved. */
export interface ReadEnvironment {
  /** The name of its folder. */
  readonly name: string;
  readonly environment: ResolvedEnvironment;
  /** Warnings, as formatted lines. */
  readonly warnings: readonly string[];
  /** What it takes over from another environment, as formatted lines: warnings for those who apply it. */
  readonly sharing: readonly string[];
  /** Formats an issue of this environment as one line with its position. */
  locate(issue: Issue): string;
}

/** An environment that is ready to be composed. */
export interface NamedEnvironment extends ReadEnvironment {
  /** The SealedSecrets of the environment; none unless its provider is `sealed`. */
  readonly sealedSecrets: readonly SealedSecret[];
  /** The objects in the folder `objects` of the environment. */
  readonly userObjects: readonly UserObject[];
  /** The Secrets in the folder `sops` of the environment. */
  readonly sopsSecrets: readonly AppliedSecret[];
}

/** The environments of a folder that can be composed, and what is wrong with the others. */
export interface EnvironmentReadings<T extends ReadEnvironment = NamedEnvironment> {
  readonly environments: readonly T[];
  /** As formatted lines. */
  readonly issues: readonly string[];
}

/** What messages call a name of the command line that is not an environment, by its index among them. */
export type NameLabel = (name: string, index: number) => string;

/** An environment, or its issues as formatted lines. */
type Reading<T extends ReadEnvironment> = T | { readonly issues: readonly string[] };

/** The names of all environments below a folder, sorted. */
function listEnvironments(folder: string): string[] {
  if (!exists(folder)) return [];
  return readdirSync(folder)
    .filter((name) => exists(join(folder, name, ENVIRONMENT_FILE)))
    .sort();
}

/** The names of environments below a folder that are valid: a shell gives any other text a meaning. */
export const environmentNames = (folder: string): string[] =>
  listEnvironments(folder).filter((name) => nameIssue(name) === undefined);

/**
 * Reads, validates and resolves environments, with their sealed values, Secrets of SOPS and further objects.
 *
 * @param names names of environments; all of the folder if there are none
 * @param seal the command to seal a value, for messages. @default `cdk8s-mlflow seal ENVIRONMENT SECRET KEY`
 * @param label what messages call an unknown name. @default the name itself
 * @throws InputError if there is nothing to read, or a name is unknown
 */
export const readEnvironments = (
  folder: string,
  names: readonly string[],
  seal: SealCommand = (environment, named) => ['cdk8s-mlflow seal', environment, ...named].join(' '),
  label: NameLabel = (name) => name,
): EnvironmentReadings => readEach(folder, names, label, (name) => withOthers(folder, name, load(folder, name), seal));

/**
 * Reads, validates and resolves environments, but not their sealed values, which are about to change.
 *
 * @param names names of environments; all of the folder if there are none
 * @param label what messages call an unknown name, which may be a value that should be secret
 * @throws InputError with every issue of every environment.
 */
export const readUnsealedEnvironments = (
  folder: string,
  names: readonly string[],
  label: NameLabel,
): readonly ReadEnvironment[] => {
  const { environments, issues } = readEach<ReadEnvironment>(folder, names, label, (name) => {
    const { environment, issues, warnings, sharing, describe } = load(folder, name);
    return environment ? { name, environment, warnings, sharing, locate: describe } : { issues };
  });
  if (issues.length > 0) throw new InputError(issues);
  return environments;
};

function readEach<T extends ReadEnvironment>(
  folder: string,
  names: readonly string[],
  label: NameLabel,
  readOne: (name: string) => Reading<T>,
): EnvironmentReadings<T> {
  const misnamed = misnamedFiles(folder);
  if (misnamed.length > 0)
    throw new InputError(misnamed.map((file) => `${file}: is not read (rename it to ${ENVIRONMENT_FILE})`));
  const known = listEnvironments(folder);
  const unknown = names.flatMap((name, index) =>
    known.includes(name) ? [] : [`${label(name, index)}: is not an environment (${nameHint(name, known, folder)})`],
  );
  if (unknown.length > 0) throw new InputError(unknown);
  if (known.length === 0) {
    throw new InputError([
      `${folder}: contains no environment (create ${join(folder, 'NAME', ENVIRONMENT_FILE)}, for example with init)`,
    ]);
  }
  const read = names.length > 0 ? [...new Set(names)] : known;
  const badlyNamed = read.flatMap((name) => nameIssue(name) ?? []);
  if (badlyNamed.length > 0) throw new InputError(badlyNamed.map((line) => `${folder}: ${line}`));
  const readings = read.map(readOne);
  return {
    environments: readings.flatMap((reading) => ('issues' in reading ? [] : [reading])),
    issues: readings.flatMap((reading) => ('issues' in reading ? reading.issues : [])),
  };
}

/** Files that are most likely meant as an environment: without them, their output would be removed as stale. */
function misnamedFiles(folder: string): string[] {
  if (!exists(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    ['environment.yml', 'environment.json']
      .map((file) => join(folder, name, file))
      .filter((file) => exists(file) && !exists(join(folder, name, ENVIRONMENT_FILE))),
  );
}

const load = (folder: string, name: string): LoadedEnvironment => loadEnvironment(join(folder, name, ENVIRONMENT_FILE));

/**
 * What the folder of an environment has besides its file. The issues of all files come together, as far as those of the
 * others do not depend on those of the first.
 */
export function withOthers(
  folder: string,
  name: string,
  { environment, known, describe, ...loaded }: LoadedEnvironment,
  seal: SealCommand,
): Reading<NamedEnvironment> {
  const sealed = readSealed({ folder, name, environment, known, seal });
  const further = readObjects(join(folder, name));
  const encrypted = readSopsSecrets(join(folder, name), known, environment);
  const issues = [...loaded.issues, ...sealed.issues, ...further.issues, ...encrypted.issues];
  // Else they come with those of the rules.
  if (!environment || issues.length > 0) return { issues: [...issues, ...objectLines(further.objects)] };
  const warnings = [...loaded.warnings, ...sealed.warnings.map(describe)];
  return {
    name,
    environment,
    locate: describe,
    sealedSecrets: sealed.secrets,
    userObjects: further.objects,
    sopsSecrets: encrypted.secrets,
    warnings,
    sharing: loaded.sharing,
  };
}

function nameHint(name: string, known: readonly string[], folder: string): string {
  const meant = nearest(name, known);
  return meant ? `did you mean ${meant}?` : `known in ${folder}: ${known.join(', ') || 'none'}`;
}
