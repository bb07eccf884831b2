import { isDeepStrictEqual } from 'node:util';
import { entryAt, type LocatedMap } from '../input/located-yaml';
import { readYaml } from '../input/read-yaml';
import { addValues, lineBreakOf, replaced, replaceValue, Unchangeable } from './edit-lines';
import { objectsIn, readSealedSecrets, type SealingIssue } from './file';
import { manifestLines, type NewValue, type SealTarget } from './manifest-lines';
import type { LocatedTexts, SealedSecret } from './sealed-secret';

/** The changed text, or why it cannot be changed. */
export type Edited = { readonly text: string } | { readonly issues: readonly SealingIssue[] };

/**
 * Puts sealed values into the text of a file. Only the lines of the keys named change; missing keys go to the end of
 * their map, a missing SealedSecret to the end of the file.
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
      issues: [{ at: { ...error.at, file }, path: ['spec', 'encryptedData'], message: error.message }],
    };
  }
}

function mismatchOf({ at, scope, template }: SealedSecret, target: SealTarget): SealingIssue | undefined {
  const type = template.type?.value ?? 'Opaque';
  if (type !== target.type) {
    const location = template.type ?? { at, path: ['spec', 'template', 'type'] };
    return {
      at: location.at,
      path: location.path,
      message: `is not ${target.type}, the type that this Secret needs (change it, or remove the SealedSecret)`,
    };
  }
  if (scope === target.scope) return undefined;
  return {
    at,
    path: [],
    message: `is ${scope}, not ${target.scope} (remove the SealedSecret and re-seal it, or change secrets.sealed.scope)`,
  };
}

/** A text of the template may take precedence over the sealed value, so that sealing it would change nothing. */
const templatedIssues = ({ template }: SealedSecret, values: ReadonlyMap<string, NewValue>): SealingIssue[] =>
  [...template.data.entries()]
    .filter(([key]) => values.has(key))
    .map(([, { at, path }]) => ({ at, path, message: 'provides the value of this key (remove it here, then seal)' }));

function changeManifest(text: string, target: SealTarget, values: ReadonlyMap<string, NewValue>): string {
  const map = findValues(text, target);
  const changes = [...values].flatMap(([key, value]) =>
    map.entries.has(key) ? [replaceValue(text, map, key, value)] : [],
  );
  const changed = replaced(text, changes);
  const added = new Map([...values].filter(([key]) => !map.entries.has(key)));
  if (added.size === 0) return changed;
  // Looked up again, because the replacements have moved it.
  return replaced(changed, [addValues(changed, findValues(changed, target), added)]);
}

/** The map of the sealed values, as it is written. */
function findValues(text: string, { namespace, name }: SealTarget): LocatedMap {
  for (const { root } of readYaml(text, '').documents.flatMap(objectsIn)) {
    const is = (key: string, wanted: string) => {
      const value = entryAt(root, ['metadata', key])?.value;
      return value?.kind === 'scalar' && value.value === wanted;
    };
    if (!is('namespace', namespace) || !is('name', name)) continue;
    const values = entryAt(root, ['spec', 'encryptedData'])?.value;
    if (values?.kind === 'map') return values;
    const at = (values ?? entryAt(root, ['spec'])?.value ?? root).at;
    throw new Unchangeable('is empty, so no key can be added (remove the SealedSecret, and seal creates it again)', at);
  }
  throw new Error('a SealedSecret that was read is not in the text');
}

function appendManifest(text: string, target: SealTarget, values: ReadonlyMap<string, NewValue>): string {
  const hasOthers = readYaml(text, '').documents.some(({ root }) => root);
  const lines = [...(hasOthers ? ['---'] : []), ...manifestLines(target, values)];
  const lineBreak = lineBreakOf(text);
  const start = text === '' || text.endsWith('\n') ? '' : lineBreak;
  return `${text}${start}${lines.join(lineBreak)}${lineBreak}`;
}

/** Checks that the values are set and everything else is as it was. Anything else is a bug, and must not be written. */
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
  // A new SealedSecret has no previous content.
  const others = was.some(isTarget) ? is : is.filter((each) => !isTarget(each));
  const isBroken = after.issues.some(({ value }) => value === undefined);
  const isMissing = [...values].some(([key, { ciphertext }]) => changed?.values.get(key) !== ciphertext);
  if (isBroken || isMissing || !isDeepStrictEqual(untouched(others), untouched(was))) {
    throw new Error('the sealed values would not be written correctly, so nothing is written');
  }
}

/** The content of a SealedSecret, without positions. */
interface Content extends Omit<SealTarget, 'type'> {
  readonly values: ReadonlyMap<string, string>;
  readonly rest: unknown;
}

function contentOf({ namespace, name, scope, labels, annotations, encryptedData, template }: SealedSecret): Content {
  const texts = (located: LocatedTexts) => new Map([...located].map(([key, { value }]) => [key, value]));
  const { type, immutable, data } = template;
  const made = [type?.value, immutable, texts(data), texts(template.labels), texts(template.annotations)];
  return { namespace, name, scope, values: texts(encryptedData), rest: [texts(labels), texts(annotations), made] };
}
