import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { identity, type Manifest } from '../../lib/synth/manifest';
import { contentsOf, ROOT, temporaryFolder } from '../support/support';
import { COMBINATIONS, writeAll } from './combinations';
import { EXCEPTIONS, EXCEPTIONS_FILE, readExceptions, unforgiven } from './exceptions';
import { FAULTS, writeIssues } from './mistakes';
import { numbersRow } from './numbers';
import { KUBERNETES, TOOLS, VALIDATORS, type Verdict, type Violation, validate } from './validator';

/** The environments that are committed, and the combinations that exist for the validators alone. */
const DIST = join(ROOT, 'dist');
const COMMITTED = readdirSync(DIST).sort();
const ENVIRONMENTS = [...COMMITTED, ...COMBINATIONS.keys()];

const filesBelow = (folder: string): string[] =>
  Object.keys(contentsOf(folder)).map((file) => readFileSync(join(folder, file), 'utf8'));

const objectsBelow = (folder: string): Manifest[] =>
  filesBelow(folder).flatMap((text) => parseAllDocuments(text).map((each) => each.toJS() as Manifest));

/** Parsing them all would take as long as some validators. */
const countBelow = (folder: string): number =>
  filesBelow(folder).flatMap((text) => text.match(/^kind: /gm) ?? []).length;

/**
 * The validators start slowly, so that many environments are validated at once. Committed ones that claim the same names, as
 * for one cluster each, lie in different folders.
 */
function writeGroups(): string[] {
  const first = temporaryFolder();
  writeAll(first, COMBINATIONS);
  const groups = [{ folder: first, taken: new Set<string>() }];
  for (const name of COMMITTED) {
    const identities = objectsBelow(join(DIST, name)).map(identity);
    let group = groups.find(({ taken }) => !identities.some((each) => taken.has(each)));
    if (!group) {
      group = { folder: temporaryFolder(), taken: new Set() };
      groups.push(group);
    }
    for (const each of identities) group.taken.add(each);
    cpSync(join(DIST, name), join(group.folder, name), { recursive: true });
  }
  return groups.map(({ folder }) => folder);
}

let folders: readonly string[] = [];
let verdicts: readonly Verdict[] = [];
let violations: readonly Violation[] = [];
let bad: Verdict;

beforeAll(async () => {
  folders = writeGroups();
  const invalid = temporaryFolder();
  writeIssues(invalid);
  [bad, verdicts] = await Promise.all([
    validate(invalid, EXCEPTIONS_FILE, KUBERNETES.slice(-1)),
    Promise.all(folders.map((folder) => validate(folder, EXCEPTIONS_FILE))),
  ]);
  violations = verdicts.flatMap((verdict) => verdict.violations);
});

const line = ({ validator: name, rule, object, environment, message }: Violation) =>
  `${name} ${rule} ${environment} ${object}: ${message}`;

describe('the validators', () => {
  test('have all looked, and at every object', () => {
    expect(verdicts.map(({ objects }) => objects)).toEqual(folders.map(countBelow));
    for (const { states } of verdicts) {
      const looked = VALIDATORS.map((name) => [name, /^(clean|findings)$/.test(states[name] ?? '') || states[name]]);
      expect(Object.fromEntries(looked)).toEqual(Object.fromEntries(VALIDATORS.map((name) => [name, true])));
    }
  });

  test.each(ENVIRONMENTS)('have nothing against %s', (name) => {
    expect(unforgiven(violations.filter(({ environment }) => environment === name)).map(line)).toEqual([]);
  });

  test('have nothing against the environments together', () => {
    expect(violations.filter(({ environment }) => !ENVIRONMENTS.includes(environment)).map(line)).toEqual([]);
    expect(verdicts.map(({ exit }) => exit)).toEqual(verdicts.map(() => 0));
  });
});

describe('an exception', () => {
  const titled = EXCEPTIONS.map(
    (each) => [`${each.rule} (${each.environments?.join(', ') ?? 'everywhere'})`, each] as const,
  );

  test.each(titled)('is needed: %s', (_, exception) => {
    const others = EXCEPTIONS.filter((each) => each !== exception);
    const found = unforgiven(violations, others);
    expect(found).not.toEqual([]);
    // And for each of the environments that it names.
    const forgiven = new Set(found.map(({ environment }) => environment));
    expect((exception.environments ?? []).filter((name) => !forgiven.has(name))).toEqual([]);
  });
});

describe('an issue', () => {
  const titled = Object.entries(FAULTS).flatMap(([name, { objections }]) =>
    objections.map(([by, rule]) => [name, by, rule] as const),
  );

  test.each(titled)('%s is found by %s (%s)', (name, by, rule) => {
    const found = bad.violations.filter((violation) => violation.environment === name && violation.validator === by);
    expect(unforgiven(found).map((violation) => violation.rule)).toContain(rule);
  });

  test('is found by every validator', () => {
    // A name that is there twice stops the build, so that no file is told.
    const objecting = new Set(unforgiven(bad.violations).map((violation) => violation.validator));
    expect(VALIDATORS.filter((name) => !objecting.has(name))).toEqual([]);
    expect(bad.exit).toBe(1);
  });
});

test('docs/comparison.md says what the validators say', () => {
  const page = readFileSync(join(ROOT, 'docs', 'comparison.md'), 'utf8').split('\n');
  const asked = readExceptions(join(TOOLS, 'exceptions.yaml'));
  // Of the matrix the one with every setting that a validator requires.
  const rows = [...COMMITTED, 'pull-always'].map((name) => {
    const folder = folders.map((group) => join(group, name)).find((path) => existsSync(path)) ?? '';
    const own = violations.filter(({ environment }) => environment === name);
    return numbersRow(name, countBelow(folder), own, asked);
  });
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
