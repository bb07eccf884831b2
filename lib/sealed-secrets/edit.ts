import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Position } from '../input/issue';
import { addValues, lineBreakOf, replaced, replaceValue, Unchangeable } from './edit-lines';
import { readSealedSecrets, type SealingIssue } from './file';
import { manifestLines, type NewValue, type SealTarget } from './manifest-lines';
import type { SealedSecret } from './sealed-secret';
import { isNothing, keyText, type PlacedTexts, parseYaml } from './yaml-tree';

/** The changed text, or why it cannot be changed. */
export type Edited = { readonly text: string } | { readonly issues: readonly SealingIssue[] };

/**
 * Puts sealed values into the text of a file. Only the lines of the keys named change; missing keys go to the end of their
 * map, a missing SealedSecret to the end of the file.
 *
 * @param file what issues name it
 */
export function setSealedValues(
  text: string,
  file: string,
  target: SealTarget,
  values: ReadonlyMap<string, NewValue>,
): Edited {
  const before = readSealedSecrets(text, file);
  // A value that cannot be opened may be the very one that is replaced.
  const issues = before.issues.filter(({ value }) => value === undefined);
  if (issues.length > 0) return { issues };
  const secret = before.secrets.find(({ namespace, name }) => namespace === target.namespace && name === target.name);
  const mismatch = secret && mismatchOf(secret, target);
  if (mismatch) return { issues: [mismatch] };
  const templated = secret ? templatedIssues(secret, values) : [];
  if (templated.length > 0) return { issues: templated };
  try {
    const changed = secret ? changeManifest(text, target, values) : appendManifest(text, target, values);
    confirm(before.secrets, readSealedSecrets(changed, file), target, values);
    return { text: changed };
  } catch (error) {
    if (!(error instanceof Unchangeable)) throw error;
    return {
      issues: [{ at: positionIn(text, file, error.offset), path: ['spec', 'encryptedData'], message: error.message }],
    };
  }
}

function mismatchOf({ at, scope, template }: SealedSecret, target: SealTarget): SealingIssue | undefined {
  const type = template.type?.value ?? 'Opaque';
  if (type !== target.type) {
    const place = template.type ?? { at, path: ['spec', 'template', 'type'] };
    return {
      at: place.at,
      path: place.path,
      message: `is not ${target.type}, which this Secret must be (change it, or remove the SealedSecret)`,
    };
  }
  if (scope === target.scope) return undefined;
  return {
    at,
    path: [],
    message: `is ${scope}, not ${target.scope} (remove the SealedSecret and seal it anew, or change secrets.sealed.scope)`,
  };
}

/** A text of the template may win over the sealed value, so that sealing it would change nothing. */
const templatedIssues = ({ template }: SealedSecret, values: ReadonlyMap<string, NewValue>): SealingIssue[] =>
  [...template.data.entries()]
    .filter(([key]) => values.has(key))
    .map(([, { at, path }]) => ({ at, path, message: 'makes the value of this key (remove it here, then seal)' }));

function changeManifest(text: string, target: SealTarget, values: ReadonlyMap<string, NewValue>): string {
  const map = findValues(text, target);
  const present = new Map(map.items.map((pair) => [isScalar(pair.key) ? keyText(pair.key) : '', pair]));
  const changes = [...values].flatMap(([key, value]) => {
    const pair = present.get(key);
    return pair ? [replaceValue(text, pair, value, map.flow === true)] : [];
  });
  const changed = replaced(text, changes);
  const added = new Map([...values].filter(([key]) => !present.has(key)));
  if (added.size === 0) return changed;
  // Looked up again, since what was replaced has moved it.
  return replaced(changed, [addValues(changed, findValues(changed, target), added)]);
}

/** The map of the sealed values, in the source. */
function findValues(text: string, { namespace, name }: SealTarget): YAMLMap {
  for (const document of parseYaml(text)) {
    const child = (parent: Node | undefined, key: string): Node | undefined => {
      const node = isMap(parent) ? (parent.get(key, true) as Node | undefined) : undefined;
      return isAlias(node) ? node.resolve(document) : node;
    };
    for (const object of objectsIn(document.contents)) {
      const metadata = child(object, 'metadata');
      const is = (key: string, wanted: string) =>
        (child(metadata, key) as { value?: unknown } | undefined)?.value === wanted;
      if (!is('namespace', namespace) || !is('name', name)) continue;
      const spec = child(object, 'spec');
      const values = child(spec, 'encryptedData');
      if (isMap(values)) return values;
      const offset = (values ?? spec ?? object).range?.[0] ?? 0;
      throw new Unchangeable('is empty, so no key can be added (remove the SealedSecret, and it is made anew)', offset);
    }
  }
  throw new Error('a SealedSecret that was read is not in the text');
}

function objectsIn(node: unknown): Node[] {
  const items = isMap(node) ? node.get('items', true) : undefined;
  if (isSeq(items)) return items.items.flatMap(objectsIn);
  return isMap(node) ? [node] : [];
}

function appendManifest(text: string, target: SealTarget, values: ReadonlyMap<string, NewValue>): string {
  const hasOthers = parseYaml(text).some(({ contents }) => !isNothing(contents));
  const lines = [...(hasOthers ? ['---'] : []), ...manifestLines(target, values)];
  const lineBreak = lineBreakOf(text);
  const start = text === '' || text.endsWith('\n') ? '' : lineBreak;
  return `${text}${start}${lines.join(lineBreak)}${lineBreak}`;
}

/** A last look: what was asked for is there, and all else is as it was. Anything else is a bug, and must not be written. */
function confirm(
  before: readonly SealedSecret[],
  after: { readonly secrets: readonly SealedSecret[]; readonly issues: readonly SealingIssue[] },
  target: SealTarget,
  values: ReadonlyMap<string, NewValue>,
): void {
  const isTarget = ({ namespace, name }: Content) => namespace === target.namespace && name === target.name;
  const untouched = (contents: readonly Content[]) =>
    contents.map((each) =>
      isTarget(each) ? { ...each, values: [...each.values].filter(([key]) => !values.has(key)) } : each,
    );
  const was = before.map(contentOf);
  const is = after.secrets.map(contentOf);
  const changed = is.find(isTarget);
  // What is made anew has been checked by what it is made of.
  const others = was.some(isTarget) ? is : is.filter((each) => !isTarget(each));
  const isBroken = after.issues.some(({ value }) => value === undefined);
  const isMissing = [...values].some(([key, { ciphertext }]) => changed?.values.get(key) !== ciphertext);
  if (isBroken || isMissing || !isDeepStrictEqual(untouched(others), untouched(was))) {
    throw new Error('the sealed values would not be written as they should be, so nothing is');
  }
}

function positionIn(text: string, file: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What a SealedSecret says, wherever it stands. */
interface Content extends Omit<SealTarget, 'type'> {
  readonly values: ReadonlyMap<string, string>;
  readonly rest: unknown;
}

function contentOf({ namespace, name, scope, labels, annotations, encryptedData, template }: SealedSecret): Content {
  const texts = (placed: PlacedTexts) => new Map([...placed].map(([key, { value }]) => [key, value]));
  const { type, immutable, data } = template;
  const made = [type?.value, immutable, texts(data), texts(template.labels), texts(template.annotations)];
  return { namespace, name, scope, values: texts(encryptedData), rest: [texts(labels), texts(annotations), made] };
}
