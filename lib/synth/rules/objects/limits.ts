import { type Manifest, podTemplate } from '../../manifest';
import type { Rule, Violation } from '../rule';
import { podsOf } from '../workloads';

/** All annotations of an object together, keys and values. */
const ANNOTATIONS = 256 * 1024;

/** All values of a ConfigMap or Secret together. */
const DATA = 1024 * 1024;

/** One argument or variable of a process on Linux, with the zero byte at its end. */
const ARGUMENT = 128 * 1024;

const COPIED = '; kubectl apply copies the object into an annotation unless you pass --server-side';
const BY_REFERENCE = `${COPIED}: move long values of server.env to a ConfigMap and use server.envFrom`;

/** No object, annotation or argument is too large for kubectl, the API server or the kernel. */
export const sizesFit: Rule = {
  name: 'sizes-fit',
  reason: 'kubectl or the API server refuses a larger object, and the kernel starts no program with a larger argument',
  patched: 'issue',
  anyKind: true,
  check: (objects) => [...objects.flatMap(objectSizes), ...podsOf(objects).flatMap(argumentSizes)],
};

function objectSizes(object: Manifest): Violation[] {
  const annotations = annotationSize(object.metadata.annotations);
  const data = [object.data, object.stringData, object.binaryData].reduce<number>(
    (sum, map) => sum + valueSize(map),
    0,
  );
  const holdsData = object.kind === 'ConfigMap' || object.kind === 'Secret';
  const hint = podTemplate(object) ? BY_REFERENCE : COPIED;
  return [
    ...tooLarge(object, 'annotations', annotations, ANNOTATIONS),
    ...tooLarge(object, 'data', holdsData ? data : 0, DATA),
    // `kubectl apply` stores the whole object in one more annotation, unless it is passed --server-side.
    ...tooLarge(object, 'the object with its annotations', annotations + appliedSize(object), ANNOTATIONS, hint),
  ];
}

function argumentSizes({ object, containers }: ReturnType<typeof podsOf>[number]): Violation[] {
  return containers.flatMap(({ name, command = [], args = [], env = [] }) => {
    const words = [...command, ...args, ...env.map((variable) => `${variable.name}=${variable.value ?? ''}`)];
    const longest = Math.max(0, ...words.map((word) => Buffer.byteLength(word) + 1));
    return tooLarge(object, `one argument or variable of container ${name}`, longest, ARGUMENT);
  });
}

const tooLarge = (object: Manifest, what: string, bytes: number, limit: number, instead = ''): Violation[] =>
  bytes > limit ? [{ object, message: `is too large: ${bytes} bytes of ${what} (at most ${limit}${instead})` }] : [];

const annotationSize = (annotations: Manifest['metadata']['annotations'] = {}) =>
  Object.entries(annotations).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);

const valueSize = (map: unknown) =>
  Object.values((map ?? {}) as object).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value)), 0);

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The size of that annotation, in which kubectl escapes characters of HTML, as \u003c. */
function appliedSize(object: Manifest): number {
  const text = JSON.stringify(object);
  const escaped = text.match(/[<>&]/g)?.length ?? 0;
  return LAST_APPLIED.length + Buffer.byteLength(text) + 5 * escaped;
}
