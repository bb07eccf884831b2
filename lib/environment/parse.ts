import type { z } from 'zod';
import type { Issue, Path } from '../input/issue';
import { checkEnvironment } from './checks';
import { describeZodIssue, valueAt } from './describe-issue';
import { InvalidPaths } from './invalid-paths';
import { type Environment, environment as schema } from './model';
import { isSwitchedOn, typeAt } from './model-tree';

/** A valid environment, or the issues of the input. */
export interface ParsedEnvironment {
  readonly environment?: Environment;
  readonly issues: readonly Issue[];
}

/** A given environment as far as it is valid. */
export interface ModelReading {
  /** Without what is invalid; undefined if nothing can be said of the rest. */
  readonly environment?: Environment;
  /** What the model says against the given value. */
  readonly issues: readonly Issue[];
  /** The issues of checks of `environment` that hold whatever the invalid values should be, with the paths of the given value. */
  certain(found: readonly Issue[]): Issue[];
}

/**
 * Validates a plain value against the model and the rules between sections, and fills in plain defaults. Where the
 * model finds issues, the invalid values are left out, or replaced with the defaults of a section, and the rest is
 * checked anyway, so that every issue is reported at once.
 */
export function parseEnvironment(given: unknown): ParsedEnvironment {
  const { environment, issues: invalid, certain } = readModel(given);
  const issues = [...invalid, ...(environment ? certain(checkEnvironment(environment)) : [])];
  return issues.length > 0 ? { issues } : { environment, issues };
}

/** Validates a plain value against the model alone, and keeps what is valid. */
export function readModel(given: unknown): ModelReading {
  const result = schema.safeParse(given);
  if (result.success) return { environment: result.data, issues: [], certain: (found) => [...found] };
  const issues = firstOfEach(result.error.issues).flatMap((zodIssue) => describeZodIssue(zodIssue, given));
  const invalid = issues.map(({ path }) => path);
  const rest = schema.safeParse(omit(given, invalid));
  const paths = new InvalidPaths(invalid);
  const asGiven = givenPaths(given, paths);
  const certain = (found: readonly Issue[]) =>
    found
      .map((issue) => ({ ...issue, path: asGiven(issue.path), dependsOn: issue.dependsOn?.map(asGiven) }))
      .filter(({ path, dependsOn = [] }) => ![path, ...dependsOn].some((each) => paths.isRelated(each)));
  return { environment: rest.success ? rest.data : undefined, issues, certain };
}

/** One issue for each value: others follow from it. Of several bounds the last one is the narrowest. */
function firstOfEach(zodIssues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const byPath = new Map<string, z.core.$ZodIssue>();
  for (const zodIssue of zodIssues) {
    const path = JSON.stringify([...zodIssue.path.map(String), zodIssue.code === 'unrecognized_keys']);
    const known = byPath.get(path);
    if (!known || (known.code === 'too_big' && zodIssue.code === 'too_big')) byPath.set(path, zodIssue);
  }
  return [...byPath.values()];
}

/**
 * A copy of `value` without what `paths` name, and without the whole item of a list that it is in. An optional section
 * that is written, but invalid, gets its defaults: `embedded: true` must not report a missing host as well.
 *
 * @param at where `value` is in the whole
 */
function omit(value: unknown, paths: readonly Path[], at: Path = []): unknown {
  if (paths.some((path) => path.length === 0)) return value !== false && isSwitchedOn(typeAt(at)) ? {} : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const below = new Map<string, Path[]>();
  for (const [step, ...rest] of paths) {
    const inside = below.get(String(step)) ?? [];
    below.set(String(step), inside);
    inside.push(rest);
  }
  if (Array.isArray(value)) return value.filter((_, index) => !below.has(String(index)));
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const inside = below.get(key);
    const kept = inside ? omit(inner, inside, [...at, key]) : inner;
    return inside && kept === undefined ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(entries);
}

/** The path in the given value of what `omit` left at a path: items of a list moved up. */
function givenPaths(given: unknown, omitted: InvalidPaths): (path: Path) => Path {
  const kept = new Map<string, readonly number[]>();
  const keptIn = (list: readonly unknown[], path: Path) => {
    const known =
      kept.get(JSON.stringify(path)) ?? [...list.keys()].filter((index) => !omitted.isRelated([...path, index]));
    kept.set(JSON.stringify(path), known);
    return known;
  };
  return (path) => {
    const found: (string | number)[] = [];
    for (const step of path) {
      const list = typeof step === 'number' ? valueAt(given, found) : undefined;
      found.push(Array.isArray(list) ? (keptIn(list, found)[Number(step)] ?? step) : step);
    }
    return found;
  };
}
