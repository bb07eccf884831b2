import { isPair, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import { formatPath, type Path } from '../input/issue';

/** A text in a preset. */
interface PresetValue {
  readonly path: Path;
  readonly value: string;
  /** Offsets of its first character and of the one behind its last, with quotes. */
  readonly range: readonly [start: number, end: number];
}

/** Keys of which the value is outside of the namespace, so that two environments would share it. */
const SHARED_KEYS = ['bucket', 'container', 'prefix'];

/**
 * Buckets and folders that are called by the namespace of the preset, in the text and its comments, by that of the new
 * environment: two environments of one preset would have one store.
 *
 * @param before the namespace of the preset
 */
export function withOwnStores(text: string, before: string, namespace: string): string {
  const forms = before.includes('-') ? [asIs, asFolder] : [asIs];
  const renamed = (value: string) =>
    forms.reduce((done, form) => {
      return done.replace(new RegExp(`(?<![a-z0-9])${form(before)}(?![a-z0-9])`, 'g'), form(namespace));
    }, value);
  const shared = valuesOf(text).filter(({ path }) => SHARED_KEYS.includes(String(path.at(-1))));
  const inValues = shared.toReversed().reduce((done, { range: [start, end] }) => {
    return done.slice(0, start) + renamed(done.slice(start, end)) + done.slice(end);
  }, text);
  return shared
    .filter(({ value }) => value.includes('/'))
    .reduce((done, { value }) => replacedInComments(done, value, renamed(value)), inValues);
}

const asIs = (name: string): string => name;

/** A name as folders of a store: mlflow/production. */
const asFolder = (name: string): string => name.replace('-', '/');

const replacedInComments = (text: string, before: string, after: string): string =>
  text.replace(/#.*/g, (comment) => comment.replaceAll(before, after));

/** What no environment can keep: hosts of documentation, private addresses, and a digest that is made up. */
const EXAMPLES = [
  /(?<![-\w])(?:[-\w]+\.)*example\.(?:com|org|net)(?![-\w.])/,
  /(?<![\d.])(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+(?![\d.])/,
  /^sha256:(?:0123456789abcdef){4}$/,
];

/** Databases, of which two environments on one PostgreSQL need their own; which names exist there only you know. */
const DATABASES = ['database.name', 'database.authName'];

/** The values of a preset that the user must replace, each as `file:line key: value`. */
export function exampleValues(text: string, file: string): string[] {
  const lines = new LineCounter();
  return valuesOf(text, lines)
    .filter(
      ({ path, value }) => DATABASES.includes(formatPath(path)) || EXAMPLES.some((example) => example.test(value)),
    )
    .map(({ path, value, range: [start] }) => `${file}:${lines.linePos(start).line} ${formatPath(path)}: ${value}`);
}

/** Every text of a document, in its order. */
function valuesOf(text: string, lineCounter?: LineCounter): PresetValue[] {
  const found: PresetValue[] = [];
  visit(parseDocument(text, { lineCounter }), {
    Scalar: (key, node, above) => {
      const { value, range } = node;
      if (key === 'key' || typeof value !== 'string' || !range) return;
      found.push({ path: pathOf(above, node), value, range: [range[0], range[1]] });
    },
  });
  return found;
}

/** The keys and indexes that lead to a scalar. */
const pathOf = (above: readonly unknown[], node: Scalar): Path =>
  [...above.slice(1), node].flatMap((each, index): Path => {
    const parent = above[index];
    if (isPair(parent)) return isScalar(parent.key) ? [String(parent.key.value)] : [];
    return isSeq(parent) ? [parent.items.indexOf(each)] : [];
  });
