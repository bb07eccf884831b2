import type { Issue, LocatedIssue, Path, Position } from '../input/issue';
import { entryAt, type Located, positionOf, toPlain, withoutAll } from '../input/located-yaml';
import { onOneLine, readNote, type SealNote } from './ciphertext';
import { API_VERSION, KIND, type SealedSecretModel, sealedSecretModel } from './model';
import { SCOPE_ANNOTATIONS, type Scope } from './seal';

/** A text of a file with its position and key path. */
export interface LocatedText {
  /** The text itself. */
  readonly value: string;
  /** Where it is. */
  readonly at: Position;
  /** Its key path in the document. */
  readonly path: Path;
}

/** Texts by their key, as labels and annotations are. */
export type LocatedTexts = ReadonlyMap<string, LocatedText>;

/** A sealed value with its position. */
export interface SealedValue extends LocatedText {
  /** Which certificate it was sealed with, and for which Secret. @default - that is not noted */
  readonly note?: SealNote;
}

/** What the Secret gets besides the sealed values. */
export interface SealedTemplate {
  /** Where it is, or the SealedSecret if it has none. */
  readonly at: Position;
  /** The type of the Secret. @default Opaque */
  readonly type?: LocatedText;
  /** Whether Kubernetes refuses changes of the Secret. @default false */
  readonly immutable?: boolean;
  /** The labels of the Secret. */
  readonly labels: LocatedTexts;
  /** The annotations of the Secret. */
  readonly annotations: LocatedTexts;
  /** Texts that the controller fills in with opened values. */
  readonly data: LocatedTexts;
}

/** One SealedSecret of the file. */
export interface SealedSecret {
  /** Where it is. */
  readonly at: Position;
  /** Its namespace, and that of the Secret. */
  readonly namespace: string;
  /** Its name, and that of the Secret. */
  readonly name: string;
  /** What its values are bound to. */
  readonly scope: Scope;
  /** The labels of the SealedSecret itself. */
  readonly labels: LocatedTexts;
  /** The annotations of the SealedSecret itself. */
  readonly annotations: LocatedTexts;
  /** The sealed values by the keys of the Secret. */
  readonly encryptedData: ReadonlyMap<string, SealedValue>;
  /** What the Secret gets besides. */
  readonly template: SealedTemplate;
}

/** An object of the file: a document, or an item of a List. */
export interface ObjectInFile {
  readonly root: Located;
  /** The key path of the object in its document. */
  readonly path: Path;
}

/** What reading one object gave. */
export interface ObjectReading {
  /** Whether its kind is SealedSecret. Of another kind nothing else is said. */
  readonly isSealedSecret: boolean;
  /** Undefined when it is not known which Secret it is of, and then there is an issue. */
  readonly secret?: SealedSecret;
  readonly issues: readonly LocatedIssue[];
}

const WRONG_VERSION = `is not ${API_VERSION} (write apiVersion: ${API_VERSION})`;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Validates one object against the model. Where it has issues, the invalid values are left out of the SealedSecret. */
export function readSealedSecret(object: ObjectInFile): ObjectReading {
  const { root } = object;
  const issueAt = (path: Path, message: string): LocatedIssue => ({
    at: positionOf(root, path),
    path: [...object.path, ...path],
    message,
  });
  if (root.kind !== 'map') {
    return { isSealedSecret: false, issues: [issueAt([], 'is not a map of keys to values (write key: value)')] };
  }
  const { kind, apiVersion } = toPlain(root) as { readonly kind?: unknown; readonly apiVersion?: unknown };
  if (kind !== KIND) {
    return { isSealedSecret: false, issues: [issueAt(kind === undefined ? [] : ['kind'], kindIssue(kind))] };
  }
  const invalid = modelIssues(root);
  const valid = withoutAll(
    root,
    invalid.map(({ path }) => path),
  );
  const result = sealedSecretModel.safeParse(toPlain(valid));
  return {
    isSealedSecret: true,
    secret: result.success ? locate({ ...object, root: valid }, result.data) : undefined,
    issues: [
      ...(apiVersion === API_VERSION ? [] : [issueAt(['apiVersion'], WRONG_VERSION)]),
      ...invalid.map(({ path, message }) => issueAt(path, message)),
      ...(hasNoValues(root) ? [issueAt(['spec', 'encryptedData'], 'is missing (seal a value)')] : []),
    ],
  };
}

