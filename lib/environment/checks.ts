import { usesProvider } from '../components/secrets/provider';
import { type Check, type Issue, isSubstituted, lostCharacter, type Path, violatedChecks } from '../input/issue';
import { ALL } from './contributions';
import type { Environment } from './model';
import { itemOf, typeAt } from './model-tree';

/** Checks between keys, whatever the MLflow release. */
export const checkEnvironment = (environment: Environment): Issue[] => [
  ...textIssues(environment, []),
  ...repetitionIssues(environment, []),
  ...violatedChecks([
    ...ALL.flatMap((component) => component.checks?.(environment) ?? []),
    ...nameChecks(environment),
    ...patchChecks(environment),
  ]),
];

/** Characters that tools would substitute or refuse, and that no value needs. */
function textIssues(value: unknown, path: Path): Issue[] {
  if (typeof value === 'string') return [...substitutionIssues(value, path), ...lostCharacterIssues(value, path)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textIssues(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function substitutionIssues(text: string, path: Path): Issue[] {
  if (!isSubstituted(text)) return [];
  return [
    { path, message: 'contains a dollar sign followed by a brace, which Flux substitutes (write it another way)' },
  ];
}

function lostCharacterIssues(text: string, path: Path): Issue[] {
  const character = lostCharacter(text);
  if (character === undefined) return [];
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const message = `contains the character U+${code}, which is lost or refused on the way to the cluster (remove it)`;
  return [{ path, message }];
}

/**
 * Values that a list of the model names twice: the second changes nothing, or was meant to be another. In a part of a
 * pod, as Kubernetes has it, items such as arguments may be equal.
 */
function repetitionIssues(value: unknown, path: Path): Issue[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => repetitionIssues(inner, [...path, key]));
  }
  const type = typeAt(path);
  if (!type || !itemOf(type)) return [];
  return value.flatMap((item, index) =>
    typeof item !== 'object' && value.indexOf(item) < index
      ? [{ path: [...path, index], message: 'is in the list twice (keep one)' }]
      : repetitionIssues(item, [...path, index]),
  );
}

/** Kubernetes writes names of Jobs and of StatefulSets' revisions into labels, which take 63 characters. */
const LONGEST_NAME = 34;

function nameChecks({ name, database, artifacts, secrets }: Environment): Check[] {
  const isLimited = Boolean(database.embedded ?? artifacts.embedded) || usesProvider(secrets, 'generated');
  return [
    {
      path: ['name'],
      violated: name.length > LONGEST_NAME && isLimited,
      message: `has ${name.length} characters, too many for the names that embedded stores and generated Secrets derive from it (use at most ${LONGEST_NAME})`,
    },
  ];
}

function patchChecks({ patches }: Environment): Check[] {
  return patches.flatMap(({ kind, operations }, index) =>
    operations.flatMap(({ op, path, value }, step) => [
      {
        path: ['patches', index, 'operations', step, 'value'],
        violated: op !== 'remove' && value === undefined,
        message: `is missing (${op} needs a value)`,
      },
      {
        path: ['patches', index, 'operations', step, 'value'],
        violated: value !== undefined && beyondJson(value) !== undefined,
        message: `contains a ${beyondJson(value)} that JSON cannot represent (use a finite number, or a string in quotes)`,
      },
      {
        path: ['patches', index, 'operations', step, 'path'],
        violated: kind === 'Job' && (path === '' || path.startsWith('/spec')) && op !== 'test',
        message: 'changes a Job, which is immutable once it exists (use a key of the environment file)',
      },
    ]),
  );
}

/** What of a value has no form in JSON, which is what an API server reads. */
function beyondJson(value: unknown): 'number' | 'value' | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? undefined : 'number';
  if (Array.isArray(value)) return firstOf(value);
  const isMap = Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in (value as object));
  return isMap ? firstOf(Object.values(value as object)) : 'value';
}

const firstOf = (values: readonly unknown[]) => values.map(beyondJson).find((beyond) => beyond !== undefined);
