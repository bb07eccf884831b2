import type { z } from 'zod';
import { environment } from '../../lib/environment/model';
import { isRequired, isUnion, itemOf, recordOf, shapeOf, typeAt } from '../../lib/environment/model-tree';
import { parseEnvironment } from '../../lib/environment/parse';
import { formatPath, type Path } from '../../lib/input/issue';
import { SMALLEST } from '../support/support';

/** What messages say of a value of another form: what to write instead, for every key of the model. */

/** Every place of the model: keys, one item of each list and one value of each map. */
function placesIn(type: z.core.$ZodType, path: Path = []): Path[] {
  const below: readonly (readonly [string | number, z.core.$ZodType])[] = [
    ...Object.entries(shapeOf(type) ?? {}),
    ...[itemOf(type)].flatMap((item) => (item ? [[0, item] as const] : [])),
    ...[recordOf(type)].flatMap((value) => (value ? [['a', value] as const] : [])),
  ];
  return [...(path.length > 0 ? [path] : []), ...below.flatMap(([step, inner]) => placesIn(inner, [...path, step]))];
}

const PLACES = placesIn(environment);

/** The message for a value at a path, in an environment that has nothing else there. */
function messageFor(path: Path, value: unknown): string | undefined {
  const [first = '', ...rest] = path;
  const inner = rest.reduceRight<unknown>(
    (below, step) => (typeof step === 'number' ? [below] : { [step]: below }),
    value,
  );
  const { issues } = parseEnvironment({ ...SMALLEST, [first]: inner });
  return issues.find((issue) => formatPath(issue.path) === formatPath(path))?.message;
}

/** Whether it is a value of a map whose keys users choose, so that no key is missing. */
const isValue = (path: Path) => recordOf(typeOf(path.slice(0, -1))) !== undefined;

const named = (paths: readonly Path[]) => paths.map((path) => [formatPath(path), path] as const);
const sections = PLACES.filter((path) => !isUnion(typeOf(path)) && shapeOf(typeOf(path)));
const lists = PLACES.filter((path) => itemOf(typeOf(path)));
const required = PLACES.filter((path) => typeof path.at(-1) === 'string' && isRequired(typeOf(path)) && !isValue(path));

function typeOf(path: Path): z.core.$ZodType {
  const type = typeAt(path);
  if (!type) throw new Error(`${formatPath(path)} is no place of the model`);
  return type;
}

test('the model has places of each form', () => {
  expect([sections.length, lists.length, required.length].every((count) => count > 12)).toBe(true);
});

describe('a section that is written as', () => {
  test.each(named(sections))('a list says which keys it has: %s', (_, path) => {
    const keys = Object.keys(shapeOf(typeOf(path)) ?? {});
    const message = messageFor(path, ['x']) ?? '';
    expect(message).toMatch(/^is a list \(must be a map of keys to values, (with keys )?such as /);
    expect(keys.some((key) => new RegExp(`\\b${key}\\b`).test(message))).toBe(true);
  });

  test.each(named(sections.filter((path) => shapeOf(typeOf(path))?.repository)))(
    'the reference of an image says it in its parts: %s',
    (_, path) => {
      const digest = `sha256:${'0'.repeat(64)}`;
      const written = (text: string) => /: write (\{.*?\})/.exec(messageFor(path, text) ?? '')?.[1];
      expect(written('ghcr.io/own/mlflow:v3.18.0')).toBe('{repository: ghcr.io/own/mlflow, tag: v3.18.0}');
      expect(written('localhost:5000/mlflow')).toBe('{repository: localhost:5000/mlflow}');
      expect(written(`mlflow:3.10@${digest}`)).toBe(`{repository: mlflow, tag: "3.10", digest: ${digest}}`);
      expect(messageFor(path, 'user:hunter2@Registry')).not.toMatch(/hunter2/);
    },
  );

  test.each([
    ['auth', true, '{enabled: true}'],
    ['networkPolicy', false, '{enabled: false}'],
    ['service', 'LoadBalancer', '{type: LoadBalancer}'],
    ['secrets', 'sealed', '{provider: sealed}'],
    ['artifacts', 'embedded', '{embedded: {}}'],
  ])('one value says which key takes it: %s: %s', (section, value, instead) => {
    expect(messageFor([section], value)).toContain(`: write ${instead}`);
  });

  test('a text that may be a secret does not repeat it', () => {
    expect(messageFor(['database'], 'postgresql://mlflow:hunter2@db/mlflow')).not.toContain('hunter2');
  });
});

test.each(named(lists))('a list that is written as a map says how a list is written: %s', (_, path) => {
  expect(messageFor(path, { alice: 'READ' })).toMatch(
    /^is a map of keys to values \(must be a list, such as \[.+\]\)$/,
  );
});

test('a list of users as a map shows a user', () => {
  expect(messageFor(['auth', 'users'], { alice: 'READ' })).toBe(
    'is a map of keys to values (must be a list, such as [{name: …, permission: READ}])',
  );
});

test.each(named(required))('a required key says what it is for, or its values: %s', (_, path) => {
  const key = String(path.at(-1));
  const section = path.slice(0, -1);
  const issues = [undefined, null].map((value) => messageFor([...section, key], value) ?? '');
  expect(issues[0]).toMatch(/^is missing \((set it: [^`]{5,}|use [\w, -]+)\)$/);
  expect(issues[1]).toBe(issues[0]?.replace('is missing', 'has no value'));
});

test('a destination of backups that is missing names what it can be', () => {
  expect(messageFor(['backup', 'destination'], undefined)).toBe(
    'is missing (set it: where backups are stored, such as {azure: {account: …, container: …}} or {claim: {}} or {s3: {bucket: …}} or {gcs: {bucket: …}})',
  );
});

test.each([
  [5, 'is read as a number, not as text (write it in quotes)'],
  [true, 'is read as true or false, not as text (write it in quotes)'],
])('a text that may be a reference to one is told from %j', (value, said) => {
  expect(messageFor(['server', 'env', 'A'], value)).toBe(said);
});