/** Everything by which an object does not follow the model. */
function modelIssues(root: Located): Issue[] {
  const { error } = sealedSecretModel.safeParse(toPlain(root));
  return (error?.issues ?? []).flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
    return paths.map((each) => ({ path: each, message: issue.message }));
  });
}

/** Whether nothing is sealed, not even in the old format, which has an issue of its own. */
function hasNoValues(root: Located): boolean {
  const isAbsent = (path: Path) => {
    const value = entryAt(root, path)?.value;
    return !value || (value.kind === 'scalar' && value.value === null);
  };
  const hasFields = isAbsent(['spec']) || entryAt(root, ['spec'])?.value.kind === 'map';
  return hasFields && isAbsent(['spec', 'encryptedData']) && !entryAt(root, ['spec', 'data']);
}

function kindIssue(kind: unknown): string {
  const only = 'only SealedSecret is allowed here';
  if (kind === undefined) return `has no kind (${only})`;
  if (kind === 'Secret') {
    return 'is a Secret in plain text (seal it with cdk8s-mlflow seal or kubeseal -o yaml, and change the value, because git may contain it)';
  }
  return typeof kind === 'string' && /^[A-Za-z]{1,63}$/.test(kind) ? `is ${kind} (${only})` : `is unknown (${only})`;
}

/** A SealedSecret with the positions of its texts. */
function locate({ root, path }: ObjectInFile, { metadata, spec }: SealedSecretModel): SealedSecret {
  const text = (value: string, ...steps: Path): LocatedText => ({
    value,
    at: positionOf(root, steps),
    path: [...path, ...steps],
  });
  const texts = (values: Readonly<Record<string, string>>, ...steps: Path): Map<string, LocatedText> =>
    new Map(Object.entries(values).map(([key, value]) => [key, text(value, ...steps, key)]));
  const sealed = ([key, given]: [string, string]): [string, SealedValue] => {
    const steps = ['spec', 'encryptedData', key];
    const comment = entryAt(root, steps)?.source.value?.comment?.text ?? '';
    return [key, { ...text(onOneLine(given), ...steps), note: readNote(comment) }];
  };
  const annotations = texts(metadata.annotations, 'metadata', 'annotations');
  annotations.delete(LAST_APPLIED);
  const { template } = spec;
  const templateAnnotations = texts(template.metadata.annotations, 'spec', 'template', 'metadata', 'annotations');
  templateAnnotations.delete(LAST_APPLIED);
  return {
    at: root.at,
    name: metadata.name,
    namespace: metadata.namespace,
    scope: scopeIn(annotations),
    labels: texts(metadata.labels, 'metadata', 'labels'),
    annotations,
    encryptedData: new Map(Object.entries(spec.encryptedData ?? {}).map(sealed)),
    template: {
      at: entryAt(root, ['spec', 'template'])?.at ?? root.at,
      labels: texts(template.metadata.labels, 'spec', 'template', 'metadata', 'labels'),
      annotations: templateAnnotations,
      data: texts(template.data, 'spec', 'template', 'data'),
      ...(template.type === undefined ? {} : { type: text(template.type, 'spec', 'template', 'type') }),
      ...(template.immutable ? { immutable: true } : {}),
    },
  };
}

/** As the controller reads it: the wider scope wins. */
function scopeIn(annotations: LocatedTexts): Scope {
  const has = (scope: keyof typeof SCOPE_ANNOTATIONS) => annotations.get(SCOPE_ANNOTATIONS[scope])?.value === 'true';
  if (has('cluster-wide')) return 'cluster-wide';
  return has('namespace-wide') ? 'namespace-wide' : 'strict';
}
