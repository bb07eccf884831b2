import { evaluate } from '../../lib/environment/evaluate';
import { formatPath, type Path } from '../../lib/input/issue';
import { EMBEDDED } from '../support/embedded-fixtures';
import { FULLEST, written } from '../support/fixtures';

/** A value that a list names twice is reported at the second place, in every list of an environment. */

interface PlainList {
  readonly path: Path;
  readonly items: readonly unknown[];
}

/** Lists of texts and numbers, besides those of patches, which are in the terms of Kubernetes. */
function listsIn(value: unknown, path: Path = []): PlainList[] {
  if (typeof value !== 'object' || value === null || path[0] === 'patches') return [];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    listsIn(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  const isPlain = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item !== 'object');
  return isPlain ? [{ path, items: value }, ...inner] : inner;
}

/** The parts of containers are in the terms of Kubernetes too. */
const isOurs = ({ path }: PlainList) => !['sidecars', 'initContainers'].includes(String(path[1]));

const last = ({ items }: PlainList) => Math.max(1, items.length - 1);

function issuesWith(input: object, { path, items }: PlainList): string[] {
  const copy: Record<string, unknown> = structuredClone({ ...input });
  const list = path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], copy);
  // Some lists take no further item.
  (list as unknown[])[last({ path, items })] = items[0];
  return evaluate(copy).issues.map((issue) => `${formatPath(issue.path)} ${issue.message}`);
}

const CASES = [written(FULLEST), written(EMBEDDED)].flatMap((input) =>
  listsIn(input).map((list) => [formatPath(list.path), input, list] as const),
);

test('the environments have many such lists', () => {
  expect(new Set(CASES.map(([title]) => title)).size).toBeGreaterThan(15);
});

test.each(CASES)('%s', (title, input, list) => {
  const issue = `${title}[${last(list)}] is in the list twice (keep one)`;
  expect(issuesWith(input, list).filter((each) => each === issue)).toEqual(isOurs(list) ? [issue] : []);
});
